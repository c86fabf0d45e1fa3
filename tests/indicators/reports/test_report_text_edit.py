"""The page of texts: sentences of the program, typing that is kept, one saving, who may."""

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from indicators.models import Report, ReportText
from tests.factories import EntityFactory, PersonFactory
from tests.indicators.given import DAY, supported
from tests.indicators.reports.report_pages import closed_by, draft_of, url
from tests.owes.form_page import hidden

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def report(coordinator):
    supported(DAY, person=PersonFactory(), entity=EntityFactory())
    return draft_of(coordinator)


@pytest.fixture
def page(client, coordinator, report):
    client.force_login(coordinator)
    return url("report_text_edit", report.pk)


def shown(client, page):
    """Every field of the form as it opens, with what makes its saving one."""
    answer = client.get(page)
    form = answer.context["form"]
    return hidden(answer) | {field.html_name: field.value() or "" for field in form}


def stored():
    return dict(ReportText.objects.values_list("part", "text"))


def test_the_form_offers_the_sentences_and_stores_none_left_as_they_were(client, page, report):
    fields = shown(client, page)
    assert fields["result-pes"].startswith("Objęto wsparciem 1\u00a0PES")
    assertRedirects(client.post(page, fields), report.get_absolute_url())
    assert stored() == {}


def test_what_is_written_is_stored_and_changed_and_given_back_to_the_program(client, page):
    written = {"durable": "Trwa.\r\nDługo.", "result-pes": "Objęto 1 PES."}
    client.post(page, shown(client, page) | written)
    assert stored() == {"durable": "Trwa.\nDługo.", "result-pes": "Objęto 1 PES."}
    fields = shown(client, page)
    sentence = client.get(page).context["form"].skeletons["result-pes"]
    client.post(page, fields | {"result-pes": sentence, "durable": ""})
    assert stored() == {}


def test_a_sentence_not_touched_while_numbers_changed_is_still_the_programs(client, page):
    fields = shown(client, page)
    supported(DAY, person=PersonFactory(), entity=EntityFactory())
    client.post(page, fields)
    assert stored() == {}
    assert shown(client, page)["result-pes"].startswith("Objęto wsparciem 2\u00a0PES")


def test_a_text_without_todays_number_is_pointed_at(client, page):
    client.post(page, shown(client, page) | {"result-pes": "Objęto wsparciem 7 PES."})
    assertContains(client.get(page), "nie ma liczby 1, którą dziś podaje program")


def test_the_sentence_is_put_back_without_a_script_and_nothing_is_saved(client, page):
    fields = shown(client, page) | {
        "result-pes": "Coś",
        "durable": "Wpisane",
        "insert": "result-pes",
    }
    answer = client.post(page, fields)
    form = answer.context["form"]
    assert form["result-pes"].value().startswith("Objęto wsparciem 1\u00a0PES")
    assert form["durable"].value() == "Wpisane"
    assert stored() == {}


def test_a_field_unknown_to_the_program_puts_nothing_in(client, page):
    client.post(page, shown(client, page) | {"insert": "durable"})
    assert stored() == {}


def test_typing_is_kept_and_comes_back(client, page):
    fields = shown(client, page) | {"durable": "Zaczęte zdanie", "editing-act": "keep"}
    assert client.post(page, fields).status_code == 200
    again = client.get(page)
    assertContains(again, "Przywrócono niezapisany wpis")
    assert again.context["form"]["durable"].value() == "Zaczęte zdanie"
    assert stored() == {}


def test_a_second_editor_is_shown_what_the_first_one_saved(client, page):
    fields = shown(client, page)
    client.post(page, shown(client, page) | {"durable": "Pierwsza wersja"})
    answer = client.post(page, fields | {"durable": "Druga wersja"})
    assert answer.status_code == 409
    assertContains(answer, "Pierwsza wersja", status_code=409)
    assert stored() == {"durable": "Pierwsza wersja"}


def test_too_long_a_text_stays_with_a_sentence(client, page):
    answer = client.post(page, shown(client, page) | {"durable": "x" * 20_001})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"durable"}


def test_only_a_coordinator_writes_and_only_a_draft(client, page, report, staff, auditor):
    for user in (staff, auditor):
        client.force_login(user)
        assert client.get(page).status_code == 403
        assert client.post(page, {"durable": "x"}).status_code == 403
    assert stored() == {}


def test_a_closed_report_has_no_form(client, coordinator):
    report = closed_by(coordinator)
    client.force_login(coordinator)
    for name in ("report_text_edit", "report_cost_edit"):
        assert client.get(url(name, report.pk)).status_code == 404
        assert client.post(url(name, report.pk), {"durable": "x"}).status_code == 404
    assert Report.objects.get().texts.count() == 0
