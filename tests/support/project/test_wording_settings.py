from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from owes.chain.triggers import rewriting
from support import wording
from tests.factories import PersonFactory
from tests.owes.form_page import opened

URL = reverse("support:wording_settings", args=["sputnik-ii"])


def payload(**changes):
    return {
        "clause": "1. Administratorem jest [kto].",
        "clause_version": "2",
        "agreement": "§ 1. Przedmiot",
        "certificate_threshold": "75",
    } | changes


def post(client, **changes):
    return client.post(URL, payload(**changes) | opened(client, URL))


def test_wording_settings_start_with_texts_to_be_completed(client, coordinator, project):
    client.force_login(coordinator)
    form = client.get(URL).context["form"]
    assert (project.clause, project.agreement) == (wording.clause(), wording.agreement())
    assert form.gaps == wording.gaps(project.clause)
    assert len(form.gaps) == 3


def test_wording_settings_save_what_papers_print(client, coordinator, project):
    client.force_login(coordinator)
    assert post(client).url == URL
    project.refresh_from_db()
    assert (project.clause_version, project.agreement, project.certificate_threshold) == (
        "2",
        "§ 1. Przedmiot",
        75,
    )
    assert client.get(URL).context["form"].gaps == ["[kto]"]


def test_wording_settings_keep_a_signed_clause_under_its_version(client, coordinator, project):
    project.declarations.create(
        person=PersonFactory(), signed_on="2023-03-09", clause_version=project.clause_version
    )
    client.force_login(coordinator)
    errors = post(client, clause_version="1").context["form"].errors
    assert errors == {
        "clause_version": [
            "Podpisano już deklaracje z klauzulą w wersji 1. Zmienionej treści nadaj nową wersję."
        ]
    }
    same = project.clause.replace("\n", "\r\n")
    assert post(client, clause=same, clause_version="1").url == URL
    project.refresh_from_db()
    assert project.clause == wording.clause()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("0", "Najmniej 1."), ("101", "Najwięcej 100."), ("", "Uzupełnij to pole.")],
)
def test_wording_settings_refuse_a_threshold_that_is_no_share(
    client, coordinator, typed, sentence
):
    client.force_login(coordinator)
    errors = post(client, certificate_threshold=typed).context["form"].errors
    assert errors == {"certificate_threshold": [sentence]}


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_wording_settings_are_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]


def test_clause_version_of_a_day_is_the_one_printed_then(project):
    assert project.clause_version_on(date(2024, 1, 1)) == "1"
    for version, day in (("1", 1), ("2", 10)):
        project.clause_version = version
        project.save()
        at = datetime(2024, 3, day, 12, tzinfo=UTC)
        with rewriting():
            project.history.filter(clause_version=version).update(history_date=at)
    days = [date(2024, 2, 1), date(2024, 3, 9), date(2024, 3, 10)]
    assert [project.clause_version_on(day) for day in days] == ["1", "1", "2"]


def test_paragraphs_part_at_blank_lines_and_know_headings():
    parts = wording.paragraphs("§ 1. A\n\n  b\nc \n \n\nd\n")
    assert [(part.text, part.is_heading) for part in parts] == [
        ("§ 1. A", True),
        ("b\nc", False),
        ("d", False),
    ]
