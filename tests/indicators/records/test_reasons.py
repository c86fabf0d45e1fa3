"""What a closed report said is changed only with a reason, whatever way the change comes.

Every way is tried twice: without a reason nothing is saved and the report is named; with one it
is saved, and the list of differences says of each record and number who changed it and why.
"""

from datetime import date
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from entities import merging
from entities.models import Entity, LegalForm, Merge, Person
from indicators.closing import closing
from indicators.models import Report, ReportChange
from indicators.reports.comparison import Comparison
from support.models import (
    Activity,
    Adoption,
    Import,
    PasteBatch,
    Service,
    ServiceType,
    StaffMember,
    StaffTraining,
)
from tests.factories import (
    ActivityFactory,
    AdoptionFactory,
    EntityFactory,
    PartnershipFactory,
    PersonFactory,
    StaffMemberFactory,
    StaffTrainingFactory,
    jst,
    sputnik,
)
from tests.indicators.given import DAY, FIRST, attend, service_of, supported
from tests.indicators.reports.sending import Browser, filled
from tests.support.workbook.test_import_list import ENTITY_ROWS, business

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("db")]

WHY = "Kontrola wykazała pomyłkę w dokumencie"
LABEL = "raport częściowy nr 1 (01.01.2023–31.12.2023)"


@pytest.fixture
def report(coordinator):
    """A closed report of 2023 that counted something of every kind."""
    activity = ActivityFactory(name="Doradztwo ogólne")
    served = EntityFactory(code="P1", name="Fundacja Pierwsza", registered_on=date(2010, 1, 1))
    supported(DAY, entity=served, person=PersonFactory(code="O1"), code="U/1", activity=activity)
    other = EntityFactory(code="P2", name="Fundacja Druga")
    supported(FIRST, entity=other, person=PersonFactory(code="O2", first_name="Jan"), code="U/2")
    AdoptionFactory(code="W1", entity=served, services=[Service.objects.get(code="U/1")])
    PartnershipFactory(code="J1")
    StaffTrainingFactory(staff_member=StaffMemberFactory(name="Ewa Piórkowska"), topic="RODO")
    return close(coordinator)


def close(coordinator):
    draft = Report.objects.create(
        project=sputnik(),
        kind="partial",
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        created_by=coordinator,
    )
    return closing.close(draft, coordinator, "próba")


def one(model, **keys):
    return model.objects.get(**keys)


# The ways: each prepares what it needs, and answers what is then sent: an address and its fields


def address(name, *keys):
    return reverse(name, args=keys)


def of_service(code, act, **data):
    return lambda: (address(f"support:service_{act}", "sputnik-ii", pk(Service, code)), data)


def pk(model, code):
    return model.objects.get(code=code).pk


def form_of(page, /, *keys, **typed):
    """The page of a form as it opens, with some fields typed over."""
    return lambda: (address(page, *(key() if callable(key) else key for key in keys)), typed)


def late_service():
    """One more of the period, not counted until it is approved."""
    service = service_of(DAY, entity=EntityFactory(code="P3"), code="U/3", state="submitted")
    attend(service, Entity.objects.get(code="P3"), PersonFactory(code="O3"))
    return service


def approve_late():
    return address("support:service_approve", "sputnik-ii", late_service().pk), {}


def approve_in_queue():
    return address("support:queue", "sputnik-ii"), {"service": late_service().pk, "act": "approve"}


def approve_redated(coordinator):
    """Reopened, moved to another day and handed in again: what is reported of it changes."""
    service = one(Service, code="U/1")
    service.reopen(coordinator, "data")
    session = service.sessions.get()
    session.set_term(date(2023, 4, 3), session.start, session.end)
    session.save()
    Service.objects.filter(pk=service.pk).update(state="submitted")
    return address("support:service_approve", "sputnik-ii", service.pk), {}


def merge_entities():
    return address("entities:entity_merge", pk(Entity, "P1")), {"other": "P2", "act": "merge"}


def merge_people():
    return address("entities:person_merge", pk(Person, "O1")), {
        "other": "O2",
        "act": "merge",
        "sure": "1",
    }


def new_adoption():
    typed = {"entity": "P2", "kind": "eco", "day": "01.06.2023", "services": "U/2"}
    return address("support:adoption_create", "sputnik-ii"), typed | {"description": "Panele"}


def new_partnership():
    typed = {"local_government": "1419", "kind": "agreement", "day": "01.06.2023"}
    return address("support:partnership_create", "sputnik-ii"), typed


def new_training():
    member = StaffMemberFactory(name="Jan Nowak")
    typed = {"staff_member": member.pk, "topic": "Dostępność", "starts_on": "01.06.2023"}
    return address("support:staff_training_create", "sputnik-ii"), typed


def smaller_area():
    area = [str(powiat.code) for powiat in sputnik().area.exclude(code="1419")]
    return address("support:project_scope_edit", "sputnik-ii"), {"area": area}


def no_more_support():
    kind = ServiceType.objects.get(name="doradztwo ogólne")
    typed = {"counts_as_support": None}
    return address("support:service_type_edit", "sputnik-ii", kind.pk), typed


def new_target():
    typed = {"indicator": "pes", "value": "40", "valid_from": "01.06.2023"}
    return address("indicators:target_create", "sputnik-ii"), typed


def status_of(code, **status):
    typed = {"statuses-TOTAL_FORMS": "1"} | {f"statuses-0-{k}": v for k, v in status.items()}
    return address("entities:entity_edit", pk(Entity, code)), typed


def new_status():
    return status_of("P1", basis="owes", valid_from="01.01.2023", decision_number="1/2023")


edit = partial(form_of, "entities:entity_edit", lambda: pk(Entity, "P1"))
WAYS = {
    "reopening a service": of_service("U/1", "reopen", reason="data"),
    "cancelling a service": of_service("U/1", "cancel", reason="nie odbyła się"),
    "approving a service of the period": approve_late,
    "approving in the queue": approve_in_queue,
    "approving a service moved to another day": approve_redated,
    "legal form of an entity": edit(legal_form=LegalForm.NOT_PES),
    "seat of an entity": edit(seat="1465"),
    "name of an entity": edit(name="Fundacja Inna"),
    "registration of an entity": edit(registered_on="01.01.2024"),
    "striking off of an entity": edit(struck_off_on="01.02.2023"),
    "a PS status added": new_status,
    "sex of a person": form_of("entities:person_edit", lambda: pk(Person, "O1"), sex="M"),
    "merging entities": merge_entities,
    "merging people": merge_people,
    "adoption edited": form_of(
        "support:adoption_edit", "sputnik-ii", lambda: pk(Adoption, "W1"), day="09.05.2024"
    ),
    "adoption added": new_adoption,
    "partnership edited": form_of(
        "support:partnership_edit",
        "sputnik-ii",
        lambda: sputnik().partnerships.get().pk,
        day="09.05.2024",
    ),
    "partnership added": new_partnership,
    "staff training edited": form_of(
        "support:staff_training_edit",
        "sputnik-ii",
        lambda: StaffTraining.objects.get().pk,
        starts_on="09.05.2024",
    ),
    "staff training added": new_training,
    "staff member renamed": form_of(
        "support:staff_member_edit",
        "sputnik-ii",
        lambda: StaffMember.objects.get().pk,
        name="Ewa Piórkowska-Nowa",
    ),
    "area of the project": smaller_area,
    "days of the project": form_of(
        "support:project_scope_edit", "sputnik-ii", starts_on="01.06.2023"
    ),
    "kind of services no more support": no_more_support,
    "activity renamed": form_of(
        "support:activity_edit",
        "sputnik-ii",
        lambda: Activity.objects.get().pk,
        name="Doradztwo inne",
    ),
    "target": new_target,
}


@pytest.fixture
def browser(client, coordinator):
    client.force_login(coordinator)
    return Browser(client)


def differences_of(report):
    comparison = Comparison.of(Report.objects.select_related("project").get(pk=report.pk))
    return [*comparison.differences, *comparison.numbers]


def check_it_asks(report, browser, coordinator, sent):
    before, known = business(), differences_of(report)
    page = browser.send(*sent)
    assert page.status_code == 200, "saved without a reason"
    assertContains(page, LABEL)
    assertContains(page, "Powód zmiany")
    assert business() == before
    assert browser.explain(page, WHY).status_code == 302
    differences = differences_of(report)
    assert differences not in ([], known)
    authors = {(difference.author.name, difference.author.reason) for difference in differences}
    assert authors == {(coordinator.name, WHY)}


@pytest.mark.parametrize("way", WAYS)
def test_a_change_of_what_was_reported_asks_why(way, report, browser, coordinator):
    given = WAYS[way]
    sent = given(coordinator) if given is approve_redated else given()
    check_it_asks(report, browser, coordinator, sent)


def test_parting_what_was_merged_before_the_closing_asks_why(browser, coordinator):
    supported(DAY, entity=EntityFactory(code="P1"), person=PersonFactory(code="O1"))
    supported(DAY, entity=EntityFactory(code="P2"), person=PersonFactory(code="O2"))
    keeper, other = Entity.objects.order_by("code")
    merge = merging.merge(keeper, other, by=coordinator)
    report = close(coordinator)
    check_it_asks(report, browser, coordinator, (address("entities:merge_undo", merge.pk), {}))
    assert Merge.objects.get().undone_at is not None


NOTHING_REPORTED = {
    "the day a card was signed": of_service("U/1", "sign", signed_on="10.03.2023"),
    "a telephone of an entity": edit(phone="24 000 00 00"),
    "a draft of a service": form_of(
        "support:service_edit", "sputnik-ii", lambda: draft().pk, topic="Inny", act="draft"
    ),
    "a target of later": lambda: (
        address("indicators:target_create", "sputnik-ii"),
        {"indicator": "pes", "value": "40", "valid_from": "01.01.2024"},
    ),
    "a paste taken back": lambda: undone_paste(),
}


def draft():
    return Service.objects.filter(code="U/9").first() or service_of(
        DAY, entity=one(Entity, code="P1"), code="U/9", state="draft"
    )


def undone_paste():
    batch = PasteBatch.objects.create(
        service=draft(),
        by=sputnik().reports.get().created_by,
        made={"people": [], "representations": [], "recipients": [], "attendances": []},
    )
    return address("support:service_paste_undo", "sputnik-ii", batch.service_id, batch.pk), {}


@pytest.mark.parametrize("way", NOTHING_REPORTED)
def test_a_change_of_nothing_reported_asks_nothing(way, report, browser):
    assert browser.send(*NOTHING_REPORTED[way]()).status_code == 302
    assert differences_of(report) == []
    assert not ReportChange.objects.exists()


def test_the_page_names_the_numbers_before_and_after(report, browser):
    page = browser.send(*WAYS["cancelling a service"]())
    [touch] = page.context["change_reason"].touched
    assert [str(change) for change in touch.changes][:3] == [
        "PES: 2 → 1",
        "przedstawiciele: 2 → 1",
        "cyfrowe: 1 → 0",
    ]
    assert touch.told == [
        "PES: wypada Fundacja Pierwsza (P1)",
        "przedstawiciele: wypada O1",
        "cyfrowe: wypada Fundacja Pierwsza (P1)",
    ]
    assertContains(page, "nie odbyła się")
    text = page.content.decode()
    assert text.index("PES: wypada Fundacja Pierwsza (P1)") < text.index("Raport policzony dziś:")


def test_the_reason_stands_in_the_history_of_the_record(report, browser):
    page = browser.send(*WAYS["seat of an entity"]())
    browser.explain(page, WHY)
    assert one(Entity, code="P1").history.first().history_change_reason == WHY


def test_a_reason_given_once_is_not_kept_for_the_next_change(report, browser):
    browser.explain(browser.send(*WAYS["seat of an entity"]()), WHY)
    assert browser.send(*NOTHING_REPORTED["a telephone of an entity"]()).status_code == 302
    assert one(Entity, code="P1").history.first().history_change_reason is None


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [(" \n ", "Podaj powód."), ("a" * 501, "Powód może mieć najwyżej 500 znaków.")],
)
@pytest.mark.parametrize("way", ["seat of an entity", "cancelling a service"])
def test_a_reason_that_is_none_saves_nothing(report, browser, way, typed, refusal):
    before = business()
    page = browser.explain(browser.send(*WAYS[way]()), typed)
    assertContains(page, refusal)
    assert business() == before


def test_two_clicks_with_one_reason_make_one_record(report, browser):
    page = browser.send(*new_adoption())
    fields = filled(page) | {"editing-reason": WHY}
    url = page.request["PATH_INFO"]
    for _ in range(2):
        assert browser.client.post(url, fields).status_code == 302
    assert Adoption.objects.filter(kind="eco").count() == 1
    assert ReportChange.objects.count() == 1


def test_nothing_said_as_done_stays_when_it_was_undone(report, browser):
    page = browser.send(*WAYS["seat of an entity"]())
    assertNotContains(page, "Zapisano podmiot")
    assertNotContains(browser.client.get("/entities/"), "Zapisano podmiot")


# Long work and commands


def imported(client, callbacks, content):
    file = SimpleUploadedFile("podmioty.csv", content.encode())
    with callbacks(execute=True):
        client.post(
            address("support:import_list", "sputnik-ii"), {"register": "entities", "file": file}
        )
    return Import.objects.latest("pk")


def act(client, callbacks, row, name, **data):
    with callbacks(execute=True):
        sent = {"shown": row.effect_fingerprint} | data
        client.post(address(f"support:import_{name}", "sputnik-ii", row.pk), sent)
    row.refresh_from_db()
    return client.get(address("support:import_detail", "sputnik-ii", row.pk))


def test_an_import_and_taking_it_back_ask_why(
    report, client, coordinator, django_capture_on_commit_callbacks
):
    client.force_login(coordinator)
    callbacks = django_capture_on_commit_callbacks
    content = "\r\n".join([ENTITY_ROWS[0], "P1;Fundacja z Pliku;stowarzyszenie" + ";" * 15])
    row = imported(client, callbacks, content)
    page = act(client, callbacks, row, "save")
    assert (row.state, one(Entity, code="P1").name) == ("checked", "Fundacja Pierwsza")
    assertContains(page, LABEL)
    act(client, callbacks, row, "save", why="nazwa z KRS")
    assert row.state == "saved"
    assert {difference.author.reason for difference in differences_of(report)} == {"nazwa z KRS"}
    # A report closed since says what the import wrote, so taking it back changes that.
    closing.close(closing.correction_of(report, coordinator), coordinator, "próba")
    page = act(client, callbacks, row, "undo")
    assert (row.state, one(Entity, code="P1").name) == ("saved", "Fundacja z Pliku")
    assertContains(page, "korekta nr 1 raportu częściowego nr 1")
    assertContains(page, "Powód zmiany")
    act(client, callbacks, row, "undo", **{"editing-reason": ""})
    assert row.state == "saved"
    act(client, callbacks, row, "undo", **{"editing-reason": WHY})
    assert (row.state, one(Entity, code="P1").name) == ("undone", "Fundacja Pierwsza")
    assert ReportChange.objects.latest("pk").reason == WHY


def test_a_newer_file_of_codes_asks_why(report, tmp_path):
    gmina = one(Entity, code="P1").seat
    powiat, number = gmina.code[2:4], gmina.code[4:]
    path = tmp_path / "terc.csv"
    path.write_text(
        "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\n"
        "14;;;;MAZOWIECKIE;województwo;2026-01-01\n"
        f"14;{powiat};;;płocki;powiat;2026-01-01\n"
        f"14;{powiat};{number};{gmina.kind};Nowa Nazwa;gmina wiejska;2026-01-01\n",
        encoding="utf-8",
    )
    with pytest.raises(
        CommandError, match="Zmieni to, co podaje raport częściowy nr 1"
    ) as refusal:
        call_command("load_terc", str(path))
    assert refusal.value.returncode == 2
    assert jst(gmina.code).name == gmina.name
    call_command("load_terc", str(path), reason=WHY)
    assert jst(gmina.code).name == "Nowa Nazwa"
    assert ReportChange.objects.get().reason == WHY
