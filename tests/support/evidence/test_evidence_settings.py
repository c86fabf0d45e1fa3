import pytest
from django.urls import reverse

URL = reverse("support:evidence_settings", args=["sputnik-ii"])


def test_evidence_settings_lists_what_the_sources_of_the_contract_say(client, coordinator):
    client.force_login(coordinator)
    rows = client.get(URL).context["requirements"]
    assert [(row.subject, str(row)) for row in rows if row.is_required] == [
        ("adoption", "oświadczenie o wdrożeniu"),
        ("adoption", "zrzut ekranu albo zdjęcie albo protokół wdrożenia"),
        ("entity", "formularz zgłoszeniowy"),
        ("entity", "odpis KRS albo wpis do ewidencji"),
        (
            "partnership",
            "porozumienie z JST albo list intencyjny albo notatka ze spotkania "
            "albo lista obecności",
        ),
        ("person", "deklaracja uczestnika"),
        ("service", "karta podpisana albo lista obecności"),
        ("staff_training", "zaświadczenie albo lista obecności"),
        ("status", "dokument potwierdzający status PS"),
    ]


def test_evidence_requirement_delete_takes_one_away(client, coordinator, project):
    row = project.evidence_requirements.get(documents="formularz zgłoszeniowy")
    client.force_login(coordinator)
    client.post(reverse("support:evidence_requirement_delete", args=["sputnik-ii", row.pk]))
    assert not project.evidence_requirements.filter(pk=row.pk).exists()
    assert row.history.model.objects.filter(id=row.pk).first().history_user == coordinator


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_evidence_settings_are_for_coordinators(client, request, role, project):
    row = project.evidence_requirements.first()
    client.force_login(request.getfixturevalue(role))
    delete = reverse("support:evidence_requirement_delete", args=["sputnik-ii", row.pk])
    assert [client.get(URL).status_code, client.post(delete).status_code] == [403, 403]
