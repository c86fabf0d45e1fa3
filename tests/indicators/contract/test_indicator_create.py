import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from indicators.contract.composer_forms import RuleForm
from indicators.counting.blocks import BASES
from indicators.models import IndicatorRule
from support.models import AdoptionKind, ServiceType
from tests.factories import EntityFactory, PersonFactory
from tests.indicators.given import DAY, counted, supported
from tests.indicators.rules import CODES, FIRST

URL = reverse("indicators:indicator_create", args=["sputnik-ii"])


def payload(**changes):
    return {
        "base": "present",
        "whom": "pes",
        "represented_in_area": "on",
        "sex": "K",
        "valid_from": "5.04.2022",
        "basis": "aneks nr 3",
        "name": "Liczba kobiet objętych wsparciem",
        "short_name": "Kobiety w PES",
        "label": "kobiety",
    } | changes


def came():
    entity = EntityFactory(code="P1")
    supported(DAY, entity=entity, person=PersonFactory(code="O1", sex="K"), code="U/1")
    supported(DAY, entity=entity, person=PersonFactory(code="O2", sex="M"), code="U/2")


def test_indicator_create_makes_an_indicator_that_counts(client, coordinator, project):
    came()
    client.force_login(coordinator)
    client.post(URL, payload())
    row = project.indicators.last()
    assert (row.code, row.position, row.name) == (
        "kobiety_w_pes",
        len(CODES),
        "Liczba kobiet objętych wsparciem",
    )
    rule = row.rules.get()
    assert (rule.valid_from, rule.basis) == (FIRST, "aneks nr 3")
    assert rule.blocks == [{"block": "present"}, {"block": "sex"}]
    assert counted("kobiety_w_pes") == {"O1": DAY}


def test_a_preview_counts_and_saves_nothing(client, coordinator, project):
    came()
    client.force_login(coordinator)
    # Nothing but the blocks is needed for it.
    data = payload(act="preview", valid_from="", basis="", name="", short_name="", label="")
    shown = client.post(URL, data, headers={"hx-request": "true"})
    preview = shown.context["preview"]
    assert (preview.today, preview.at_end, preview.before) == (1, 1, None)
    assert [(record.code, day) for record, day, _ in preview.records] == [("O1", DAY)]
    assertContains(shown, "jest kobietą")
    assert project.indicators.count() == len(CODES)


def test_without_a_script_the_preview_is_a_page_with_what_was_typed(client, coordinator):
    client.force_login(coordinator)
    page = client.post(URL, payload(act="preview"))
    assert page.context["form"]["sex"].value() == "K"
    assertContains(page, "Nic nie jest zapisane")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"base": ""}, "base", "Wybierz, co się liczy."),
        ({"pes_form": "on"}, "pes_form", "Nie pasuje do: osoby obecne na usługach."),
        ({"services_1": "2"}, "services_1", "Nie pasuje do: osoby obecne na usługach."),
        ({"at_most": "130"}, "at_most", "Najwięcej 120."),
        ({"valid_from": "1.01.2025"}, "valid_from", "Podaj dzień z okresu projektu, "),
        ({"basis": ""}, "basis", "Uzupełnij to pole."),
    ],
)
def test_indicator_create_refuses_a_rule_at_its_field(
    client, coordinator, project, changes, field, sentence
):
    client.force_login(coordinator)
    errors = client.post(URL, payload(**changes)).context["form"].errors
    assert list(errors) == [field]
    assert errors[field][0].startswith(sentence)
    assert project.indicators.count() == len(CODES)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "Uzupełnij to pole."),
        ({"label": "PES"}, "label", "Projekt ma już wskaźnik o tej etykiecie."),
        ({"noun": "kobieta,kobiety"}, "noun", "Podaj 3 formy po przecinkach."),
        ({"lacks": "kobiety"}, "lacks", "Podaj 2 formy po przecinkach."),
        (
            {"achieved": "Objęto {}"},
            "achieved",
            "Podaj początek zdania razem z odmianą.",
        ),
        (
            {"achieved": "Objęto", "achieved_noun": "kobietę,kobiety,kobiet"},
            "achieved",
            "Wpisz {} tam, gdzie ma stać liczba.",
        ),
    ],
)
def test_indicator_create_refuses_names_at_their_field(
    client, coordinator, project, changes, field, sentence
):
    client.force_login(coordinator)
    words = client.post(URL, payload(**changes)).context["words"]
    assert words.errors == {field: [sentence]}
    assert project.indicators.count() == len(CODES)


def test_a_new_indicator_opens_without_a_word_of_another_version(client, coordinator):
    client.force_login(coordinator)
    assertNotContains(client.get(URL), 'id="wersje"')


def test_a_code_is_never_used_again(client, coordinator, project):
    client.force_login(coordinator)
    client.post(URL, payload())
    project.indicators.last().delete()
    client.post(URL, payload())
    assert project.indicators.last().code == "kobiety_w_pes_2"


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_indicator_create_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]


def test_indicator_create_leads_back_to_the_step_of_a_new_project(client, coordinator, project):
    client.force_login(coordinator)
    answer = client.post(URL + "?from=setup", payload())
    assertRedirects(answer, reverse("indicators:setup_indicators", args=["sputnik-ii"]))
    assert project.indicators.last().code == "kobiety_w_pes"


def test_the_composer_knows_the_usual_conditions_of_each_base(client, coordinator):
    client.force_login(coordinator)
    sections = client.get(URL).context["form"].sections()
    usual = {field.name: bases for _, _, fields in sections for field, _, bases in fields}
    assert {name: bases for name, bases in usual.items() if bases} == {
        "pes_form": "supported founded adopted",
        "in_area": "supported founded adopted",
        "jst_in_area": "cooperating",
    }


SAID = {
    "": ["Bez zaznaczenia: każda usługa wsparcia.", "Każdy podany warunek musi być spełniony."],
    "hours": [
        "Bez zaznaczenia: godziny każdej usługi wsparcia.",
        "Dodają się terminy usług, bez warunków co do podmiotów i osób.",
    ],
    "heads": [
        "Bez zaznaczenia: każde wydarzenie otwarte, także takie, które nie jest wsparciem.",
        "Dodają się usługi, bez warunków co do podmiotów i osób.",
    ],
    "present": [
        "Bez zaznaczenia: każda usługa wsparcia.",
        "Każdy podany warunek musi spełniać osoba.",
    ],
}


@pytest.mark.parametrize("base", SAID)
def test_the_composer_says_what_fits_the_base(client, coordinator, base):
    client.force_login(coordinator)
    form = client.post(URL, {"act": "preview", "base": base}).context["form"]
    hints = [words for _, hints, _ in form.sections() for _, words, is_said in hints if is_said]
    assert hints == SAID[base]


def test_the_composer_has_words_for_every_base(client, coordinator):
    client.force_login(coordinator)
    sections = client.get(URL).context["form"].sections()
    said = [" ".join(bases for bases, _, _ in hints).split() for _, hints, _ in sections if hints]
    every = sorted(["none", *(base.code for base in BASES)])
    assert [sorted(bases) for bases in said] == [every, every]


def test_indicator_create_composes_of_a_kind_of_the_dictionary(client, coordinator, project):
    client.force_login(coordinator)
    AdoptionKind.objects.create(pk="statut", name="nowy statut")
    chosen = payload(base="adopted", adoption_kind="statut", sex="")
    client.post(URL, chosen)
    client.post(URL, chosen | {"linked": "on", "short_name": "Po usłudze", "label": "po usłudze"})
    rules = IndicatorRule.objects.filter(indicator__project=project, blocks__icontains="statut")
    assert [rule.blocks[0] for rule in rules.order_by("pk")] == [
        {"block": "adopted", "kind": "statut", "linked": False},
        {"block": "adopted", "kind": "statut"},
    ]
    assert [RuleForm.initial_of(rule)["linked"] for rule in rules.order_by("pk")] == [False, True]


def test_the_composer_offers_types_of_services_by_their_groups(client, coordinator):
    client.force_login(coordinator)
    offered = client.get(URL).context["form"].fields["types"].choices
    assert [(name, len(types)) for name, types in offered] == [
        ("doradztwo", 9),
        ("szkolenia", 3),
        ("inne", 10),
    ]
    ServiceType.objects.update(group="")
    offered = client.get(URL).context["form"].fields["types"].choices
    assert offered == list(ServiceType.objects.values_list("pk", "name"))
