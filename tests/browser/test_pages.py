"""Every page that a role may open: laid out at every width, accessible, quiet.

What is wrong with a layout is told by measures.js; the planted faults show that it sees.
"""

import re
import sys
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from entities.models import LocalGovernment, Person
from indicators.models import Report
from owes.lists.opening import LIST_FILE
from owes.models import Job, User
from owes.periods import Period
from support.models import Project, Service, StaffMember
from support.services.visits import is_visit
from tests.browser.conftest import ROLES
from tests.browser.layout import WIDTHS, faults, faults_on_paper, violations
from tests.factories import MembershipFactory, UserFactory
from tests.records import records_of
from tests.test_records import OF_NEW_PROJECTS, RECORD_OF, keys_of, pages

pytestmark = [pytest.mark.browser, pytest.mark.long]
# What is no page of its own: files, parts of pages, an answer for machines.
NOT_PAGES = {
    "evidence_file",
    "person_data_file",
    "scan_file",
    "paper_file",
    "list_file_download",
    "adoption_paper",
    "agreement_paper",
    "application_paper",
    "certificate_paper",
    "declaration_paper",
    "meeting_paper",
    "partnership_paper",
    "monthly_sheet_print",
    "monthly_sheet_export",
    "service_card",
    "attendance_list",
    "collective_card",
    "empty_card",
    "empty_list",
    "report_file",
    "report_document",
    "report_official",
    "control_protocol",
    "control_export",
    "package_file",
    "project_logotypes",
    "centre_logo",
    "healthz",
    "readyz",
    "security_txt",
    "read_back",
    "check_progress",
    "service_session",
    "import_mistakes",
    "import_template",
    "calendar_feed",
    "service_entities",
    "service_people",
    "record_entities",
    "record_local_governments",
    "record_services",
}
MARCH = Period.of_month(date(2024, 3, 1))
ACCOUNT = ["account_change_password", "mfa_index", "account_logout"]
# The same page where it is another: a day of the past, a week, what was found or refused.
ASKED = [
    ("indicators:dashboard", "?on=2023-06-30"),
    ("indicators:indicator_detail", "?on=2023-06-30"),
    ("indicators:what_if", "?pes=x"),
    ("support:calendar", "?view=week"),
    ("support:meeting_paper_list", "?start=01.03.2024&end=31.03.2024"),
    ("entities:entity_merge", "?other=P002"),
    ("owes:search", "?q=gmina"),
]
# What the two who see most do not open; the home page leads to another.
REFUSED = {
    "coordinator": {
        *("indicators:home", "indicators:start"),
        *("owes:centre_settings", "owes:backup_list", "owes:program_state"),
        "support:account_edit",
        "entities:look_list",
    }
}


def arguments(name, wanted):
    """Values of a page's address from the demonstration's rows; None when there is no such row."""
    found = {"slug": "sputnik-ii", "subject": "service", "month": MARCH, "kind": "service"}
    found["model"] = "entities.person"
    if "code" in wanted:
        found["code"] = (
            "pes"
            if name.startswith(("indicator", "rule"))
            else LocalGovernment.objects.get(code="1419").code
        )
    if "pk" in wanted:
        record_of = RECORD_OF | {"record_evidence": Service, "record_history": Service}
        record_of["anonymisation_create"] = Person
        nouns = [noun for noun in record_of if name.startswith(noun)]
        rows = record_of[max(nouns, key=len)].objects.order_by("pk")
        if name in ("service_edit", "service_paste", "attendance_create", "meeting_report_create"):
            rows = rows.filter(state__in=Service.EDITABLE, sessions__isnull=False)
        if name == "visit_edit":
            rows = filter(is_visit, rows.filter(state__in=Service.EDITABLE))
        if name == "control_record_edit":
            rows = rows.filter(control__finished_at=None)
        if name in ("report_text_edit", "report_cost_edit"):
            rows = rows.filter(state=Report.State.DRAFT)
        row = next(iter(rows), None)
        if row is None:
            return None
        found["pk"] = row.pk
    if "service" in wanted:
        found["service"] = Service.objects.get(code="U/0155/2024").pk
    if "staff_member" in wanted:
        found["staff_member"] = StaffMember.objects.order_by("pk").first().pk
    return {key: found[key] for key in wanted}


def of_new_project():
    """The argument of the pages of a project without records; None when there is no such."""
    new = next((one for one in Project.objects.all() if one.is_being_set_up), None)
    return new and {"slug": new.slug}


def is_page(name):
    short = name.partition(":")[2]
    return short not in NOT_PAGES and not short.endswith("_options")


def full_records():
    """A project with the fullest record of each kind; the accounts of the demo are its members."""
    records = records_of("pelny", UserFactory(), is_full=True)
    for role in ("staff", "coordinator", "auditor"):
        user = User.objects.get(email=ROLES[role])
        for project in (records.one(Project), records.new):
            MembershipFactory(user=user, project=project, role=role)
    # The file of a list is for the one who ordered it.
    coordinator = User.objects.get(email=ROLES["coordinator"])
    Job.objects.filter(kind=LIST_FILE).update(owner=coordinator)
    return records


def shapes():
    """`{page: the arguments of its address}` of all that is a page of its own."""
    return {name: max(shapes, key=len) for name, (_, shapes) in pages().items() if is_page(name)}


def addresses():
    """`{page: its address}` of the pages that a row of the demonstration has."""
    given = {
        name: of_new_project()
        if name.startswith(OF_NEW_PROJECTS)
        else arguments(name.partition(":")[2], keys)
        for name, keys in shapes().items()
    }
    found = {name: reverse(name, kwargs=keys) for name, keys in given.items() if keys is not None}
    return found | {name: reverse(name) for name in ACCOUNT}


@pytest.fixture
def every_page(demo, undrawn):
    """`{page: its addresses}`: of a row of the demonstration, then of the fullest records."""
    shown = addresses()
    records = full_records()
    found = {name: [path] for name, path in shown.items()}
    for name, keys in shapes().items():
        full = [reverse(name, kwargs=one) for one in keys_of(name, keys, records)]
        found[name] = found.get(name, []) + full
    return found | {name + query: [shown[name] + query] for name, query in ASKED}


def shown_to(client, paths):
    """The first of the addresses that shows a page and leads to no other; None when none does."""
    return next((path for path in paths if client.get(path).status_code == 200), None)


def problems(page):
    return faults(page) + faults_on_paper(page) + violations(page)


def narrow(page):
    return faults(page, WIDTHS[:1])


def without_colours(page):
    """Colours and paper are of the sheets of styles: the coordinator's pages show both."""
    return faults(page) + violations(page, "color-contrast")


# A worker sees the coordinator's pages with fewer buttons, an auditor with less of everything.
LOOKS = {"staff": without_colours, "auditor": narrow}


def fail_if(wrong, watched):
    """Every sentence on a line of its own: they are read to be mended."""
    lines = [f"{name} {fault}" for name, faults in wrong.items() for fault in faults]
    if lines + watched.troubles:
        pytest.fail("\n".join(lines + watched.troubles), pytrace=False)


def middle(client, address):
    """What a page says inside the frame, without what is drawn anew for each look."""
    page = client.get(address).content.decode()
    [main] = re.findall("<main.*</main>", page, re.DOTALL) or [page]
    return re.sub(r'value="[^"]{20,}"', "", main)


def client_of(role):
    client = Client()
    client.force_login(User.objects.get(email=ROLES[role]))
    return client


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_laid_out_accessible_and_quiet(
    signed_in, live_server, every_page, role
):
    wrong, opened, alike = {}, [], 0
    client, coordinator = client_of(role), client_of("coordinator")
    look = LOOKS.get(role, problems)
    with signed_in(role) as watched:
        for name, paths in every_page.items():
            path = shown_to(client, paths)
            if path is None:
                continue
            opened.append(name)
            if role == "staff" and middle(client, path) == middle(coordinator, path):
                alike += 1  # it is measured as the coordinator's
                continue
            assert watched.open(path) == 200
            if found := look(watched.page):
                wrong[name] = found
    told = f"{role}: {len(opened)} pages, {alike} of them as the coordinator's"
    sys.stdout.write("\n  ".join(["", told, *opened]))
    fail_if(wrong, watched)
    left = every_page.keys() - set(opened)
    assert left <= REFUSED[role] if role in REFUSED else len(opened) >= 10


def test_forms_with_errors_and_dark_pages_are_laid_out_and_accessible(signed_in, every_page):
    client = client_of("coordinator")
    forms = {name: paths for name, paths in every_page.items() if name.endswith("_create")}
    with signed_in("coordinator", scheme="dark") as watched:
        wrong, count = {}, 0
        for name, path in ((name, shown_to(client, paths)) for name, paths in forms.items()):
            if path is None:
                continue
            assert watched.open(path) == 200
            count += 1
            with watched.page.expect_event("load"):
                watched.page.locator("main form[method=post] .btn-primary").first.click()
            if found := faults(watched.page, (360, 1366)) + violations(watched.page):
                wrong[name] = found
        for name in ("indicators:dashboard", "indicators:indicator_detail", "owes:components"):
            assert watched.open(every_page[name][0]) == 200
            if found := violations(watched.page):
                wrong[name] = found
        fail_if(wrong, watched)
        assert count > 8


def test_pages_of_a_stranger_are_laid_out_and_accessible(chromium, demo, live_server):
    page = chromium.new_page()
    for path in (reverse("account_login"), reverse("account_reset_password")):
        page.goto(live_server.url + path)
        assert problems(page) == [], path
    page.close()
