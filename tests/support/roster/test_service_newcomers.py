"""New people and pasted rows in the roster on the page of a service."""

import pytest
from django.urls import reverse
from lxml import html
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from entities.models import NotDuplicate, Person, Representation
from support.models import Attendance, PasteBatch, Service
from tests.factories import EntityFactory, PersonFactory
from tests.markup import tight
from tests.owes.form_page import hidden
from tests.pickers import exact, offered
from tests.support.services.test_service_create import URL, entity, payload, person, signed_in  # noqa: F401

NEW = "Jan Bór (nowa osoba, M, 601 602 603)"


def present():
    rows = Attendance.objects.order_by("person__last_name", "day")
    return [(str(row.person), row.entity.code, row.day.day) for row in rows]


def test_a_new_person_in_a_row_is_saved_with_the_service(signed_in, payload, entity):  # noqa: F811
    answer = signed_in.post(URL, payload(roster__0__person=NEW, roster__0__s1="yes"))
    assertRedirects(answer, Service.objects.get().get_absolute_url())
    new = Person.objects.get(first_name="Jan")
    assert (new.last_name, new.sex, new.phone) == ("Bór", "M", "601 602 603")
    assert [(row.entity, row.person) for row in Representation.objects.all()] == [(entity, new)]
    assert present() == [("Jan Bór", "P021", 8), ("Jan Bór", "P021", 9)]
    assert not PasteBatch.objects.exists()


def test_one_newcomer_of_two_entities_is_one_person(signed_in, payload):  # noqa: F811
    EntityFactory(code="P022")
    form = payload(
        recipients=["P021", "P022"],
        roster__0__person=NEW,
        roster__1__person="jan bór (nowa osoba, M)",
        roster__1__entity="P022",
        roster__1__s0="yes",
    )
    signed_in.post(URL, form)
    assert Person.objects.filter(last_name="Bór").count() == 1
    assert present() == [("Jan Bór", "P021", 8), ("Jan Bór", "P022", 8)]


def test_a_name_not_in_the_register_is_offered_as_new_under_its_row(signed_in, payload):  # noqa: F811
    page = signed_in.post(URL, payload(roster__0__person="Jan Bór", act="submit"))
    assertContains(page, "Nie ma w rejestrze osoby „Jan Bór”.")
    assertContains(page, 'value="person:0:Jan Bór (nowa osoba, M)">nowa osoba: mężczyzna</button>')
    page = signed_in.post(
        URL, payload(roster__0__person="Jan Bór", act="person:0:Jan Bór (nowa osoba, M)")
    )
    assert 'id="id_roster-0-person" value="Jan Bór (nowa osoba, M)"' in tight(page)
    assert not Person.objects.filter(last_name="Bór").exists()


def test_a_likely_twin_is_asked_about_and_the_answer_kept(signed_in, payload, entity):  # noqa: F811
    twin = PersonFactory(code="O7", first_name="Jan", last_name="Bor", sex="M")
    page = signed_in.post(URL, payload(roster__0__person=NEW, act="submit"))
    assertContains(page, "Podobna osoba jest już w rejestrze (wspólne: imię i nazwisko).")
    assertContains(page, 'value="person:0:Jan Bor (O7)">to Jan Bor (O7)</button>')
    sure = "Jan Bór (na pewno nowa osoba, M, 601 602 603)"
    assertContains(page, f'value="person:0:{sure}">to inna, nowa osoba</button>')
    signed_in.post(URL, payload(roster__0__person=sure))
    new = Person.objects.get(last_name="Bór")
    pair = NotDuplicate.objects.get()
    assert {pair.first_key, pair.second_key} == {twin.pk, new.pk}


def picks(page):
    """What is offered under each row of the roster that is asked about."""
    rows = page.context["entry"].roster.shown
    return [[words for _, words, _ in row.suggestions] for row in rows if row.errors]


def of_another(first_name, last_name, **fields):
    """Somebody of the register who represents another entity than the service is for."""
    person = PersonFactory(first_name=first_name, last_name=last_name, sex="K", **fields)  # noqa: F811
    other = EntityFactory(code="P022", name="KGW „Kalinka”")
    Representation.objects.create(person=person, entity=other)
    return person


@pytest.mark.parametrize(
    ("name", "sexes"),
    [
        ("Dnauta Chojnacka (nowa osoba, K)", ["to inna, nowa osoba"]),
        ("Dnauta Chojnacka (nowa osoba)", ["nowa osoba: kobieta", "nowa osoba: mężczyzna"]),
        ("Dnauta Chojnacka", ["nowa osoba: kobieta", "nowa osoba: mężczyzna"]),
        ("chojncka danuta", ["nowa osoba: kobieta", "nowa osoba: mężczyzna"]),
    ],
)
def test_one_of_another_entity_whom_a_new_name_is_near_is_asked_about_once(
    signed_in,  # noqa: F811
    payload,  # noqa: F811
    name,
    sexes,
):
    known = of_another("Danuta", "Chojnacka", code="O7")
    page = signed_in.post(URL, payload(roster__0__person=name, act="submit"))
    assert picks(page) == [["to Danuta Chojnacka (O7), KGW „Kalinka”", *sexes]]
    told = page.context["entry"].roster.forms[0].suggestions[1][2]
    answer = signed_in.post(URL, payload(roster__0__person=told))
    assertRedirects(answer, Service.objects.get().get_absolute_url())
    new = Person.objects.get(sex="K", code__startswith="NO")
    pair = NotDuplicate.objects.get()
    assert {pair.first_key, pair.second_key} == {known.pk, new.pk}


def test_two_of_one_name_are_asked_about_once(signed_in, payload):  # noqa: F811
    for code in ("O7", "O8"):
        PersonFactory(code=code, first_name="Anna", last_name="Bór", sex="K")
    page = signed_in.post(URL, payload(roster__0__person="Anna Bór", act="submit"))
    new = ["nowa osoba: kobieta", "nowa osoba: mężczyzna"]
    assert picks(page) == [["to Anna Bór (O7)", "to Anna Bór (O8)", *new]]
    told = page.context["entry"].roster.forms[0].suggestions[2][2]
    signed_in.post(URL, payload(roster__0__person=told))
    assert (Service.objects.count(), NotDuplicate.objects.count()) == (1, 2)


def test_saving_a_draft_keeps_the_right_rows_and_the_wrong_one_waits(signed_in, payload):  # noqa: F811
    wrong = {"roster__1__person": "Nieznana Osoba1", "roster__1__entity": "P021"}
    form = payload(roster__0__person=NEW, roster__1__s0="yes", **wrong)
    page = signed_in.post(URL, form, follow=True)
    service = Service.objects.get()
    url = reverse("support:service_edit", args=["sputnik-ii", service.pk])
    assert page.request["PATH_INFO"] == url
    assert present() == [("Jan Bór", "P021", 8)]
    # One sentence says it all: nothing beside it says that nothing, or something else, is saved.
    text = page.content.decode()
    told = [" ".join(row.split()) for row in html.fromstring(text).xpath("//main//h2/text()")]
    assert told[0] == (f"Zapisano szkic usługi {service.code}. 1 wiersz listy czeka na poprawę:")
    others = ("nie zapisano", "Przywrócono", "Popraw najpierw")
    assert [words for words in others if words in text] == []
    assert list(page.context["messages"]) == []
    assert text.count('class="callout is-') == 1
    assertContains(page, "Nie ma w rejestrze osoby „Nieznana Osoba1”.")
    assertContains(page, 'value="Nieznana Osoba1"')
    new = Person.objects.get(last_name="Bór")
    assertContains(page, f'value="Jan Bór ({new.code})"')
    submit = reverse("support:service_submit", args=["sputnik-ii", service.pk])
    refused = signed_in.post(submit, follow=True)
    assertContains(refused, "W formularzu tej usługi jest niezapisany wpis")
    service.refresh_from_db()
    assert service.state == Service.State.DRAFT
    mended = payload(
        roster__0__person=f"Jan Bór ({new.code})",
        roster__1__person="Kamila Kubiak (O0001)",
        roster__1__entity="P021",
        roster__1__s0="yes",
        act="submit",
    )
    assertRedirects(signed_in.post(url, mended | hidden(page)), service.get_absolute_url())
    assert present() == [("Jan Bór", "P021", 8), ("Kamila Kubiak", "P021", 8)]
    service.refresh_from_db()
    assert service.state == Service.State.SUBMITTED


def test_submitting_refuses_while_a_row_is_wrong(signed_in, payload):  # noqa: F811
    page = signed_in.post(
        URL, payload(roster__1__person="Nieznana Osoba1", roster__1__entity="P021", act="submit")
    )
    assert page.status_code == 200
    assertContains(page, "Nie ma w rejestrze osoby „Nieznana Osoba1”.")
    assert not Service.objects.exists()


ROWS = "\n".join(
    [
        "Kamila Kubiak\tP021",
        "Jan Bór\tP021\tM\t601602603",
        "Ewa Mak\tKoło Drugie\tK\t\tewa@example.org",
        "Adam Lis\tP021",
    ]
)


@pytest.fixture
def pasted(signed_in, payload):  # noqa: F811
    EntityFactory(code="P022", name="Koło Drugie")
    return signed_in.post(
        URL,
        payload(
            roster__0__person="",
            roster__0__entity="",
            roster__0__s0=None,
            act="paste",
            paste=ROWS,
        ),
    )


def typed_in(page):
    return [
        (row["person"].value(), row["entity"].value())
        for row in page.context["entry"].roster.shown
    ]


def test_pasted_rows_stand_in_the_roster_with_what_is_wrong(pasted):
    name = "Spółdzielnia Socjalna „Próba” (P021)"
    assert typed_in(pasted) == [
        ("Kamila Kubiak (O0001)", name),
        ("Jan Bór (nowa osoba, M, 601602603)", name),
        ("Ewa Mak (nowa osoba, K, ewa@example.org)", "Koło Drugie (P022)"),
        ("Adam Lis (nowa osoba)", name),
    ]
    assertContains(pasted, "<h2>Wklejone wiersze są na liście. Popraw 1\xa0miejsce:</h2>")
    assertNotContains(pasted, "nie zapisano")
    assertContains(pasted, "Wiersz 4: Podaj płeć: wybierz niżej albo dopisz w nawiasie K lub M.")
    assertNotContains(pasted, "Wiersz 1:")
    assert [entity.code for entity in pasted.context["entry"].recipients] == ["P021", "P022"]  # noqa: F811
    assert not Service.objects.exists()
    assert Person.objects.count() == 1


def test_pasted_rows_tell_what_they_would_change_before_saving(pasted):
    changes = {
        row.code: (row.before, row.after) for row in pasted.context["entry"].effects.changes
    }
    assert changes["representatives"] == (0, 3)


def test_pasted_rows_are_saved_once_and_taken_back_together(signed_in, payload, pasted):  # noqa: F811
    rows = {}
    for place, (who, of) in enumerate(typed_in(pasted)[:3]):
        rows |= {
            f"roster-{place}-person": who,
            f"roster-{place}-entity": of,
            f"roster-{place}-s0": "yes",
            f"roster-{place}-pasted": "1",
        }
    form = payload(recipients=["P021", "P022"], roster__TOTAL_FORMS=3) | rows
    signed_in.post(URL, form)
    names = [("Jan Bór", "P021", 8), ("Kamila Kubiak", "P021", 8), ("Ewa Mak", "P022", 8)]
    assert present() == names
    service = Service.objects.get()
    url = reverse("support:service_edit", args=["sputnik-ii", service.pk])
    page = signed_in.get(url)
    saved = {f"roster-{place}-person": who for place, (who, _) in enumerate(typed_in(page)[:3])}
    saved |= {f"roster-{place}-entity": of for place, (_, of) in enumerate(typed_in(page)[:3])}
    again = signed_in.post(url, form | saved | {"act": "paste", "paste": ROWS} | hidden(page))
    assert [who for who, _ in typed_in(again)][3:] == ["Adam Lis (nowa osoba)"]
    batch = PasteBatch.objects.get()
    assert (batch.attendance_count, batch.people_count) == (3, 2)
    batch.undo()
    assert present() == []
    assert [str(row) for row in Person.objects.all()] == ["Kamila Kubiak"]


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        ("Anna Chojnacka\tP022", []),
        ("Anna Chojnacka (O7)\tP021", []),
        ("Anna Chojnacka\tP021\tK", ["to inna, nowa osoba"]),
        ("Anna Chojnacka\t\t", ["nowa osoba: kobieta", "nowa osoba: mężczyzna"]),
    ],
)
def test_a_pasted_name_is_of_the_one_known_unless_the_entity_is_another(
    signed_in,  # noqa: F811
    payload,  # noqa: F811
    row,
    asked,
):
    of_another("Anna", "Chojnacka", code="O7")
    page = signed_in.post(
        URL,
        payload(
            roster__0__person="", roster__0__entity="", paste=row, roster__0__s0=None, act="paste"
        ),
    )
    known = ["to Anna Chojnacka (O7), KGW „Kalinka”"]
    assert picks(page) == ([[*known, *asked]] if asked else [])
    if not asked:
        assert typed_in(page)[0][0] == "Anna Chojnacka (O7)"


def test_pasted_rows_that_are_alike_are_said_to_be_one(signed_in, payload):  # noqa: F811
    rows = "Jan Bór\tP021\tM\nEwa Mak\tP021\tK\nJan Bór\tP021\tM\nJan Bór\tP021\tM"
    rows += "\nKamila Kubiak\tP021"
    known = "Spółdzielnia Socjalna „Próba” (P021)"
    page = signed_in.post(URL, payload(roster__0__entity=known, act="paste", paste=rows))
    assert [who for who, _ in typed_in(page)] == [
        "Kamila Kubiak (O0001)",
        "Jan Bór (nowa osoba, M)",
        "Ewa Mak (nowa osoba, K)",
    ]
    assert page.context["entry"].pasted_notes == [
        "Jan Bór (nowa osoba, M): 3\xa0takie same wiersze, wzięto jeden.",
        "Kamila Kubiak (O0001): jest już na liście.",
    ]
    assertContains(page, "takie same wiersze, wzięto jeden.")


def test_the_field_suggests_a_new_person(signed_in):  # noqa: F811
    url = reverse("support:service_people", args=["sputnik-ii"])
    new = ["Jan Bór (nowa osoba, M)", "Jan Bór (nowa osoba, K)"]
    assert offered(signed_in, url, "Jan Bór") == new
    assert exact(signed_in, url, "Jan Bór") is None
    assert offered(signed_in, url, "Jan") == []


def test_a_namesake_who_represents_another_entity_is_asked_about(signed_in, payload):  # noqa: F811
    kalinka = EntityFactory(name="KALINKA")
    anna = PersonFactory(code="O7", first_name="Anna", last_name="Bór", sex="K")
    Representation.objects.create(person=anna, entity=kalinka)
    page = signed_in.post(URL, payload(roster__0__person="Anna Bór", act="submit"))
    row = page.context["entry"].roster.forms[0]
    assert row.errors["person"] == [
        "Anna Bór (O7) reprezentuje w rejestrze kogo innego. Kto to jest?"
    ]
    assert picks(page) == [
        ["to Anna Bór (O7), KALINKA", "nowa osoba: kobieta", "nowa osoba: mężczyzna"]
    ]
    signed_in.post(URL, payload(roster__0__person="Anna Bór (O7)"))
    assert [code for _, code, _ in present()] == ["P021"]
    # She came for it by now, so her name alone is clear.
    again = signed_in.post(URL, payload(roster__0__person="Anna Bór", act="submit"))
    assert not again.context or not again.context["entry"].roster.forms[0].errors.get("person")
