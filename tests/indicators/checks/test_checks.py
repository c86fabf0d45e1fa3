"""Each check with a record that breaks its rule and one, at the edge, that keeps it."""

import re
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Representation, SocialEnterpriseStatus
from indicators.checks.checking import LONGEST_FACTS, FindingKind, Offender, Severity
from indicators.checks.declarations import CHECKS
from indicators.checks.findings import accept, blocking, findings, keep_run
from indicators.checks.project_data import ProjectData
from indicators.closing.closing import close
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.models import AcceptedFinding, Report, Target
from owes.history import explained_by
from owes.periods import Period
from support.models import AcceptedWarning, Attendance, Declaration, Enrolment, Session
from support.models.session import WARSAW
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    EvidenceFactory,
    PartnershipFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    StaffMemberFactory,
    StaffTrainingFactory,
    UserFactory,
    jst,
    sputnik,
)
from tests.indicators.given import DAY, FIRST, LAST, attend, service_of, supported
from tests.parallel import at_once

pytestmark = pytest.mark.usefixtures("db")
NOW = datetime(2023, 6, 1, 12, tzinfo=WARSAW)
AFTER = datetime(2025, 1, 16, 12, tzinfo=WARSAW)
NIP, REGON, KRS = "5260250995", "012100784", "0000019193"


def offenders(code, now=NOW):
    """What the check finds, as it was made."""
    return list(CHECKS[code].find(ProjectData(sputnik(), now)))


def codes(code, now=NOW):
    return [offender.code for offender in offenders(code, now)]


def serviced(*days, entity=None, adviser="Ewa", hours=(9, 11), **fields):
    """An approved service with one who leads it and somebody present, for an entity."""
    entity = entity or EntityFactory()
    service = ServiceFactory(**({"state": "approved"} | fields))
    service.recipient_links.create(entity=entity)
    leads, _ = StaffMemberFactory._meta.model.objects.get_or_create(name=adviser)
    service.adviser_links.create(staff_member=leads)
    for day in days or [DAY]:
        session = Session(service=service)
        session.set_term(day, time(hours[0]), time(hours[1]))
        session.save()
    return service


def trained(state="approved", declared=False):
    person = PersonFactory()
    entity = EntityFactory()
    attend(service_of(DAY, entity=entity, type="szkolenie", state=state), entity, person)
    if declared:
        Declaration.objects.create(project=sputnik(), person=person, signed_on=DAY)
    return person.code


def present(*entities, person=None):
    person = person or PersonFactory()
    for entity in entities:
        attend(service_of(DAY, entity=entity), entity, person)
    return person


def joined(entity, day):
    Enrolment.objects.create(project=sputnik(), entity=entity, joined_on=day)
    return entity


def two_led(hours):
    entity = EntityFactory()
    first = serviced(code="A", entity=entity)
    serviced(hours=hours, code="B", entity=EntityFactory())
    return first


def of_two_projects(hours):
    """An entity's service from 9 to 11, and one at the hours in another project."""
    entity = EntityFactory()
    serviced(hours=hours, entity=entity, project=ProjectFactory())
    return serviced(entity=entity)


def founded(registered_on, served_on):
    """An entity that grew from a group the project knows."""
    group = supported(served_on, entity=EntityFactory(legal_form="initiative_group"))
    return EntityFactory(founding_group=group, registered_on=registered_on)


def with_status(day, **fields):
    entity = supported(DAY)
    given = {"basis": "owes", "decision_number": "1/2022", "valid_from": day} | fields
    SocialEnterpriseStatus.objects.create(entity=entity, **given)
    return entity.code


def closed(*periods):
    for number, (start, end) in enumerate(periods, start=1):
        Report.objects.create(
            project=sputnik(),
            kind="partial",
            number=str(number),
            starts_on=start,
            ends_on=end,
            state="closed",
            created_by=UserFactory(),
            closed_at=NOW,
        )


def reported(entity):
    """A report that counted the entity, closed."""
    report = Report.objects.create(
        project=sputnik(),
        kind="partial",
        starts_on=FIRST,
        ends_on=date(2023, 12, 31),
        created_by=UserFactory(),
    )
    close(report, UserFactory(), "próba")
    return entity


def changed_since(name):
    """The report prints the entity's name beside it and beside its representative."""
    person = PersonFactory()
    entity = reported(supported(DAY, person=person))
    entity.name = name or entity.name
    entity.save()
    return [entity.code, person.code]


def sent(kind, end):
    Report.objects.create(
        project=sputnik(),
        kind=kind,
        starts_on=FIRST,
        ends_on=end,
        state="sent",
        created_by=UserFactory(),
        closed_at=NOW,
    )


def of_project(**fields):
    sputnik_ii = sputnik()
    for name, value in fields.items():
        setattr(sputnik_ii, name, value)
    sputnik_ii.save()
    return sputnik_ii


def with_contract(**fields):
    return of_project(**({"contract_number": "1/2022"} | fields))


def target_of(value):
    Target.objects.filter(project=sputnik()).exclude(indicator="pes").delete()
    Target.objects.filter(indicator="pes").update(value=value)
    supported(DAY)
    return "pes"


def own(**fields):
    return joined(EntityFactory(**fields), DAY).code


def unpresent(**fields):
    return service_of(DAY, entity=EntityFactory(), **fields).code


def card(waits, **fields):
    service = serviced(NOW.date() - timedelta(days=waits), **fields)
    return service.code


def led(until):
    service = serviced(adviser="Ewa")
    service.advisers.update(active_from=date(2022, 1, 1), active_until=until)
    return service.code


def declared(day):
    person = PersonFactory()
    Declaration.objects.create(project=sputnik(), person=person, signed_on=day)
    return person.code


def represented(since):
    person, entity = PersonFactory(), EntityFactory()
    Representation.objects.create(person=person, entity=entity, since=since)
    service = service_of(DAY, entity=entity)
    attend(service, entity, person)
    return service.code


def lengthened(minutes):
    service = serviced()
    service.sessions.update(minutes=minutes, break_minutes=15)
    return service.code


def twice_present(hours):
    person = PersonFactory()
    entity = EntityFactory()
    first = serviced(code="A", entity=entity)
    second = serviced(code="B", entity=entity, hours=hours, adviser="Jan")
    for service in (first, second):
        attend(service, entity, person)
    return ["A", "B"]


def shared(**fields):
    first = own(nip=NIP, **fields)
    return first, own(nip=NIP, **fields)


def twins(first_name):
    """Two people of one family name, both with a declaration; the first by code."""
    people = [PersonFactory(first_name=name, last_name="Próbna") for name in ("Łucja", first_name)]
    for person in people:
        Declaration.objects.create(project=sputnik(), person=person, signed_on=DAY)
    return people[0].code


# What breaks a rule answers the code (or the list of codes) of the records to be found.
BREAKS = {
    "V01": lambda: serviced(FIRST - timedelta(days=1)).code,
    "V02": lambda: lengthened(106),
    "V03": lambda: [two_led((10, 12)).code, "B"],
    "V04": lambda: twice_present((10, 12)),
    "V05": lambda: serviced(hours=(8, 19)).code,
    "V06": lambda: serviced(date(2023, 3, 12)).code,
    "V07": lambda: serviced(entity=joined(EntityFactory(), DAY + timedelta(days=1))).code,
    "V08": lambda: serviced(entity=EntityFactory(struck_off_on=DAY - timedelta(days=1))).code,
    "V09": lambda: list(shared()),
    "V10": lambda: own(nip="1234567890"),
    "V11": lambda: [own(name="KGW Łąck", legal_form="kgw") for _ in range(2)][0],
    "V12": lambda: twins("Łucja"),
    "V14": lambda: present(EntityFactory(), EntityFactory()).code,
    "V15": lambda: represented(DAY + timedelta(days=1)),
    "V16": lambda: supported(DAY, entity=EntityFactory(seat=jst("1465"))).code,
    "V17": lambda: supported(DAY).code,
    "V18": lambda: with_status(DAY - timedelta(days=1), decision_number=""),
    "V19": lambda: founded(DAY, DAY).code,
    "V20": lambda: supported(LAST, entity=founded(DAY + timedelta(days=1), DAY)).code,
    "V21": lambda: PartnershipFactory().code,
    "V22": lambda: AdoptionFactory(description="Sklep").code,
    "V23": lambda: serviced(mode="", place="").code,
    "V24": lambda: card(15),
    "V25": lambda: trained(),
    "V32": lambda: [
        service.code
        for entity in [EntityFactory()]
        for service in (serviced(entity=entity), serviced(entity=entity, hours=(12, 13)))
    ],
    "V33": lambda: changed_since("Inna nazwa"),
    "V34": lambda: target_of(100),
    "V35": lambda: closed((FIRST, date(2022, 12, 31)), (date(2023, 1, 2), LAST)) or "2",
    "V37": lambda: ["2022", "2023", "2024"],
    "V38": lambda: "sputnik-ii",
    "V39": lambda: led(DAY - timedelta(days=1)),
    "V40": lambda: own(email="biuro@łąka.pl"),
    "V44": lambda: of_project(documents_kept_until=date(2023, 5, 31)).slug,
    "V45": lambda: unpresent(),
    "V46": lambda: attended_for_another().code,
    "V47": lambda: [
        serviced(topic="Tel. 600 700 800").code,
        serviced(place="jan@poczta.example").code,
        named_adoption("Sklep Anny Nowak").code,
        PartnershipFactory(document_number="80010112345").code,
        StaffTrainingFactory(organiser="Biuro, 24 262 00 00", topic="RODO").pk and "",
    ],
    "V48": lambda: [
        serviced(DAY, signed_on=NOW.date() + timedelta(days=1)).code,
        serviced(DAY, signed_on=DAY - timedelta(days=1)).code,
    ],
    "V49": lambda: declared(NOW.date() + timedelta(days=1)),
    "V50": lambda: [
        AdoptionFactory(day=NOW.date() + timedelta(days=1)).code,
        AdoptionFactory(day=DAY - timedelta(days=1), services=[serviced()]).code,
    ],
    "V51": lambda: of_two_projects((10, 12)).code,
}
KEEPS = {
    "V01": lambda: serviced(FIRST, LAST, state="draft"),
    "V02": lambda: lengthened(105),
    "V03": lambda: two_led((11, 12)),
    "V04": lambda: twice_present((11, 12)),
    "V05": lambda: serviced(hours=(8, 18)),
    "V06": lambda: serviced(hours=(6, 22)),
    "V07": lambda: serviced(entity=joined(EntityFactory(), DAY)),
    "V08": lambda: serviced(entity=EntityFactory(struck_off_on=DAY)),
    "V09": lambda: shared(shared_identifier_reason="Jedno biuro"),
    "V10": lambda: own(nip=NIP, regon=REGON, krs=KRS),
    "V11": lambda: [own(name=name, legal_form="kgw") for name in ("KGW Łąck", "KGW Gąbin")],
    "V12": lambda: twins("Jan"),
    "V14": lambda: present(EntityFactory(), EntityFactory(legal_form="not_pes")),
    "V15": lambda: represented(DAY),
    "V16": lambda: supported(DAY),
    "V17": lambda: joined(supported(DAY), DAY),
    "V18": lambda: with_status(DAY),
    "V19": lambda: founded(DAY, DAY - timedelta(days=1)),
    "V20": lambda: founded(DAY, DAY - timedelta(days=1)),
    "V21": lambda: PartnershipFactory(document_number="12/2023"),
    "V22": lambda: (
        AdoptionFactory(description="Sklep", services=[serviced()]),
        AdoptionFactory(description="Nowy statut", kind="potential"),
    ),
    "V23": lambda: serviced(mode="", place="Płock"),
    "V24": lambda: card(14),
    "V25": lambda: trained(declared=True),
    "V32": lambda: [
        serviced(entity=entity, adviser=name)
        for entity in [EntityFactory()]
        for name in ("Ewa", "Jan")
    ],
    "V33": lambda: changed_since(""),
    "V34": lambda: target_of(1),
    "V35": lambda: closed((FIRST, date(2022, 12, 31)), (date(2023, 1, 1), LAST)),
    "V37": lambda: [
        sent(kind, end)
        for kind, end in (
            ("partial", date(2022, 12, 31)),
            ("partial", date(2023, 12, 31)),
            ("final", LAST),
        )
    ],
    "V38": with_contract,
    "V39": lambda: led(DAY),
    "V40": lambda: own(email="biuro@laka.pl", phone="+48 600 100 200", postal_code="09-402"),
    "V44": lambda: of_project(documents_kept_until=date(2023, 6, 1)),
    "V45": lambda: unpresent(type="asysta"),
    "V46": lambda: supported(DAY),
    "V47": lambda: [
        serviced(topic="Anna Zielona i inni", place="ul. Nowa 12"),
        named_adoption("Sklep dla nowaka"),
        PartnershipFactory(document_number="12/2023/345"),
        StaffTrainingFactory(organiser="Biuro 24", certificate_number="NIP 5260250995"),
    ],
    "V48": lambda: [serviced(DAY, signed_on=day) for day in (DAY, NOW.date())],
    "V49": lambda: declared(NOW.date()),
    "V50": lambda: [
        AdoptionFactory(day=NOW.date()),
        AdoptionFactory(day=DAY, services=[serviced(), serviced(LAST)]),
    ],
    "V51": lambda: of_two_projects((11, 12)),
}
LOOKED_AT = {"V37": AFTER}


def attended_for_another():
    service = serviced()
    Attendance.objects.create(
        session=service.sessions.get(), person=PersonFactory(), entity=EntityFactory()
    )
    return service


def named_adoption(description):
    """An adoption that Anna Nowak's service led to."""
    service = serviced()
    anna = PersonFactory(first_name="Anna", last_name="Nowak")
    attend(service, service.recipients.get(), anna)
    return AdoptionFactory(description=description, services=[service])


def test_every_check_has_a_record_that_breaks_it_and_one_that_keeps_it():
    assert list(BREAKS) == list(KEEPS) == list(CHECKS)


@pytest.mark.parametrize("code", BREAKS)
def test_a_record_that_breaks_the_rule_is_found(code):
    expected = BREAKS[code]()
    expected = expected if isinstance(expected, list) else [expected]
    assert sorted(codes(code, LOOKED_AT.get(code, NOW))) == sorted(expected)


@pytest.mark.parametrize("code", KEEPS)
def test_a_record_that_keeps_the_rule_is_not_found(code):
    KEEPS[code]()
    assert codes(code, LOOKED_AT.get(code, NOW)) == []


def test_the_documentation_lists_each_check_and_each_that_is_not_there():
    text = Path(settings.BASE_DIR, "docs/checks.md").read_text(encoding="utf-8")
    there, not_there = text.split("## Czego nie ma")
    listed = re.findall(r"^\| (V[0-9]+) \| (\w+) \| (.+) \|$", there, re.MULTILINE)
    declared = [(check.code, check.severity.value, check.sentence) for check in CHECKS.values()]
    assert listed == declared
    reasons = dict(re.findall(r"^\| (V[0-9]+) \| (.+) \|$", not_there, re.MULTILINE))
    every = {f"V{number:02}" for number in range(1, 52)}
    assert reasons.keys() == every - CHECKS.keys()


# Other ways to break a rule


@pytest.mark.parametrize(
    ("code", "break_it"),
    [
        ("V01", lambda: serviced(LAST + timedelta(days=1))),
        ("V01", lambda: serviced(NOW.date() + timedelta(days=1), state="submitted")),
        ("V10", lambda: own()),
        ("V16", lambda: supported(DAY, entity=EntityFactory(seat=None))),
        ("V18", lambda: with_status(DAY + timedelta(days=1))),
        ("V18", lambda: with_status(DAY - timedelta(days=300), basis="voivode")),
        ("V22", lambda: AdoptionFactory(services=[serviced()])),
        ("V23", lambda: ServiceFactory(state="submitted", topic="")),
        ("V23", lambda: ServiceFactory(state="submitted")),
        ("V35", lambda: closed((date(2022, 4, 6), LAST))),
        ("V40", lambda: own(phone="brak")),
        ("V40", lambda: own(postal_code="9402")),
    ],
)
def test_the_rule_is_broken_in_another_way_too(code, break_it):
    break_it()
    assert len(codes(code)) == 1


@pytest.mark.parametrize(
    ("code", "keep_it"),
    [
        ("V01", lambda: serviced(FIRST - timedelta(days=1), state="cancelled")),
        ("V01", lambda: serviced(NOW.date() + timedelta(days=1), state="draft")),
        ("V10", lambda: own(legal_form="initiative_group")),
        ("V10", lambda: own(other_register="rejestr KGW, poz. 12")),
        ("V10", lambda: EntityFactory(nip="1234567890")),
        ("V14", lambda: present(EntityFactory())),
        ("V23", lambda: ServiceFactory(state="draft", topic="")),
        ("V24", lambda: card(15, signed_on=NOW.date())),
        ("V24", lambda: card(15, state="draft")),
        ("V25", lambda: trained(state="draft")),
        ("V45", lambda: unpresent(state="submitted")),
    ],
)
def test_the_rule_is_kept_in_another_way_too(code, keep_it):
    keep_it()
    assert codes(code) == []


def test_a_scan_of_the_card_is_a_signature_unless_it_was_refused():
    service = serviced()
    scan = EvidenceFactory(service=service)
    assert codes("V24") == []
    scan.state, scan.reason = "refused", "Nieczytelny"
    scan.save()
    assert codes("V24") == [service.code]


def test_a_remote_service_needs_no_card_where_the_project_says_so():
    service = serviced(mode="phone")
    assert codes("V24") == [service.code]
    of_project(remote_needs_no_signature=True)
    assert codes("V24") == []


def test_a_unit_shares_the_number_of_the_body_that_runs_it():
    parent = joined(EntityFactory(nip=NIP), DAY)
    for _ in range(2):
        joined(EntityFactory(nip=NIP, parent=parent, legal_form="wtz"), DAY)
    assert codes("V09") == []


@pytest.mark.parametrize(
    ("day", "found_codes", "words"),
    [
        (date(2023, 1, 15), [], None),
        (date(2023, 1, 16), ["2022"], "zostało 14\u00a0dni"),
        (date(2023, 1, 29), ["2022"], "został 1\u00a0dzień"),
        (date(2023, 1, 30), ["2022"], "dziś"),
        (date(2023, 1, 31), ["2022"], "po terminie 1\u00a0dzień"),
    ],
)
def test_a_report_is_due_thirty_days_after_its_year(day, found_codes, words):
    rows = offenders("V37", datetime.combine(day, time(12), tzinfo=WARSAW))
    assert [offender.code for offender in rows] == found_codes
    if words:
        assert rows[0].sentence == f"Za okres do 31.12.2022, termin 30.01.2023: {words}."


@pytest.mark.parametrize("field", ["contract_number", "legal_citation", "funding_sentence"])
def test_each_gap_of_the_project_is_one_finding(field):
    with_contract(**{field: ""})
    assert [offender.field for offender in offenders("V38")] == [field]


def test_a_strip_of_logotypes_is_a_file_or_names():
    with_contract(logotypes=" ")
    assert [offender.field for offender in offenders("V38")] == ["logotypes"]


# Accepting, and what blocks a report


def one_of(code):
    (finding,) = [finding for finding in findings(sputnik(), NOW) if finding.check.code == code]
    return finding


def test_an_accepted_finding_comes_back_when_its_facts_change(coordinator):
    partnership = AdoptionFactory(description="")
    accept(sputnik(), [one_of("V22")], "Dopisze się w protokole", coordinator)
    acceptance = one_of("V22").acceptance
    assert (acceptance.reason, acceptance.by, acceptance.sentence) == (
        "Dopisze się w protokole",
        coordinator,
        "Nie ma połączonej usługi ani opisu.",
    )
    partnership.description = "Sklep"
    partnership.save()
    assert one_of("V22").acceptance is None


def test_a_goal_behind_the_plan_stays_accepted_while_its_value_does(coordinator):
    target_of(100)
    accept(sputnik(), [one_of("V34")], "Nabór jesienią", coordinator)
    later = NOW + timedelta(days=30)
    (finding,) = [finding for finding in findings(sputnik(), later) if finding.check.code == "V34"]
    assert finding.acceptance.reason == "Nabór jesienią"
    supported(DAY)
    assert one_of("V34").acceptance is None


def test_an_acceptance_is_of_one_record(coordinator):
    AdoptionFactory()
    accept(sputnik(), [one_of("V22")], "Tak ma być", coordinator)
    AdoptionFactory()
    held = [
        finding.acceptance for finding in findings(sputnik(), NOW) if finding.check.code == "V22"
    ]
    assert [bool(acceptance) for acceptance in held] == [True, False]


def test_a_warning_about_a_service_is_accepted_where_the_service_shows_it(coordinator):
    service = serviced(date(2023, 3, 12))
    with explained_by("porządki"):
        accept(sputnik(), [one_of("V06")], "Zjazd", coordinator)
    assert AcceptedWarning.objects.get().service == service
    row = AcceptedWarning.history.get()
    assert (row.history_user, row.history_change_reason) == (coordinator, "porządki")
    assert not AcceptedFinding.objects.exists()
    assert one_of("V06").acceptance.reason == "Zjazd"


@pytest.mark.usefixtures("committed")
def test_two_people_who_accept_at_the_same_moment_accept_once(committed, tmp_path):
    people = [UserFactory(), UserFactory()]
    for _ in range(5):
        AdoptionFactory()
    wanted = [finding for finding in findings(sputnik(), NOW) if finding.check.code == "V22"]
    calls = [partial(accept, sputnik(), wanted, "Tak ma być", person) for person in people]
    assert at_once(calls, tmp_path) == [None, None]
    assert AcceptedFinding.objects.count() == AcceptedFinding.history.count() == 5


def test_long_facts_are_kept_as_their_checksum():
    long = Offender(FindingKind.SERVICE, 1, "U/1", "", "x" * (LONGEST_FACTS + 1), "")
    assert len(long.fingerprint) == 64
    assert long._replace(facts="x" * LONGEST_FACTS).fingerprint == "x" * LONGEST_FACTS


def test_only_what_blocks_and_is_not_accepted_stands_in_the_way_of_a_report(coordinator):
    project = with_contract()
    early, late = PartnershipFactory(), PartnershipFactory(day=date(2024, 2, 1))
    serviced(date(2023, 3, 12), state="draft")
    period = Period(date(2023, 1, 1), date(2023, 12, 31))
    assert [finding.offender.code for finding in blocking(project, period)] == [early.code]
    whole = Period(FIRST, LAST)
    codes = [finding.offender.code for finding in blocking(project, whole)]
    assert codes == [early.code, late.code]
    accept(project, blocking(project, period)[:1], "Porozumienie ustne", coordinator)
    assert blocking(project, period) == []


def test_what_has_no_day_blocks_every_report(project):
    assert [finding.check.code for finding in blocking(project, Period(FIRST, FIRST))] == ["V38"]


def test_errors_block_a_report_and_warnings_do_not():
    assert [severity.value for severity in Severity if severity.blocks_report] == ["B", "R"]


def test_a_day_keeps_its_last_look_and_its_digest_changes_with_any_finding(project):
    first = keep_run(project, findings(project, NOW), NOW)
    assert (first.counts, first.total) == ({"V38": 1, "V34": 7, "V37": 1}, 9)
    PartnershipFactory()
    second = keep_run(project, findings(project, NOW), NOW)
    assert (second.pk, second.counts["V21"]) == (first.pk, 1)
    assert second.digest != first.digest
    assert keep_run(project, findings(project, NOW), NOW).digest == second.digest


def test_queries_are_as_many_for_any_number_of_records():
    def asked():
        kept(Scope.of(sputnik()))
        with CaptureQueriesContext(connection) as queries:
            findings(sputnik(), NOW)
        return len(queries)

    def more(number):
        for _ in range(number):
            entity = EntityFactory(nip=NIP, email="x")
            attend(serviced(date(2023, 3, 12), entity=entity), entity, PersonFactory())
            PartnershipFactory()
            AdoptionFactory()
            trained()
            attended_for_another()

    reported(supported(DAY))
    more(1)
    few = asked()
    more(4)
    assert asked() == few
