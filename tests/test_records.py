"""No page fails on a record that is allowed to exist, however poor or full it is.

Whoever a page shows stands in the log of looks.
"""

import inspect
from collections import Counter

import pytest
from django.urls import reverse

from entities.models import Entity, LocalGovernment, Person
from indicators.models import ControlledRecord, Package, Report, Target, TrialControl
from owes.models import Anonymisation, Job, User
from support.models import (
    Activity,
    Adoption,
    AdoptionKind,
    CalendarFeed,
    Certificate,
    Evidence,
    EvidenceRequirement,
    Import,
    Membership,
    MonthlySheet,
    Partnership,
    Project,
    Scan,
    Service,
    ServiceType,
    StaffMember,
    StaffTraining,
    Subject,
    Theme,
)
from support.records.history_views import KINDS
from support.workbook.importing import ALONE
from tests.factories import MembershipFactory, UserFactory
from tests.indicators.rules import CODES
from tests.looks import SHOWING, SeenPeople, drawn, marked
from tests.records import kinds, new_slug, records_of
from tests.test_house import OURS, allowed_methods, patterns, unwrapped

__all__ = ["drawn"]
pytestmark = [pytest.mark.once, pytest.mark.long]
# The record that `pk` names, by the longest noun a page begins with.
RECORD_OF = {
    "entity": Entity,
    "enrolment": Entity,
    "person": Person,
    "anonymisation": Anonymisation,
    "declaration": Person,
    "application": Entity,
    "service": Service,
    "visit": Service,
    "attendance": Service,
    "meeting_report": Service,
    "certificate": Certificate,
    "import": Import,
    "partnership": Partnership,
    "adoption": Adoption,
    "staff_member": StaffMember,
    "staff_training": StaffTraining,
    "evidence": Evidence,
    "evidence_requirement": EvidenceRequirement,
    "scan": Scan,
    "paper": Job,
    "list_file": Job,
    "service_type": ServiceType,
    "theme": Theme,
    "adoption_kind": AdoptionKind,
    "activity": Activity,
    "membership": Membership,
    "account": Membership,
    "milestone": Target,
    "control": TrialControl,
    "control_record": ControlledRecord,
    "report": Report,
    "report_job": Job,
    "report_file": Job,
    "package": Package,
}


def _monthly_sheets(records):
    sheets = records.made[MonthlySheet]
    return [{"staff_member": row.staff_member_id, "month": row.days} for row in sheets]


def _collective_cards(records):
    month = records.made[MonthlySheet][0].days
    member = records.one(StaffMember).pk
    return [
        {"entity": row.pk, "staff_member": member, "month": month} for row in records.made[Entity]
    ]


# What other arguments of an address may be, by the page.
ARGUMENTS = {
    "entities:local_government_detail": lambda records: [
        {"code": row.code} for row in LocalGovernment.objects.filter(code__in=GOVERNMENTS)
    ],
    "indicators:indicator_detail": lambda records: [{"code": code} for code in CODES],
    "indicators:indicator_rules": lambda records: [{"code": "wlasny"}, {"code": "pes"}],
    "indicators:indicator_edit": lambda records: [{"code": "wlasny"}, {"code": "pes"}],
    "indicators:rule_create": lambda records: [{"code": "wlasny"}, {"code": "pes"}],
    "support:calendar_feed": lambda records: [
        {"token": feed.token} for feed in records.made[CalendarFeed]
    ],
    "support:certificate_create": lambda records: [
        {"service": row.pk} for row in records.made[Service]
    ],
    "entities:person_data_file": lambda records: [
        {"pk": row.pk, "kind": kind} for row in records.made[Person] for kind in ("json", "pdf")
    ],
    "owes:anonymisation_create": lambda records: [
        {"model": model._meta.label_lower, "pk": row.pk}
        for model in (Person, StaffMember, User)
        for row in records.made[model]
    ],
    "support:import_template": lambda records: [
        {"register": sheet.stem, "kind": kind} for sheet in ALONE for kind in ("xlsx", "csv")
    ],
    "support:record_evidence": lambda records: [
        {"subject": subject.value, "pk": row.pk}
        for subject in Subject
        for row in records.made[subject.model]
    ],
    "support:record_history": lambda records: [
        {"kind": kind, "pk": row.pk} for kind in KINDS for row in records.made[KINDS[kind].model]
    ],
    "support:collective_card": _collective_cards,
    "support:monthly_sheet_detail": _monthly_sheets,
    "support:monthly_sheet_print": _monthly_sheets,
    "support:monthly_sheet_export": _monthly_sheets,
}
# Pages of a project that has no records yet.
OF_NEW_PROJECTS = ("support:setup_", "indicators:setup_", "indicators:project_start")
GOVERNMENTS = ["14", "1419", "1462", "141908", "141999", "98"]
# What is asked after the address, by the page.
QUERIES = {
    "support:service_create": lambda records: [{"copy": row.pk} for row in records.made[Service]],
    "support:collective_card": lambda records: [{"blank": "1"}],
    "support:meeting_paper_list": lambda records: [{"start": "01.03.2023", "end": "31.03.2023"}],
    "entities:entity_merge": lambda records: [{"other": records.made[Entity][-1].code}],
    "entities:person_merge": lambda records: [{"other": records.made[Person][-1].code}],
    "indicators:dashboard": lambda records: [{"on": "2023-06-30"}],
    **dict.fromkeys(
        ["entities:entity_history", "entities:person_history", "support:record_history"],
        lambda records: [{"format": "xlsx"}, {"field": "telefon", "since": "1.1.2023"}],
    ),
    "entities:look_list": lambda records: [
        {"account": records.one(User).pk, "since": "05.04.2022", "until": "31.12.2099"}
    ],
    "owes:read_back": lambda records: [{"kind": "day", "value": "5.4.2022"}],
    "owes:search": lambda records: [{"q": records.one(Entity).name[:40]}],
    "support:calendar": lambda records: [{"month": "2023-03"}],
}
# Files that a poor record does not have.
WITHOUT_A_FILE = {
    "support:project_logotypes",
    "indicators:report_document",
    "indicators:package_file",
}


OF_THE_PROGRAM = {"owes:healthz", "owes:readyz", "owes:metrics", "owes:security_txt"}


def pages():
    """`{name: (view, [the arguments of each of its addresses])}` of all that may be opened."""
    ours, found = dict(OURS), {}
    for name, _, converters in patterns():
        if name in OF_THE_PROGRAM or name not in ours:
            continue
        if "GET" in allowed_methods(ours[name]):
            found.setdefault(name, (ours[name], []))[1].append(set(converters))
    return found


def rows_of(name, records):
    noun = max((one for one in RECORD_OF if name.startswith(one)), key=len, default=None)
    assert noun, f"Of which record is {name}? Say it in RECORD_OF."
    model = RECORD_OF[noun]
    rows = records.made[model]
    if model is Job:
        kind = {"paper": "papers", "list_file": "list_file"}.get(noun, "indicator_report")
        rows = [row for row in rows if row.kind == kind]
    return rows


def keys_of(name, wanted, records):
    """The arguments of each address of the page that shows a record of these."""
    slug = new_slug(records.slug) if name.startswith(OF_NEW_PROJECTS) else records.slug
    fixed = {"slug": slug} if "slug" in wanted else {}
    rest = wanted - {"slug"}
    if not rest:
        return [fixed]
    if name in ARGUMENTS:
        return [fixed | found for found in ARGUMENTS[name](records)]
    assert rest == {"pk"}, f"What is {rest} of {name}? Say it in ARGUMENTS."
    return [fixed | {"pk": row.pk} for row in rows_of(name.partition(":")[2], records)]


def addresses(records):
    """`(page, address, what is asked)` of all that shows a record; lists as files too.

    A list of all projects together is asked for once, when every record is there.
    """
    for name, (view, shapes) in pages().items():
        queries = QUERIES.get(name, lambda records: [])(records)
        if "export(request" in inspect.getsource(unwrapped(view)):
            queries = [*queries, {"format": "xlsx"}]
        for wanted in filter(None, shapes) if not records.is_full else shapes:
            for keys in keys_of(name, wanted, records):
                url = reverse(name, kwargs=keys)
                yield name, url, {}
                for query in queries:
                    yield name, url, query


@pytest.fixture
def users(administrator):
    """Those of the two worlds alone: a page of a register counts every project of its reader."""
    members = {role: UserFactory() for role in ("staff", "coordinator", "auditor")}
    return members | {"administrator": administrator}


@pytest.fixture
def worlds(users, undrawn):
    """The poorest records, the fullest, and a project with nothing at all."""
    found = {
        slug: records_of(slug, users["coordinator"], is_full=slug == "pelny")
        for slug in ("ubogi", "pelny")
    }
    for records in found.values():
        for role in ("staff", "auditor"):
            MembershipFactory(user=users[role], project=records.one(Project), role=role)
    return found


def test_every_kind_of_record_has_a_poorest_and_a_fullest(worlds):
    for records in worlds.values():
        made = {model._meta.label for model, rows in records.made.items() if rows}
        assert kinds() - made == set()


def opened_by(client, shown, allowed, role, is_full):
    """`(page, address, what is asked, answer, what it holds)` of all that the role may open."""
    for name, url, query in shown:
        # What a role is refused of every full record, it is not asked of the poor ones.
        if not is_full and (name, role) not in allowed:
            continue
        answer = client.get(url, query)
        content = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code in (200, 302):
            allowed.add((name, role))
        yield name, url, query, answer, content


def test_no_page_fails_on_the_poorest_or_the_fullest_record_and_whom_it_shows_is_looked_at(
    client, users, worlds, drawn, capsys, pytestconfig
):
    client.raise_request_exception = False
    wrong, count = {}, Counter()
    walked, opened, allowed = set(), set(), set()
    marked(Person.objects.all())
    looks = {}
    for slug, records in reversed(worlds.items()):
        shown = list(addresses(records))
        walked |= {(name, slug) for name, _, _ in shown}
        count["adresy"] += len(shown)
        for role, user in users.items():
            client.force_login(user)
            own = looks[slug, role] = SeenPeople(drawn)
            for name, url, query, answer, content in opened_by(
                client, shown, allowed, role, records.is_full
            ):
                count["odpowiedzi"] += 1
                if answer.status_code == 200:
                    opened.add((name, slug))
                    own.ask(name, query, content)
                elif answer.status_code not in (302, 403, 404):
                    wrong[f"{role} {url} {query}"] = str(answer.exc_info and answer.exc_info[1])
    names = pages()
    told = f"{len(names)} stron x {len(users)} role x {count['adresy']} adresów zapisów"
    with capsys.disabled():
        pytestconfig.get_terminal_writer().line(f"\n{told}: {count['odpowiedzi']} odpowiedzi")
    assert wrong == {}
    # The home page, and the form of a visit for a service that is more than one, lead on.
    leads_on = {("indicators:home", "pelny"), ("support:visit_edit", "pelny")}
    assert walked - opened == leads_on | {(name, "ubogi") for name in WITHOUT_A_FILE}
    assert {name for name, _ in walked} == names.keys()
    assert {reader: own.unseen for reader, own in looks.items() if own.unseen} == {}
    for role, known in SHOWING.items():
        assert looks["pelny", role].showing >= known
