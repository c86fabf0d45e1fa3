"""Every page a role may open: no axe violation, no console error, no foreign request."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import get_resolver, reverse

from entities.models import Entity, LocalGovernment, Person
from indicators.models import ControlledRecord, Package, Report, TrialControl
from owes.models import Job
from owes.periods import Period
from support.models import (
    Activity,
    Adoption,
    Certificate,
    Evidence,
    EvidenceRequirement,
    Membership,
    Partnership,
    Project,
    Scan,
    Service,
    ServiceType,
    StaffMember,
    StaffTraining,
    Theme,
)
from support.visits import is_visit

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
APPS = ("entities", "support", "indicators", "owes")
# What is no page of its own: files, parts of pages, an answer for machines.
NOT_PAGES = {
    "evidence_file",
    "scan_file",
    "paper_file",
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
    "package_file",
    "project_logotypes",
    "healthz",
    "read_back",
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
ROW_OF = {
    "entity": Entity,
    "person": Person,
    "enrolment": Entity,
    "declaration": Person,
    "service": Service,
    "attendance": Service,
    "visit": Service,
    "partnership": Partnership,
    "adoption": Adoption,
    "certificate": Certificate,
    "staff_member": StaffMember,
    "staff_training": StaffTraining,
    "service_type": ServiceType,
    "theme": Theme,
    "activity": Activity,
    "membership": Membership,
    "account": Membership,
    "record_evidence": Service,
    "evidence": Evidence,
    "evidence_requirement": EvidenceRequirement,
    "scan": Scan,
    "package": Package,
    "report": Report,
    "report_job": Job,
    "control": TrialControl,
    "control_record": ControlledRecord,
}


def arguments(name, wanted):
    """Values of a page's address from the demonstration's rows; None when there is no such row."""
    found = {"slug": "sputnik-ii", "subject": "service", "month": MARCH}
    if "code" in wanted:
        found["code"] = (
            "pes"
            if name.startswith("indicator")
            else LocalGovernment.objects.get(code="1419").code
        )
    if "pk" in wanted:
        nouns = [noun for noun in ROW_OF if name.startswith(noun)]
        rows = ROW_OF[max(nouns, key=len)].objects.order_by("pk") if nouns else []
        if name in ("service_edit", "service_paste", "attendance_create"):
            rows = rows.filter(state__in=Service.EDITABLE)
        if name == "visit_edit":
            rows = filter(is_visit, rows.filter(state__in=Service.EDITABLE))
        row = next(iter(rows), None)
        if row is None:
            return None
        found["pk"] = row.pk
    if "service" in wanted:
        found["service"] = Service.objects.get(code="U/0155/2024").pk
    if "staff_member" in wanted:
        found["staff_member"] = StaffMember.objects.order_by("pk").first().pk
    if not set(wanted) <= found.keys():
        return None
    return {key: found[key] for key in wanted}


def addresses():
    """The address of every page of the program, by the names of the resolver."""
    found = {}
    for app in APPS:
        namespace = get_resolver().namespace_dict[app][1]
        for name in {key for key in namespace.reverse_dict if isinstance(key, str)}:
            if name in NOT_PAGES or name.endswith("_options"):
                continue
            wanted = namespace.reverse_dict.getlist(name)[0][0][0][1]
            if (given := arguments(name, wanted)) is not None:
                found[f"{app}:{name}"] = reverse(f"{app}:{name}", kwargs=given)
    return found | {name: reverse(name) for name in ACCOUNT}


def violations(page):
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in Axe().run(page, options=OPTIONS).response["violations"]
        for node in found["nodes"]
    ]


def nothing(page):
    """Of pages looked at only for their status and what the console tells."""
    return []


def problems(watched, pages, check):
    """`({name: what is wrong}, how many)` of the pages the role may open."""
    wrong, opened = {}, 0
    for name, path in pages.items():
        status = watched.open(path)
        if status in (403, 404, 405):
            continue
        opened += 1
        found = check(watched.page) if status == 200 else [f"status {status}"]
        if found:
            wrong[name] = found
    return wrong, opened


def sideways(page):
    """Pages wider than the phone they are read on."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide} px wide"] if wide > page.viewport_size["width"] else []


@pytest.mark.parametrize(
    ("role", "least"), [("staff", 20), ("coordinator", 40), ("auditor", 10), ("administrator", 5)]
)
def test_pages_of_a_role_are_accessible_and_quiet(signed_in, role, least):
    # Staff see what a coordinator sees, with fewer buttons.
    check = nothing if role == "staff" else violations
    with signed_in(role) as watched:
        wrong, opened = problems(watched, addresses(), check)
        assert (wrong, watched.troubles) == ({}, [])
        assert opened >= least


def test_pages_fit_a_phone(signed_in):
    with signed_in("coordinator", width=360) as watched:
        wrong, _ = problems(watched, addresses(), sideways)
        assert (wrong, watched.troubles) == ({}, [])


def test_forms_with_errors_and_dark_pages_are_accessible(signed_in):
    with signed_in("coordinator", scheme="dark") as watched:
        creates = {name: path for name, path in addresses().items() if name.endswith("_create")}
        assert len(creates) > 8
        wrong = {}
        for name, path in creates.items():
            watched.open(path)
            watched.page.locator("main form[method=post] .btn-primary").first.click()
            watched.page.wait_for_load_state("load")
            if found := violations(watched.page):
                wrong[name] = found
        shown = ["indicators:dashboard", "indicators:indicator_detail", "owes:components"]
        dark, _ = problems(watched, {name: addresses()[name] for name in shown}, violations)
        assert (wrong | dark, watched.troubles) == ({}, [])


def test_pages_of_a_stranger_are_accessible(chromium, demo, live_server):
    page = chromium.new_page()
    for path in (reverse("account_login"), reverse("account_reset_password")):
        page.goto(live_server.url + path)
        assert violations(page) == [], path
    page.close()


def test_axe_sees_a_planted_violation(signed_in):
    with signed_in("staff") as watched:
        watched.open(reverse("indicators:dashboard", args=[Project.objects.get().slug]))
        watched.page.evaluate(
            "document.querySelector('main').append(document.createElement('img'))"
        )
        assert [found for found in violations(watched.page) if "image-alt" in found] != []
