"""The forms that are signed: what they print of a record, and what they leave to a pen."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from support.models import Enrolment
from support.papers import statements
from support.papers.codes import Paper, read
from support.papers.destinations import destination
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    MembershipFactory,
    PartnershipFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    jst,
)
from tests.support.papers.printed import A4, facts, pages, tags, text

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.pdf]
LONG = "Stowarzyszenie Opieki nad Dziećmi Wędrującymi i Ich Opiekunami „Latawiec–2”"


def entity_of_two_kinds():
    entity = EntityFactory(name=LONG, nip="5260250995", krs="0000536389", seat=jst("140401"))
    entity.activities.create(kind="paid", since=date(2023, 1, 1))
    entity.activities.create(kind="business", since=date(2020, 1, 1), until=date(2021, 1, 1))
    entity.statuses.create(basis="voivode", valid_from=date(2023, 2, 1), decision_number="PS/7")
    entity.statuses.create(basis="owes", valid_from=date(2020, 2, 1), valid_until=date(2021, 2, 1))
    return entity


@pytest.mark.parametrize(
    ("make", "number"),
    [
        (statements.application, 2),
        (statements.declaration, 2),
        (statements.adoption, 1),
        (statements.agreement, 1),
        (statements.meeting, 1),
    ],
)
def test_blank_form_fits_its_pages_and_is_accessible(project, make, number):
    printout = make(project)
    content = printout.pdf()
    assert (len(pages(content)), facts(content)["sizes"]) == (number, {A4})
    assert facts(content) | {"title": ""} == {
        "language": "pl",
        "is_marked": True,
        "title": "",
        "sizes": {A4},
        "are_fonts_embedded": True,
    }
    assert (tags(content)["/H1"], printout.code in text(content)) == (1, True)


@pytest.mark.parametrize(
    ("make", "record", "paper"),
    [
        (statements.application, EntityFactory, Paper.APPLICATION),
        (statements.declaration, PersonFactory, Paper.DECLARATION),
        (statements.adoption, AdoptionFactory, Paper.ADOPTION),
        (statements.agreement, PartnershipFactory, Paper.AGREEMENT),
        (statements.meeting, PartnershipFactory, Paper.MEETING),
    ],
)
def test_code_of_a_form_leads_to_its_record_and_of_a_blank_one_to_none(
    project, make, record, paper
):
    row = record()
    codes = [read(make(project, row).code), read(make(project).code)]
    assert [(code.paper, code.project, code.keys) for code in codes] == [
        (paper, project.pk, (row.pk,)),
        (paper, project.pk, (0,)),
    ]


def test_scan_of_a_blank_form_is_told_from_a_wrong_code(project):
    with pytest.raises(ValidationError) as refused:
        destination(read(statements.declaration(project).code), project)
    [sentence] = refused.value.messages
    assert "jest z pustego druku (deklaracja uczestnika)" in sentence


def test_application_prints_what_the_register_knows(project):
    entity = entity_of_two_kinds()
    entity.representations.create(person=PersonFactory(last_name="Żuk"), role="prezes")
    gone = PersonFactory(last_name="Dawny")
    entity.representations.create(person=gone, until=date(2020, 1, 1))
    Enrolment.objects.create(project=project, entity=entity, joined_on=date(2023, 3, 9))
    printout = statements.application(project, statements.entities().get(pk=entity.pk))
    paper = text(printout.pdf())
    for words in (
        LONG,
        "526-025-09-95",
        "Łucja Żuk",
        "prezes",
        "gostyniński",
        "☑ odpłatna działalność pożytku publicznego",
        "☐ działalność gospodarcza",
        "☐ potwierdzony przez OWES",
        "☑ nadany decyzją wojewody od 01.02.2023, nr PS/7",
        "09.03.2023",
    ):
        assert words in paper
    assert "Dawny" not in paper


def test_application_of_many_representatives_names_them_all(project):
    entity = EntityFactory()
    for number in range(30):
        person = PersonFactory(last_name=f"Nazwisko{number:02d}")
        entity.representations.create(person=person)
    paper = text(statements.application(project, statements.entities().get(pk=entity.pk)).pdf())
    assert [f"Nazwisko{number:02d}" in paper for number in range(30)] == [True] * 30


def test_declaration_asks_for_little_and_carries_the_clause(project):
    project.clause, project.clause_version = "1. Treść [kto].\n\n2. Druga.", "7/2024"
    person = PersonFactory(last_name="Siemiątkowska-Krajewska", birth_date=date(1980, 5, 6))
    person.representations.create(entity=EntityFactory(name=LONG), role="skarbnik")
    project.declarations.create(person=person, signed_on=date(2023, 4, 5))
    paper = text(statements.declaration(project, person).pdf())
    for words in (
        "Siemiątkowska-Krajewska",
        "1980",
        LONG,
        "skarbnik",
        "☑ kobieta",
        "☐ mężczyzna",
        "Klauzula informacyjna, wersja 7/2024",
        "1. Treść [kto].",
        "co najmniej 80% jego czasu",
        "05.04.2023",
    ):
        assert words in paper
    assert ["PESEL" in paper, "06.05.1980" in paper] == [False, False]


def test_declaration_of_an_earlier_clause_is_to_be_signed_anew(project):
    person = PersonFactory()
    project.declarations.create(person=person, signed_on=date(2023, 4, 5), clause_version="dawna")
    assert "05.04.2023" not in statements.declaration(project, person).html()


def test_adoption_says_what_came_of_which_services(project):
    service = ServiceFactory(code="U/7", topic="Chmura")
    row = AdoptionFactory(
        entity=EntityFactory(name=LONG), description="Wspólny dysk", services=[service]
    )
    paper = text(statements.adoption(project, row).pdf())
    for words in (LONG, "Wspólny dysk", "U/7", "Doradztwo ogólne: Chmura", "09.05.2023"):
        assert words in paper
    assert "☑ rozwiązanie cyfrowe" in paper
    assert "☐ działanie na rzecz środowiska" in paper


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("agreement", "Porozumienie o współpracy"),
        ("letter", "List intencyjny"),
        ("meeting", "Notatka ze spotkania"),
        ("task", "Notatka ze spotkania"),
        ("clause", "Notatka ze spotkania"),
        ("training", "Notatka ze spotkania"),
    ],
)
def test_kind_of_an_act_says_what_is_signed(project, kind, title):
    assert statements.cooperation(project, PartnershipFactory(kind=kind)).title == title


@pytest.mark.parametrize(
    ("code", "party", "office"),
    [
        ("140401", "Gmina Gostynin (miejska)", "burmistrz"),
        ("141908", "Gmina Mała Wieś (wiejska)", "wójt"),
        ("1419", "Powiat płocki", "starosta"),
        ("1462", "Miasto Płock", "prezydent miasta"),
        ("14", "Województwo mazowieckie", "marszałek województwa"),
    ],
)
def test_agreement_names_the_party_and_who_acts_for_it(project, code, party, office):
    row = PartnershipFactory(local_government=jst(code))
    paper = text(statements.agreement(project, row).pdf())
    assert [party in paper, f"({office})" in paper] == [True, True]


def test_agreement_prints_the_terms_of_the_project(project):
    project.agreement = "§ 1. Cel\n\nWspólna praca."
    row = PartnershipFactory(
        document_number="5/2023", description="Szczegóły.", entities=[EntityFactory(name=LONG)]
    )
    paper = text(statements.agreement(project, row).pdf())
    for words in ("nr 5/2023", "09.03.2023", "§ 1. Cel", "Wspólna praca.", "Szczegóły.", LONG):
        assert words in paper


def test_meeting_prints_its_course_or_leaves_lines(project):
    meeting = PartnershipFactory(kind="meeting", description="Przebieg był.")
    filled = statements.meeting(project, meeting)
    blank = statements.meeting(project)
    assert ["Przebieg był." in printout.html() for printout in (filled, blank)] == [True, False]
    assert [printout.html().count('class="lines"') for printout in (filled, blank)] == [1, 2]


# The addresses

PAPERS = ["application", "declaration", "adoption", "agreement", "meeting"]


def url(name, *key):
    return reverse(f"support:{name}_paper", args=["sputnik-ii", *key])


def test_papers_open_in_the_browser(client, staff):
    filled = {
        "application": EntityFactory(),
        "declaration": PersonFactory(),
        "adoption": AdoptionFactory(),
        "partnership": PartnershipFactory(code="J007"),
    }
    client.force_login(staff)
    answers = [client.get(url(name)) for name in PAPERS]
    answers += [client.get(url(name, row.pk)) for name, row in filled.items()]
    assert {answer["Content-Type"] for answer in answers} == {"application/pdf"}
    assert {answer.content[:5] for answer in answers} == {b"%PDF-"}
    assert answers[-1]["Content-Disposition"] == 'inline; filename="porozumienie-J007.pdf"'


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_papers_carry_names_so_they_are_not_for_all(client, request, role):
    key = PersonFactory().pk
    client.force_login(request.getfixturevalue(role))
    assert [client.get(url(name)).status_code for name in PAPERS] == [403] * len(PAPERS)
    assert client.get(url("declaration", key)).status_code == 403


def test_papers_are_of_their_project(client, staff):
    other = MembershipFactory(user=staff, project=ProjectFactory()).project
    rows = {
        "adoption": AdoptionFactory(project=other),
        "partnership": PartnershipFactory(project=other),
    }
    client.force_login(staff)
    assert [client.get(url(name, row.pk)).status_code for name, row in rows.items()] == [404, 404]
    assert client.get(url("application", 10**12)).status_code == 404


def test_papers_ask_as_often_for_any_number_of_rows(project, django_assert_num_queries):
    def count(number):
        entity = EntityFactory()
        for _ in range(number):
            entity.representations.create(person=PersonFactory())
        with django_assert_num_queries(6):
            statements.application(project, statements.entities().get(pk=entity.pk)).html()

    count(1)
    count(20)
