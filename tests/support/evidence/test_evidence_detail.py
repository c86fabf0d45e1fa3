from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from support.evidence.file_names import neutral_name
from support.models import Service
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    EvidenceFactory,
    MembershipFactory,
    PartnershipFactory,
    PersonFactory,
    ProjectFactory,
    SessionFactory,
    StaffTrainingFactory,
)
from tests.support.files import GOOD


def page_of(evidence, page="detail"):
    return reverse(f"support:evidence_{page}", args=["sputnik-ii", evidence.pk])


@pytest.fixture
def evidence(db):
    row = EvidenceFactory(file_name="Zażółć „karta”.pdf", service__state="approved")
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


# Released to the auditor


def release(client, coordinator, *rows, released="1"):
    client.force_login(coordinator)
    url = reverse("support:evidence_release", args=["sputnik-ii"])
    return client.post(url, {"rows": [row.pk for row in rows], "released": released}, follow=True)


def opened(client, user, evidence):
    client.force_login(user)
    return client.get(page_of(evidence, "file")).status_code


def test_an_auditor_opens_what_the_coordinator_released_under_a_name_that_names_nobody(
    client, auditor, coordinator, evidence
):
    service = evidence.service
    SessionFactory(service=service, day=date(2023, 3, 9))
    service.recipient_links.create(entity=EntityFactory(code="P012"))
    Service.objects.filter(pk=service.pk).update(code="U/0155/2023")
    evidence.judge(coordinator, "verified")
    assert opened(client, auditor, evidence) == 403
    release(client, coordinator, evidence)
    evidence.refresh_from_db()
    assert (evidence.released_by, evidence.is_released) == (coordinator, True)
    client.force_login(auditor)
    response = client.get(page_of(evidence, "file"))
    assert b"".join(response.streaming_content) == GOOD["karta.pdf"]
    name = "2023-03-09_P012_U-0155-2023.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    page = client.get(page_of(evidence))
    assertContains(page, "Pobierz")
    assertNotContains(page, "Zażółć")
    release(client, coordinator, evidence, released="")
    assert opened(client, auditor, evidence) == 403
    assert [row.released_at is not None for row in evidence.history.all()[:2]] == [False, True]


def test_what_is_refused_later_is_released_no_more(client, auditor, coordinator, evidence):
    evidence.judge(coordinator, "verified")
    release(client, coordinator, evidence)
    evidence.refresh_from_db()
    evidence.judge(coordinator, "refused", "nieczytelna")
    assert opened(client, auditor, evidence) == 403
    evidence.judge(coordinator, "verified")
    assert opened(client, auditor, evidence) == 403


def test_only_what_is_verified_is_released_and_all_or_nothing(client, coordinator, evidence):
    other = EvidenceFactory(state="verified")
    page = release(client, coordinator, other, evidence)
    assert [str(message) for message in page.context["messages"]] == [
        "Udostępnić można dowód sprawdzony, a „Zażółć „karta”.pdf” jest w stanie „do sprawdzenia”."
    ]
    other.refresh_from_db()
    assert not other.is_released


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_only_the_coordinator_releases(request, client, evidence, role):
    client.force_login(request.getfixturevalue(role))
    url = reverse("support:evidence_release", args=["sputnik-ii"])
    assert client.post(url, {"rows": [evidence.pk], "released": "1"}).status_code == 403


def test_a_released_file_of_another_project_is_not_there(client, coordinator, evidence):
    evidence.judge(coordinator, "verified")
    release(client, coordinator, evidence)
    stranger = MembershipFactory(project=ProjectFactory(slug="inny"), role="auditor").user
    assert opened(client, stranger, evidence) == 404


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (lambda: {"adoption": AdoptionFactory(code="W7", entity__code="P9")}, "2023-05-09_P9_W7"),
        (lambda: {"partnership": PartnershipFactory(code="J2")}, "2023-03-09_140401_J2"),
        (lambda: {"staff_training": StaffTrainingFactory()}, "2023-03-09_kadra_dowod-{pk}"),
        (lambda: {"entity": EntityFactory(code="P9")}, "2023-07-01_P9_dowod-{pk}"),
        (lambda: {"person": PersonFactory(code="O1")}, "2023-07-01_osoba_dowod-{pk}"),
    ],
)
def test_a_neutral_name_has_a_day_an_entity_and_a_number(db, fields, name):
    row = EvidenceFactory(service=None, added_at="2023-07-01T10:00Z", **fields())
    row.refresh_from_db()
    assert neutral_name(row) == f"{name.format(pk=row.pk)}.pdf"


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
