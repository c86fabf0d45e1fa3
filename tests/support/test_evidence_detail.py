import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from tests.factories import EvidenceFactory, MembershipFactory, ProjectFactory
from tests.support.files import GOOD


def page_of(evidence, page="detail"):
    return reverse(f"support:evidence_{page}", args=["sputnik-ii", evidence.pk])


@pytest.fixture
def evidence(db):
    row = EvidenceFactory(file_name="Zażółć „karta”.pdf")
    row.file.save("x.pdf", ContentFile(GOOD["karta.pdf"]))
    return row


def test_evidence_detail_tells_what_happened_to_the_file(client, coordinator, evidence):
    evidence.judge(coordinator, "refused", "nieczytelna")
    evidence.judge(coordinator, "verified")
    client.force_login(coordinator)
    page = client.get(page_of(evidence))
    assert [row.state for row in page.context["changes"]] == [
        "verified",
        "refused",
        "waiting",
        "waiting",
    ]
    assert page.content.decode().count("nieczytelna") == 1


def test_evidence_detail_shows_an_auditor_no_name(client, auditor, evidence):
    client.force_login(auditor)
    page = client.get(page_of(evidence)).content.decode()
    assert [page.count(text) > 0 for text in ("Zażółć", "Pobierz", evidence.sha256)] == [
        False,
        False,
        True,
    ]


def test_evidence_file_is_saved_by_the_browser_and_never_run(client, staff, evidence):
    client.force_login(staff)
    response = client.get(page_of(evidence, "file"))
    assert b"".join(response.streaming_content) == GOOD["karta.pdf"]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Za%C5%BC")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(("suffix", "begins"), [("pdf", "inline"), ("docx", "attachment")])
def test_evidence_file_is_shown_alone_only_when_a_browser_can(
    client, staff, evidence, suffix, begins
):
    evidence.file.save(f"x.{suffix}", ContentFile(b"x"))
    client.force_login(staff)
    response = client.get(page_of(evidence, "file"), {"view": "1"})
    assert response["Content-Disposition"].startswith(begins)
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("administrator", 403)])
def test_evidence_file_is_for_those_who_may_see_names(request, client, evidence, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(page_of(evidence, "file")).status_code == status


def test_evidence_of_another_project_is_not_there(client, evidence):
    stranger = MembershipFactory(project=ProjectFactory(slug="inny"), role="coordinator").user
    client.force_login(stranger)
    pages = [page_of(evidence, page) for page in ("detail", "file")]
    pages += [reverse("support:evidence_file", args=["inny", evidence.pk])]
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_evidence_has_no_address_of_its_own(client, staff, evidence):
    client.force_login(staff)
    assert client.get(f"/media/{evidence.file.name}").status_code == 404


# Withdrawing


def test_evidence_withdraw_keeps_the_file_visible_with_the_reason(client, staff, evidence):
    evidence.added_by = staff
    evidence.save()
    client.force_login(staff)
    client.post(page_of(evidence, "withdraw"), {"reason": "nie ta usługa"})
    evidence.refresh_from_db()
    assert (evidence.state, evidence.reason) == ("withdrawn", "nie ta usługa")
    assert evidence.file.storage.exists(evidence.file.name)


def test_evidence_withdraw_asks_for_a_reason(client, coordinator, evidence):
    client.force_login(coordinator)
    page = client.post(page_of(evidence, "withdraw"), {"reason": " "})
    assert page.context["form"].errors == {"reason": ["Podaj powód."]}
    evidence.refresh_from_db()
    assert evidence.state == "waiting"


def test_evidence_once_verified_is_not_withdrawn(client, coordinator, evidence):
    evidence.judge(coordinator, "verified")
    client.force_login(coordinator)
    page = client.post(page_of(evidence, "withdraw"), {"reason": "x"})
    assert page.context["form"].errors == {
        "reason": ["Dowód „Zażółć „karta”.pdf” jest już w stanie „sprawdzony”."]
    }


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_evidence_of_somebody_else_is_not_withdrawn(request, client, evidence, role):
    client.force_login(request.getfixturevalue(role))
    assert client.post(page_of(evidence, "withdraw"), {"reason": "x"}).status_code == 403
