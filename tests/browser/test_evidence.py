"""Files as people send them: dropped on the page, judged in the list, scanned with a code."""

import base64

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from owes.models import User
from support.models import Evidence, Project, Scan
from support.papers.codes import Paper, code_of
from support.workbook.demonstration import COORDINATOR
from tests.browser.layout import violations
from tests.support.files import GOOD
from tests.support.papers.scanned import blank

pytestmark = [pytest.mark.browser, pytest.mark.pdf]
SLUG = "sputnik-ii"
DROP = """
([content, name]) => {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, {type: "application/pdf"}));
  const form = document.querySelector("form[data-uploads]");
  form.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
}
"""


def approved():
    """A service whose card has not come back."""
    services = Project.objects.get().services.filter(state="approved")
    return services.awaiting_signature().latest("pk")


def test_file_dropped_on_the_page_of_a_service_is_verified_in_the_list(signed_in):
    service = approved()
    with signed_in("coordinator") as watched:
        page = watched.page
        watched.open(service.get_absolute_url())
        page.evaluate(DROP, [base64.b64encode(GOOD["karta.pdf"]).decode(), "karta.pdf"])
        expect(page.locator("form[data-uploads] [role=status]")).to_have_text("karta.pdf, 0,0 MB")
        page.get_by_role("button", name="Dodaj", exact=True).click()
        expect(page.get_by_text("Dodano 1")).to_be_visible()
        row = service.evidence.get()
        assert (row.file_name, row.state) == ("karta.pdf", "waiting")
        watched.open(reverse("support:evidence_list", args=[SLUG]))
        page.locator("input[name=rows]").first.check()
        page.get_by_role("button", name="Potwierdź zaznaczone").click()
        expect(page.get_by_text("Potwierdzono 1")).to_be_visible()
        row.refresh_from_db()
        assert (row.state, watched.troubles) == ("verified", [])


def test_scan_without_a_code_is_typed_and_signed(signed_in):
    service = approved()
    with signed_in("coordinator") as watched:
        page = watched.page
        watched.open(reverse("support:scan_list", args=[SLUG]))
        page.locator("input[type=file]").first.set_input_files(
            {"name": "skan.pdf", "mimeType": "application/pdf", "buffer": blank()}
        )
        page.get_by_role("button", name="Wyślij").click()
        page.get_by_role("link", name="skan.pdf").click()
        page.get_by_label("Kod z wydruku").fill("KD-2222-2")
        page.get_by_role("button", name="Dołącz do zapisu").click()
        expect(page.get_by_text("ma błąd. Sprawdź znaki na wydruku.").first).to_be_visible()
        assert violations(page) == []
        page.get_by_label("Kod z wydruku").fill(
            code_of(Paper.SERVICE, service.project, service).lower()
        )
        page.get_by_role("button", name="Dołącz do zapisu").click()
        day = f"{service.sessions.latest('day').day:%d.%m.%Y}"
        page.get_by_label("Dzień podpisania").fill(day)
        page.get_by_role("button", name="Zapisz dzień").click()
        expect(page.get_by_text("Zapisano dzień podpisania")).to_be_visible()
        assert violations(page) == []
        service.refresh_from_db()
        assert f"{service.signed_on:%d.%m.%Y}" == day
        assert watched.troubles == []


@pytest.fixture
def kept(demo):
    """A file and a scan of each state, for the pages that show one."""
    by = User.objects.get(email=COORDINATOR)
    shared = {"project": Project.objects.get(), "added_by": by, "file": "x.pdf"}
    files = [
        Evidence.objects.create(
            **shared,
            kind="karta podpisana",
            file_name=f"{state}.pdf",
            sha256=f"{number:064x}",
            service=approved(),
            state=state,
            reason="nieczytelny podpis",
        )
        for number, state in enumerate(Evidence.State)
    ]
    scans = [
        Scan.objects.create(
            **shared,
            file_name=f"{state}.pdf",
            sha256=f"{number:064x}",
            state=state,
            error="W pliku nie znaleziono kodu.",
        )
        for number, state in enumerate(Scan.State)
    ]
    return files + scans


@pytest.mark.parametrize(
    ("role", "width", "scheme"),
    [("coordinator", 1366, "light"), ("coordinator", 360, "dark"), ("auditor", 1366, "light")],
)
def test_pages_of_evidence_are_accessible_and_fit(kept, signed_in, role, width, scheme):
    pages = [row.get_absolute_url() for row in kept]
    pages += [reverse(f"support:{name}", args=[SLUG]) for name in ("evidence_list", "scan_list")]
    pages += [approved().get_absolute_url()]
    with signed_in(role, width=width, scheme=scheme) as watched:
        found = {}
        for path in pages:
            if watched.open(path) != 200:
                continue
            wide = watched.page.evaluate("document.documentElement.scrollWidth")
            found[path] = (violations(watched.page), max(wide - width, 0))
        assert {path: told for path, told in found.items() if told != ([], 0)} == {}
        assert (len(found), watched.troubles) == (11 if role == "coordinator" else 6, [])
