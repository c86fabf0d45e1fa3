"""What a closed report said against the records of now: each difference named, with its author."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Entity, SocialEnterpriseStatus
from indicators.closing import closing
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.models import Report
from indicators.reports.comparison import Comparison
from support.models import Attendance, Service
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    PersonFactory,
    StaffTrainingFactory,
    sputnik,
)
from tests.indicators.given import DAY, FIRST, supported
from tests.indicators.reports.report_pages import draft_of

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def closed(coordinator):
    for day, code in ((FIRST, "P1"), (DAY, "P2")):
        supported(day, person=PersonFactory(code=f"O-{code}"), entity=EntityFactory(code=code))
    report = Report.objects.create(
        project=sputnik(),
        kind="partial",
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        created_by=coordinator,
    )
    return closing.close(report, coordinator, "próba")


def differences_of(report):
    """`[(indicator, code, what happened, words)]`."""
    return [
        (difference.line.code, difference.entry.code, difference.state[2], difference.words)
        for difference in Comparison.of(report).differences
    ]


def effects(report):
    return {line.now.code: line.change for line in Comparison.of(report).changed_lines}


def service_for(code):
    return Service.objects.get(recipients__code=code)


def test_without_a_change_there_is_no_difference(closed):
    assert differences_of(closed) == []
    assert effects(closed) == {}


def test_what_is_printed_otherwise_since_is_no_difference(closed, coordinator):
    StaffTrainingFactory(organiser="Biuro, tel. 600 700 800", starts_on=DAY)
    later = closing.close(draft_of(coordinator), coordinator, "próba")
    document = later.document
    [annex] = [annex for annex in document["annexes"] if annex["code"] == "staff"]
    assert annex["columns"][0]["title"] == "Kadra"
    annex["columns"][0]["title"] = "Pracownik"
    place = [column["title"] for column in annex["columns"]].index("Organizator")
    assert annex["entries"][0]["values"][place] == "treść zasłonięta (numer telefonu)"
    annex["entries"][0]["values"][place] = "Biuro, tel. 600 700 800"
    Report.objects.filter(pk=later.pk).update(document=document)
    assert differences_of(Report.objects.get(pk=later.pk)) == []


def test_a_cancelled_service_takes_its_records_out_with_who_and_why(closed, coordinator):
    service_for("P2").cancel(coordinator, "Nie odbyła się")
    assert differences_of(closed) == [
        ("pes", "P2", "ubył", []),
        ("representatives", "O-P2", "ubył", []),
    ]
    assert effects(closed) == {"pes": -1, "representatives": -1}
    author = Comparison.of(closed).differences[0].author
    assert (author.reason, author.at > closed.closed_at) == ("Nie odbyła się", True)


def test_a_later_record_inside_the_period_is_added(closed):
    supported(
        date(2023, 12, 31), person=PersonFactory(code="O-P3"), entity=EntityFactory(code="P3")
    )
    assert differences_of(closed) == [
        ("pes", "P3", "doszedł", []),
        ("representatives", "O-P3", "doszedł", []),
    ]


def test_a_line_whose_records_are_others_is_not_the_same(closed, coordinator):
    service_for("P2").cancel(coordinator, "Nie odbyła się")
    supported(DAY, person=PersonFactory(code="O-P3"), entity=EntityFactory(code="P3"))
    states = {line.now.code: line.state for line in Comparison.of(closed).lines}
    assert [states[code] for code in ("pes", "eco")] == [
        ("watch", "watch", "skład zmieniony"),
        ("ok", "check", "bez zmian"),
    ]


def test_a_line_with_another_number_is_changed(closed, coordinator):
    service_for("P2").cancel(coordinator, "Nie odbyła się")
    [pes] = [line for line in Comparison.of(closed).lines if line.now.code == "pes"]
    assert pes.state == ("watch", "watch", "zmieniony")


def test_a_record_after_the_period_is_no_difference(closed):
    supported(date(2024, 1, 1), person=PersonFactory(code="O-P3"), entity=EntityFactory(code="P3"))
    assert differences_of(closed) == []


def test_a_changed_name_is_told_and_changes_no_number(closed):
    entity = Entity.objects.get(code="P1")
    entity.name, entity._change_reason = "Fundacja Po Zmianie", "nowy statut"
    before = entity.history.first().name
    entity.save()
    differences = Comparison.of(closed).differences
    assert [difference.words for difference in differences] == [
        [f"Nazwa: {before} → Fundacja Po Zmianie"],
        [f"Reprezentowany podmiot: {before} → Fundacja Po Zmianie"],
    ]
    assert [difference.author.reason for difference in differences] == [
        "nowy statut",
        "nowy statut",
    ]
    assert effects(closed) == {}


def test_a_service_moved_to_another_day_changes_the_day_of_its_records(closed):
    session = service_for("P2").sessions.get()
    session.set_term(date(2023, 4, 1), session.start, session.end)
    session.save()
    assert differences_of(closed) == [
        ("pes", "P2", "zmieniony", ["Liczy się od: 09.03.2023 → 01.04.2023"]),
        ("representatives", "O-P2", "zmieniony", ["Liczy się od: 09.03.2023 → 01.04.2023"]),
    ]


def test_an_attendance_taken_out_takes_its_person_out(closed):
    Attendance.objects.get(person__code="O-P1").delete()
    assert ("representatives", "O-P1", "ubył", []) in differences_of(closed)


def test_differences_are_of_each_indicator(closed):
    entity = Entity.objects.get(code="P2")
    AdoptionFactory(
        entity=entity, kind="eco", day=date(2023, 6, 1), services=[service_for("P2")], code="W9"
    )
    assert differences_of(closed) == [("eco", "P2", "doszedł", [])]


def test_queries_do_not_grow_with_differences(closed, coordinator):
    def asked():
        kept(Scope.of(closed.project))
        with CaptureQueriesContext(connection) as queries:
            Comparison.of(Report.objects.select_related("project").get())
        return len(queries)

    supported(DAY, person=PersonFactory(), entity=EntityFactory(code="P3"))
    few = asked()
    for number in range(4, 14):
        supported(DAY, person=PersonFactory(), entity=EntityFactory(code=f"P{number}"))
    assert asked() == few


def test_a_record_that_moves_to_another_indicator_keeps_its_author(closed, coordinator):
    entity = Entity.objects.get(code="P2")
    status = SocialEnterpriseStatus(
        entity=entity, basis="voivode", valid_from=FIRST, decision_number="1"
    )
    status._change_reason = "decyzja doręczona później"
    status.save()
    differences = Comparison.of(closed).differences
    assert [
        (difference.line.code, difference.state[2], difference.author.reason)
        for difference in differences
    ] == [
        ("pes", "ubył", "decyzja doręczona później"),
        ("ps", "doszedł", "decyzja doręczona później"),
    ]


def causes(report):
    """Of each difference the records that changed: what they are called and what is otherwise."""
    return [
        (difference.line.code, [(change.name, change.words) for change in difference.changes])
        for difference in Comparison.of(report).differences
    ]


@pytest.fixture
def adopted(closed, coordinator):
    """A report that counted an adoption, W9 of P2, with the service that led to it."""
    adoption = AdoptionFactory(
        entity=Entity.objects.get(code="P2"),
        kind="eco",
        day=date(2023, 6, 1),
        services=[service_for("P2")],
        code="W9",
    )
    report = closing.close(draft_of(coordinator), coordinator, "próba")
    return report, adoption


def test_the_changed_record_and_its_field_are_named_and_not_what_nobody_touched(
    adopted, coordinator
):
    report, adoption = adopted
    adoption.kind_id, adoption._change_reason = "digital", "pomyłka"
    adoption._history_user = coordinator
    adoption.save()
    cause = [("wdrożenie W9", ["rodzaj: ekologiczne → cyfrowe"])]
    assert sorted(causes(report)) == [("digital", cause), ("eco", cause)]
    for difference in Comparison.of(report).differences:
        assert (difference.author.name, difference.author.reason) == (str(coordinator), "pomyłka")
        assert [change.url for change in difference.changes] == [adoption.get_absolute_url()]
        assert difference.url == Entity.objects.get(code="P2").get_absolute_url()


def test_a_deleted_record_is_named_without_a_page(adopted):
    report, adoption = adopted
    adoption.delete()
    [difference] = Comparison.of(report).differences
    assert [(change.name, change.url, change.words) for change in difference.changes] == [
        ("wdrożenie W9", "", ["usunięto", "usługa wdrożenia: usunięto"])
    ]


def test_a_service_has_one_name_whatever_the_report_called_it(closed, coordinator):
    service = service_for("P2")
    Service.objects.filter(pk=service.pk).update(code="N/2023/6", number="1/2023")
    report = closing.close(draft_of(coordinator), coordinator, "próba")
    session = service.sessions.get()
    session.set_term(date(2023, 4, 1), session.start, session.end)
    session.save()
    moved = ["termin: dzień: 09.03.2023 → 01.04.2023"]
    for _, changes in causes(report):
        [(name, words)] = changes
        assert (name, words[:1]) == ("usługa 1/2023", moved)


def test_neither_people_nor_free_texts_are_told(closed, coordinator):
    service = service_for("P2")
    service.outcome, service.mode = "Rozmowa z Anną Nowak", "online"
    service.save()
    person = Attendance.objects.get(person__code="O-P2").person
    person.last_name, person.sex = "Zmieniona", "M" if person.sex == "K" else "K"
    person.save()
    Attendance.objects.filter(person=person).first().delete()
    words = [word for _, changes in causes(closed) for _, texts in changes for word in texts]
    assert "ustalenia i efekt: zmieniono" in words
    assert "nazwisko: zmieniono" in words
    assert "obecność: usunięto" in words
    assert not any("Nowak" in word or "Zmieniona" in word for word in words)


def test_what_came_and_went_since_is_no_change(closed):
    service_for("P2").sessions.get().delete()
    extra = AdoptionFactory(
        entity=Entity.objects.get(code="P2"), day=date(2023, 6, 1), services=[], code="W8"
    )
    extra.delete()
    names = {name for _, changes in causes(closed) for name, _ in changes}
    assert names == {f"usługa {service_for('P2').printed_number}"}
