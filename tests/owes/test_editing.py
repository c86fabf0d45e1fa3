"""The pages of forms, by those of entities, adoptions, dictionaries and the project."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html
from pytest_django.asserts import assertRedirects

from entities.models import Entity
from owes import drafts
from owes.formatting import clock
from owes.models import FormDraft, Submission
from support.models import Service, ServiceType, Theme
from tests.entities.register_pages import as_it_stands, entity_form
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    MembershipFactory,
    PartnershipFactory,
    ServiceFactory,
    UserFactory,
    jst,
)
from tests.owes.form_page import hidden, opened, sent
from tests.parallel import at_once

CREATE = reverse("entities:entity_create")


def edit(entity):
    return reverse("entities:entity_edit", args=[entity.pk])


def notices(response):
    return response.context["request"].editing


# A repeated submit


def test_repeated_submit_leads_to_the_record_already_made(client, staff):
    client.force_login(staff)
    form = entity_form() | opened(client, CREATE)
    first, second = client.post(CREATE, form), client.post(CREATE, form, follow=True)
    entity = Entity.objects.get()
    assertRedirects(second, entity.get_absolute_url())
    assert (first.url, entity.history.count()) == (entity.get_absolute_url(), 1)
    assert [str(message) for message in second.context["messages"]][-1] == (
        "Ten formularz był już zapisany. Drugi raz nic nie dodano."
    )


def test_repeated_submit_does_not_meet_the_refusals_of_the_record_it_made(client, coordinator):
    url = reverse("support:theme_create", args=["sputnik-ii"])
    client.force_login(coordinator)
    form = {"name": "Nowe", "goal": "", "position": "1"} | opened(client, url)
    assert [client.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert Theme.objects.filter(name="Nowe").count() == 1


def test_form_sent_again_with_other_content_asks_first(client, staff):
    client.force_login(staff)
    form = entity_form(name="Pierwsza") | opened(client, CREATE)
    client.post(CREATE, form)
    page = client.post(CREATE, form | {"name": "Druga"})
    assert (page.status_code, Entity.objects.count()) == (409, 1)
    assert page.context["form"]["name"].value() == "Druga"
    assert Entity.objects.get().get_absolute_url() in page.content.decode()
    client.post(CREATE, form | {"name": "Druga"} | hidden(page))
    assert set(Entity.objects.values_list("name", flat=True)) == {"Pierwsza", "Druga"}


def test_refused_form_may_be_sent_again(client, staff):
    client.force_login(staff)
    form = entity_form(name="") | opened(client, CREATE)
    page = client.post(CREATE, form)
    assert (page.status_code, Submission.objects.count()) == (200, 0)
    assert hidden(page) == {"editing-token": form["editing-token"]}
    client.post(CREATE, form | {"name": "Koło"})
    assert Entity.objects.count() == 1


def test_token_of_somebody_else_reveals_nothing(client, staff):
    client.force_login(staff)
    form = entity_form(name="Cudza") | opened(client, CREATE)
    client.post(CREATE, form)
    client.force_login(MembershipFactory().user)
    response = client.post(CREATE, form | {"not_twin": Entity.objects.get().pk})
    assert response.url != Entity.objects.order_by("pk").first().get_absolute_url()
    assert Entity.objects.count() == 2


def test_confirmation_shown_saves_nothing_and_keeps_the_token(client, coordinator):
    PartnershipFactory(day="2023-03-09")
    url = reverse("support:project_scope_edit", args=["sputnik-ii"])
    client.force_login(coordinator)
    form = {"starts_on": "5.04.2022", "ends_on": "08.03.2023", "area": ["1404"]}
    form |= opened(client, url)
    shown = client.post(url, form)
    assert (len(shown.context["effects"]), Submission.objects.count()) == (1, 0)
    form |= hidden(shown) | {"seen": shown.context["seen"]}
    assert [client.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert Submission.objects.count() == 1


@pytest.fixture
def signed_in(committed):
    """`signed_in(user)`: a browser of its own."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def test_ten_equal_submits_at_once_make_one_record(signed_in, staff, tmp_path):
    client = signed_in(staff)
    form = entity_form(name="Jedna") | opened(client, CREATE)
    cookies = client.cookies

    def send():
        browser = Client()
        browser.cookies.update(cookies)
        return browser.post(CREATE, form)

    answers = at_once([send] * 10, tmp_path)
    entity = Entity.objects.get()
    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, entity.get_absolute_url())
    }
    assert (entity.history.count(), Submission.objects.count()) == (1, 1)
    assert not drafts.waiting(staff, CREATE).exists()


# The second editor


def test_second_editor_sees_both_versions_and_keeps_the_own_text(client, staff, coordinator):
    entity = EntityFactory(name="Koło", phone="1", email="")
    entity.statuses.create(basis="owes", valid_from="2023-01-01")
    first, second = Client(), client
    first.force_login(coordinator)
    second.force_login(staff)
    seen = opened(second, edit(entity))
    first.post(edit(entity), entity_form(name="Krąg", phone="2") | opened(first, edit(entity)))
    page = second.post(edit(entity), entity_form(name="Kółko", phone="1") | seen)
    entity.refresh_from_db()
    assert (page.status_code, entity.name, entity.phone) == (409, "Krąg", "2")
    rows = {row.label: row for row in notices(page).conflict.differences}
    assert [rows["Nazwa"].opened, rows["Nazwa"].saved, rows["Nazwa"].typed] == [
        ["Koło"],
        ["Krąg"],
        ["Kółko"],
    ]
    assert (rows["Nazwa"].by, rows["Nazwa"].is_collision) == ("Kinga Łącka", True)
    assert page.context["form"]["name"].value() == "Kółko"
    assert "Kinga Łącka" in page.content.decode()
    # Saved again knowingly.
    answer = second.post(edit(entity), entity_form(name="Kółko", phone="2") | hidden(page))
    assert answer.status_code == 302
    entity.refresh_from_db()
    assert (entity.name, entity.phone, entity.history.first().history_user) == (
        "Kółko",
        "2",
        staff,
    )


def test_second_editor_takes_back_nothing_of_what_only_the_first_changed(client, staff):
    entity = EntityFactory(name="Koło", phone="1", locality="Płock", seat=None)
    owes, voivode = (
        entity.statuses.create(basis=basis, valid_from="2023-01-01", decision_number="1")
        for basis in ("owes", "voivode")
    )
    client.force_login(staff)
    page = client.get(edit(entity))
    form = (
        as_it_stands(page) | hidden(page) | {"name": "Kółko", "statuses-1-valid_from": "2.01.2023"}
    )
    entity.locality, entity.seat, entity.phone = "Bielsk", jst("141902"), "2"
    entity.save()
    owes.decision_number = voivode.decision_number = "7/2023"
    owes.save()
    voivode.save()
    page = client.post(edit(entity), form)
    assert page.status_code == 409
    rows = {row.label: row for row in notices(page).conflict.differences}
    assert (rows["Nazwa"].typed, rows["Miejscowość"].typed) == (["Kółko"], ["Bielsk"])
    client.post(edit(entity), as_it_stands(page) | hidden(page))
    entity.refresh_from_db()
    assert (entity.name, entity.locality, entity.phone, entity.seat.code) == (
        "Kółko",
        "Bielsk",
        "2",
        "141902",
    )
    assert [
        (str(row.valid_from), row.decision_number) for row in entity.statuses.order_by("pk")
    ] == [
        ("2023-01-01", "7/2023"),
        ("2023-01-02", "7/2023"),
    ]


def test_second_editor_keeps_lists_and_boxes_that_only_the_first_changed(client, coordinator):
    first, second = ServiceFactory.create_batch(2)
    adoption = AdoptionFactory(services=[first])
    client.force_login(coordinator)
    url = adoption.get_absolute_url()
    page = client.get(url)
    form = as_it_stands(page) | hidden(page) | {"description": "Nowy opis"}
    adoption.sync_services([first, second])
    page = client.post(url, form)
    [services] = [row for row in notices(page).conflict.differences if row.label == "Usługi"]
    assert (services.opened, services.saved, services.typed) == ([], [str(second)], [str(second)])
    client.post(url, as_it_stands(page) | hidden(page))
    adoption.refresh_from_db()
    assert (adoption.description, set(adoption.services.all())) == ("Nowy opis", {first, second})


def test_second_editor_whose_row_was_taken_away_is_told_so(client, staff):
    entity = EntityFactory()
    status = entity.statuses.create(basis="owes", valid_from="2023-01-01")
    client.force_login(staff)
    page = client.get(edit(entity))
    form = as_it_stands(page) | hidden(page)
    status.delete()
    page = client.post(edit(entity), form | {"name": "Nowa"})
    assert page.status_code == 409
    assert "Wiersz 1, stan: Tego wiersza już nie ma" in page.content.decode()
    form |= hidden(page) | {"name": "Nowa", "statuses-0-DELETE": "on"}
    page = client.post(edit(entity), form)
    assert page.status_code == 409
    client.post(edit(entity), form | hidden(page))
    entity.refresh_from_db()
    assert (entity.name, entity.statuses.count()) == ("Nowa", 0)


def test_second_editor_is_told_of_rows_under_the_record(client, staff):
    entity = EntityFactory()
    client.force_login(staff)
    seen = opened(client, edit(entity))
    entity.statuses.create(basis="owes", valid_from="2023-01-01")
    page = client.post(edit(entity), entity_form(name=entity.name) | seen)
    [row] = [row for row in notices(page).conflict.differences if row.label == "Statusy PS"]
    assert (page.status_code, row.opened, row.typed) == (409, [], row.saved)


def test_second_editor_with_a_mistake_sees_both_at_once(client, staff):
    entity = EntityFactory(name="Koło")
    client.force_login(staff)
    seen = opened(client, edit(entity))
    entity.name = "Krąg"
    entity.save()
    page = client.post(edit(entity), entity_form(name="") | seen)
    [row] = notices(page).conflict.differences
    assert (page.status_code, row.saved, row.typed) == (409, ["Krąg"], None)
    assert list(page.context["form"].errors) == ["name"]


def test_editor_who_sends_twice_is_no_second_editor(client, staff):
    entity = EntityFactory()
    client.force_login(staff)
    form = entity_form(name="Nowa") | opened(client, edit(entity))
    answers = [client.post(edit(entity), form) for _ in range(2)]
    assert [answer.url for answer in answers] == [entity.get_absolute_url()] * 2
    assert entity.history.count() == 2


def test_saving_that_changed_nothing_makes_no_second_editor(client, staff):
    entity = EntityFactory(name="Koło")
    client.force_login(staff)
    seen = opened(client, edit(entity))
    entity.save()
    answer = client.post(edit(entity), entity_form(name="Krąg") | seen)
    assert (answer.status_code, Entity.objects.get().name) == (302, "Krąg")


def test_editor_who_goes_back_and_sends_other_content_compares_with_the_own_saving(client, staff):
    entity = EntityFactory(name="Koło")
    client.force_login(staff)
    form = entity_form(name="Krąg") | opened(client, edit(entity))
    client.post(edit(entity), form)
    page = client.post(edit(entity), form | {"name": "Kółko"})
    assert (page.status_code, notices(page).conflict.by) == (409, "Ewa Piórkowska")
    assert "Ten formularz był już zapisany" not in page.content.decode()
    client.post(edit(entity), form | {"name": "Kółko"} | hidden(page))
    assert Entity.objects.get().name == "Kółko"


def test_comparison_leaves_nothing_of_what_it_tried(client, staff):
    entity = EntityFactory()
    client.force_login(staff)
    seen = opened(client, edit(entity))
    entity.name = "Krąg"
    entity.save()
    statuses = [{"basis": "owes", "valid_from": "1.01.2023"}]
    page = client.post(edit(entity), entity_form(statuses=statuses) | seen)
    assert (page.status_code, entity.statuses.count(), Submission.objects.count()) == (409, 0, 0)
    client.post(edit(entity), entity_form(statuses=statuses) | hidden(page))
    assert entity.statuses.count() == 1


def test_two_editors_at_once_one_saves_and_one_compares(signed_in, staff, coordinator, tmp_path):
    entity = EntityFactory(name="Koło")
    calls = []
    for user, name in ((staff, "Krąg"), (coordinator, "Kółko")):
        browser = signed_in(user)
        form = entity_form(name=name) | opened(browser, edit(entity))
        calls.append(lambda browser=browser, form=form: browser.post(edit(entity), form))
    answers = at_once(calls, tmp_path)
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    saved = next(i for i, answer in enumerate(answers) if answer.status_code == 302)
    entity.refresh_from_db()
    assert entity.name == ["Krąg", "Kółko"][saved]
    [other] = [answer for answer in answers if answer.status_code == 409]
    rows = {row.label: row for row in notices(other).conflict.differences}
    assert (rows["Nazwa"].saved, rows["Nazwa"].typed) == (
        [entity.name],
        [["Kółko", "Krąg"][saved]],
    )


@pytest.mark.parametrize("version", ["", "x", "1-2", "9" * 30, "1-2-3-4", "-", "٣-1-1"])
def test_version_made_up_compares_without_what_was_opened(client, staff, version):
    entity = EntityFactory(name="Koło")
    client.force_login(staff)
    form = entity_form(name="Krąg") | {"editing-version": version}
    page = client.post(edit(entity), form)
    [name] = [row for row in notices(page).conflict.differences if row.label == "Nazwa"]
    assert (page.status_code, name.opened, name.saved) == (409, None, ["Koło"])


# Unfinished typing


def autosave(client, url, form):
    return client.post(url, form | {"editing-act": "keep"})


def test_typing_kept_comes_back_without_a_word_of_errors(client, staff):
    client.force_login(staff)
    statuses = [{"basis": "owes"}, {"valid_from": "nie wiem"}]
    form = entity_form(name="", phone="24 1", statuses=statuses) | opened(client, CREATE)
    answer = autosave(client, CREATE, form)
    at = FormDraft.objects.get().updated_at
    assert answer.json()["is_signed_in"] is True
    page = client.get(FormDraft.objects.get().get_absolute_url())
    assert page.context["form"]["phone"].value() == "24 1"
    assert [row["valid_from"].value() for row in page.context["statuses"]] == [None, "nie wiem"]
    text = page.content.decode()
    assert "Przywrócono niezapisany wpis z" in text
    assert "is-invalid" not in text
    assert "Błąd:" not in text
    assert notices(page).draft.updated_at == at
    assert Entity.objects.count() == 0


def test_draft_is_of_the_address_with_its_question(client, staff):
    client.force_login(staff)
    autosave(client, CREATE, entity_form(name="A") | opened(client, CREATE))
    assert notices(client.get(f"{CREATE}?entity=P1")).other_drafts == []


def test_saving_drops_the_draft(client, staff):
    client.force_login(staff)
    form = entity_form() | opened(client, CREATE)
    autosave(client, CREATE, form)
    client.post(CREATE, form)
    assert FormDraft.objects.count() == 0
    autosave(client, CREATE, form)  # sent before the saving, come after it
    assert notices(client.get(CREATE)).other_drafts == []


def typed_name(page):
    return page.context["form"]["name"].value()


def kept_of(client, name):
    """A draft of a new entity, kept by its opened form."""
    form = entity_form(name=name) | opened(client, CREATE)
    autosave(client, CREATE, form)
    return FormDraft.objects.get(opening=form["editing-token"].replace(":", ".").split(".")[2])


def test_two_openings_of_a_form_keep_two_drafts_and_offer_both(client, staff):
    client.force_login(staff)
    first, second = kept_of(client, "Pierwsze okno"), kept_of(client, "Drugie okno")
    page = client.get(CREATE)
    assert typed_name(page) == ""
    assert notices(page).other_drafts == [second, first]
    assert [draft.label for draft in notices(page).other_drafts] == [
        "Drugie okno",
        "Pierwsze okno",
    ]
    text = page.content.decode()
    assert "Niezapisane: 2\u00a0wpisy" in text
    for draft, name in ((first, "Pierwsze okno"), (second, "Drugie okno")):
        assert f'href="{draft.get_absolute_url()}"' in text
        assert typed_name(client.get(draft.get_absolute_url())) == name


def test_drafts_of_others_are_neither_offered_nor_given_back(client, staff):
    client.force_login(staff)
    draft = kept_of(client, "Cudze")
    client.force_login(MembershipFactory().user)
    page = client.get(draft.get_absolute_url())
    assert (typed_name(page), notices(page).other_drafts) == ("", [])


def test_a_draft_taken_up_goes_on_in_the_opening_that_took_it(client, staff):
    client.force_login(staff)
    draft = kept_of(client, "A")
    form = sent(client.get(draft.get_absolute_url()))
    autosave(client, CREATE, form | {"name": "AB"})
    page = client.get(CREATE)
    [waiting] = notices(page).other_drafts
    assert (waiting.label, waiting.opening == draft.opening) == ("AB", False)
    client.post(CREATE, form | {"name": "ABC"})
    assert (Entity.objects.get().name, FormDraft.objects.count()) == ("ABC", 0)


def test_a_draft_typed_on_in_its_first_window_stays_beside_the_one_that_took_it(client, staff):
    client.force_login(staff)
    first = entity_form(name="A") | opened(client, CREATE)
    autosave(client, CREATE, first)
    form = sent(client.get(FormDraft.objects.get().get_absolute_url()))
    autosave(client, CREATE, first | {"name": "A z pierwszego okna"})
    autosave(client, CREATE, form | {"name": "A z drugiego okna"})
    labels = {draft.label for draft in notices(client.get(CREATE)).other_drafts}
    assert labels == {"A z pierwszego okna", "A z drugiego okna"}
    # Both go towards one saving: the second is asked about.
    client.post(CREATE, form | {"name": "A z drugiego okna"})
    assert [draft.label for draft in notices(client.get(CREATE)).other_drafts] == [
        "A z pierwszego okna"
    ]
    page = client.post(CREATE, first | {"name": "A z pierwszego okna"})
    assert (page.status_code, Entity.objects.count()) == (409, 1)


def test_a_dropped_draft_can_be_taken_back(client, staff):
    client.force_login(staff)
    draft = kept_of(client, "Koło")
    put_away = {"editing-act": "drop", "editing-draft": draft.opening}
    page = client.post(CREATE, put_away, follow=True)
    assert (typed_name(page), notices(page).other_drafts) == ("", [])
    assert f"Odrzucono wpis z {clock(draft.updated_at)}: Koło." in page.content.decode()
    undo = {"editing-act": "restore", "editing-draft": draft.opening}
    assertRedirects(client.post(CREATE, undo), draft.get_absolute_url())
    assert typed_name(client.get(draft.get_absolute_url())) == "Koło"


def test_dropping_drops_also_what_was_typed_since_it_was_given_back(client, staff):
    client.force_login(staff)
    draft = kept_of(client, "Koło")
    page = client.get(draft.get_absolute_url())
    autosave(client, CREATE, sent(page) | {"name": "Koło dalej"})
    [form] = html.fromstring(page.content.decode()).xpath("//form[@id='szkic']")
    openings = [value for name, value in form.form_values() if name == "editing-draft"]
    answer = client.post(CREATE, {"editing-act": "drop", "editing-draft": openings})
    assert notices(client.get(CREATE)).other_drafts == []
    assert [draft.label for draft in notices(client.get(answer.url)).dropped] == ["Koło dalej"]


def test_drafts_dropped_together_are_taken_back_together(client, staff):
    client.force_login(staff)
    earlier = kept_of(client, "Wcześniej")
    drafts.drop(staff, CREATE, [earlier.opening])
    for number in range(3):
        kept_of(client, f"Wpis {number}")
    page = html.fromstring(client.get(CREATE).content.decode())
    shown, folded = page.xpath("//*[@id='niezapisane']//ul[contains(@class, 'rows')]")
    assert (len(shown.findall("li")), len(folded.findall("li"))) == (2, 1)
    assert folded.getparent().findtext("summary") == "pokaż wszystkie (3)"
    [form] = page.xpath("//form[.//button[.='Odrzuć wszystkie']]")
    openings = [value for name, value in form.form_values() if name == "editing-draft"]
    put_away = {"editing-act": "drop", "editing-draft": openings}
    page = client.post(CREATE, put_away, follow=True)
    labels = {draft.label for draft in notices(page).dropped}
    assert (labels, notices(page).other_drafts) == ({"Wpis 0", "Wpis 1", "Wpis 2"}, [])
    [form] = html.fromstring(page.content.decode()).xpath("//form[@id='szkic']")
    openings = [value for name, value in form.form_values() if name == "editing-draft"]
    client.post(CREATE, {"editing-act": "restore", "editing-draft": openings})
    assert {draft.label for draft in drafts.waiting(staff)} == labels


def test_leaving_a_form_puts_away_what_is_typed_and_says_how_to_take_it_back(client, staff):
    client.force_login(staff)
    registers = reverse("entities:entity_list")
    form = entity_form(name="Koło") | opened(client, CREATE)
    autosave(client, CREATE, form)
    answer = client.post(CREATE, form | {"name": "Koło dalej", "editing-back": registers})
    assertRedirects(answer, registers, fetch_redirect_response=False)
    draft = drafts.dropped(staff).get()
    assert (list(drafts.waiting(staff)), Entity.objects.count()) == ([], 0)
    page = client.get(registers)
    link = f'Odrzucono wpis: Koło dalej. <a href="{draft.address("dropped")}">Przywróć</a>'
    assert [str(message) for message in page.context["messages"]] == [link]
    assert notices(client.get(draft.address("dropped"))).dropped == [draft]


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/", "javascript:x"])
def test_leaving_a_form_leads_inside_the_program_only(client, staff, back):
    client.force_login(staff)
    form = entity_form() | opened(client, CREATE) | {"editing-back": back}
    assert client.post(CREATE, form).url == CREATE


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/", "javascript:x"])
def test_dropping_leads_back_inside_the_program_only(client, staff, back):
    client.force_login(staff)
    form = {"editing-act": "drop", "editing-draft": "x", "back": back}
    assert client.post(CREATE, form).url == CREATE


@pytest.mark.parametrize("opening", ["%00", "", "x", "%C4%85", "a" * 50])
def test_an_opening_made_up_opens_an_empty_form(client, staff, opening):
    client.force_login(staff)
    page = client.get(f"{CREATE}?draft={opening}&dropped={opening}")
    assert (page.status_code, typed_name(page)) == (200, "")
    sent_back = {"editing-act": "drop", "editing-draft": unquote(opening)}
    assert client.post(CREATE, sent_back).url == CREATE


def test_nobody_drops_the_draft_of_another(client, staff):
    client.force_login(staff)
    draft = kept_of(client, "Koło")
    client.force_login(MembershipFactory().user)
    client.post(CREATE, {"editing-act": "drop", "editing-draft": draft.opening})
    draft.refresh_from_db()
    assert draft.dropped_at is None


def test_typing_on_takes_a_draft_dropped_in_another_window_back(client, staff):
    client.force_login(staff)
    form = entity_form(name="A") | opened(client, CREATE)
    autosave(client, CREATE, form)
    drafts.drop(staff, CREATE, [FormDraft.objects.get().opening])
    autosave(client, CREATE, form | {"name": "AB"})
    assert drafts.waiting(staff).get().label == "AB"


def test_refused_form_is_kept_too(client, staff):
    client.force_login(staff)
    client.post(CREATE, entity_form(name="", phone="24 1") | opened(client, CREATE))
    page = client.get(FormDraft.objects.get().get_absolute_url())
    assert page.context["form"]["phone"].value() == "24 1"


def test_the_only_text_of_a_record_that_is_there_comes_back_unasked(client, staff):
    entity = EntityFactory(name="Koło")
    client.force_login(staff)
    autosave(client, edit(entity), entity_form(name="Kółko") | opened(client, edit(entity)))
    assert typed_name(client.get(edit(entity))) == "Kółko"


def test_of_two_texts_of_one_record_neither_comes_back_unasked(client, staff):
    entity = EntityFactory(name="Koło")
    client.force_login(staff)
    forms = [entity_form(name=name) | opened(client, edit(entity)) for name in ("Krąg", "Kółko")]
    for form in forms:
        autosave(client, edit(entity), form)
    page = client.get(edit(entity))
    assert (typed_name(page), len(notices(page).other_drafts)) == ("Koło", 2)


# Going back after a saving


def test_the_same_content_from_a_form_opened_anew_is_asked_about(client, staff):
    client.force_login(staff)
    client.post(CREATE, entity_form(name="Koło") | opened(client, CREATE))
    page = client.post(CREATE, entity_form(name="Koło") | opened(client, CREATE))
    assert (page.status_code, Entity.objects.count()) == (409, 1)
    assert "ten formularz był już zapisany" in page.content.decode()
    client.post(CREATE, sent(page) | {"not_twin": Entity.objects.get().pk})
    assert Entity.objects.count() == 2


def test_content_asked_about_is_kept_until_it_is_answered(client, staff):
    client.force_login(staff)
    form = entity_form(name="Pierwsza") | opened(client, CREATE)
    client.post(CREATE, form)
    client.post(CREATE, form | {"name": "Druga"})
    assert [draft.label for draft in notices(client.get(CREATE)).other_drafts] == ["Druga"]


def test_content_asked_about_can_correct_the_record_saved_before(client, staff):
    client.force_login(staff)
    statuses = [
        {"basis": "owes", "valid_from": "1.01.2023"},
        {"basis": "voivode", "valid_from": "1.02.2023"},
        {"basis": "voivode", "valid_from": "1.03.2023"},
    ]
    form = entity_form(name="Pierwsza", statuses=statuses) | opened(client, CREATE)
    client.post(CREATE, form)
    entity = Entity.objects.get()
    statuses = list(entity.statuses.order_by("pk"))
    # The second row is taken out, the first one is mended.
    typed = form | {"name": "Druga", "statuses-0-valid_from": "2.01.2023"}
    typed |= {"statuses-1-basis": "", "statuses-1-valid_from": ""}
    page = client.post(CREATE, typed)
    answer = client.post(CREATE, typed | hidden(page) | {"editing-act": "correct"})
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, edit(entity))
    page = client.get(answer.url)
    assert typed_name(page) == "Druga"
    client.post(edit(entity), sent(page))
    entity.refresh_from_db()
    rows = [(row.pk, str(row.valid_from)) for row in entity.statuses.order_by("pk")]
    assert (Entity.objects.count(), entity.name, rows) == (
        1,
        "Druga",
        [(statuses[0].pk, "2023-01-02"), (statuses[1].pk, "2023-03-01")],
    )
    assert FormDraft.objects.count() == 0


def test_a_saved_opening_asked_for_again_says_where_its_record_is(client, staff):
    client.force_login(staff)
    form = entity_form(name="Koło") | opened(client, CREATE)
    client.post(CREATE, form)
    opening = Submission.objects.get().opening
    page = client.get(CREATE, {"draft": opening})
    text = page.content.decode()
    assert typed_name(page) == ""
    assert "Ten formularz był już zapisany" in text
    assert f'href="{edit(Entity.objects.get())}"' in text


def test_rows_added_after_going_back_do_not_answer_the_question(client, staff, project):
    """A button that only arranges the form is no saving: its page keeps the form's token."""
    client.force_login(staff)
    url = reverse("support:service_create", args=["sputnik-ii"])
    form = sent(client.get(url)) | {"topic": "Jedna", "type": ServiceType.objects.first().pk}
    assert client.post(url, form | {"act": "draft"}).status_code == 302
    page = client.post(url, form | {"topic": "Druga", "act": "add_session"})
    assert (page.status_code, hidden(page)["editing-token"]) == (200, form["editing-token"][0])
    page = client.post(url, form | {"topic": "Druga", "act": "draft"})
    assert (page.status_code, Service.objects.count()) == (409, 1)


def test_draft_of_an_older_version_still_leads_to_the_comparison(client, staff):
    entity = EntityFactory(name="Koło")
    client.force_login(staff)
    autosave(client, edit(entity), entity_form(name="Kółko") | opened(client, edit(entity)))
    entity.name = "Krąg"
    entity.save()
    page = client.get(edit(entity))
    assert "Od tamtej pory zmieniono ten zapis." in page.content.decode()
    answer = client.post(edit(entity), entity_form(name="Kółko") | hidden(page))
    assert (answer.status_code, Entity.objects.get().name) == (409, "Krąg")


def test_draft_too_long_is_refused_in_words(client, staff):
    client.force_login(staff)
    form = entity_form(name="x" * drafts.LIMIT) | opened(client, CREATE)
    answer = autosave(client, CREATE, form)
    assert (answer.status_code, answer.json()["refusal"]) == (
        413,
        "Szkicu nie zapisano: wpis jest za długi. Zapisz formularz.",
    )


def test_draft_without_a_token_is_refused_and_saves_nothing(client, staff):
    client.force_login(staff)
    answer = autosave(client, CREATE, entity_form())
    assert (answer.status_code, Entity.objects.count(), FormDraft.objects.count()) == (400, 0, 0)


# A sign-in that expired


def test_form_sent_after_the_sign_in_expired_comes_back_after_signing_in(client, staff):
    client.force_login(staff)
    form = entity_form(name="Długo pisane") | opened(client, CREATE)
    client.logout()
    answer = client.post(CREATE, form, follow=True)
    assert "To, co było wpisane, wróci do formularza po zalogowaniu." in answer.content.decode()
    assert Entity.objects.count() == 0
    client.force_login(staff)
    page = client.get(unquote(answer.redirect_chain[-1][0].split("next=")[1]))
    assert page.context["form"]["name"].value() == "Długo pisane"


def test_form_sent_after_the_sign_in_expired_comes_back_to_nobody_else(client, staff):
    client.force_login(staff)
    form = entity_form(name="Długo pisane") | opened(client, CREATE)
    client.logout()
    client.post(CREATE, form)
    client.force_login(MembershipFactory().user)
    page = client.get(FormDraft.objects.get().get_absolute_url())
    assert (notices(page).draft, page.context["form"]["name"].value()) == (None, "")


def test_typing_is_kept_when_the_sign_in_expired_unseen(client, staff):
    client.force_login(staff)
    form = entity_form(name="Długo pisane") | opened(client, CREATE)
    client.logout()
    assert autosave(client, CREATE, form).json()["is_signed_in"] is False
    assert drafts.typed_in(drafts.waiting(staff, CREATE).get())["name"] == "Długo pisane"


def test_stranger_keeps_nothing(client, db):
    answer = client.post(CREATE, entity_form())
    assert (answer.status_code, FormDraft.objects.count()) == (302, 0)


def test_form_older_than_the_last_sign_in_says_that_the_text_is_kept(staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    form = entity_form(name="Długo pisane") | opened(client, CREATE)
    page = client.post(CREATE, form | {"csrfmiddlewaretoken": "x" * 64})
    text = page.content.decode()
    assert page.status_code == 403
    assert "To, co było wpisane, jest zachowane." in text
    here = FormDraft.objects.get().get_absolute_url()
    assert f'href="{here}"' in text
    assert client.get(here).context["form"]["name"].value() == "Długo pisane"


def test_form_that_ends_in_an_error_of_the_program_is_kept(client, staff, monkeypatch):
    client.raise_request_exception = False
    client.force_login(staff)
    form = entity_form(name="Długo pisane") | opened(client, CREATE)
    monkeypatch.setattr(Entity, "new_code", lambda: 1 / 0)
    assert client.post(CREATE, form).status_code == 500
    assert drafts.typed_in(drafts.waiting(staff, CREATE).get())["name"] == "Długo pisane"


def test_account_of_the_team_has_a_version_too(client, administrator, project):
    member = MembershipFactory(user=UserFactory(name="Ewa"))
    url = reverse("support:account_edit", args=[project.slug, member.pk])
    client.force_login(administrator)
    form = {"name": "Ola", "email": member.user.email, "is_active": "on"} | opened(client, url)
    member.user.name = "Anna"
    member.user.save()
    page = client.post(url, form)
    [row] = notices(page).conflict.differences
    assert (page.status_code, row.saved, row.typed) == (409, ["Anna"], ["Ola"])
