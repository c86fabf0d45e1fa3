"""Each block of a rule: both edges, the neighbour that must not count, reason, remedy, words."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from entities.models import LegalForm, SocialEnterpriseStatus
from indicators.catalogue import CATALOGUE
from indicators.counting.blocks import BASES, BLOCKS, blocks_of
from indicators.counting.composition import composed
from indicators.counting.ruleset import Ruleset
from indicators.models import IndicatorRule, ProjectIndicator
from owes.periods import Period
from support.models import AdoptionKind, Attendance, ServiceTheme, ServiceType, Theme
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    PartnershipFactory,
    PersonFactory,
    StaffTrainingFactory,
    jst,
)
from tests.indicators.given import DAY, FIRST, LAST, attend, scope, service_of, supported

pytestmark = pytest.mark.usefixtures("db")
ONE = timedelta(days=1)
SHAPES = Path(__file__).with_name("rule_shapes.json")


def as_blocks(blocks):
    return [{"block": each} if isinstance(each, str) else each for each in blocks]


def ruled(*blocks):
    """The project by one rule of these blocks, and its indicator."""
    rule = IndicatorRule(
        indicator=ProjectIndicator(code="próba", label="próba"),
        valid_from=FIRST,
        basis="próba",
        blocks=as_blocks(blocks),
    )
    here = scope().ruled_by(Ruleset((rule,)))
    return here, here.indicator("próba")


def counted(*blocks):
    here, indicator = ruled(*blocks)
    rows = indicator.counted(here, here.period)
    return dict(rows.values_list(indicator.record_code, "counted_on"))


def told(*blocks):
    """`{code of the record: [(reason, verb of its remedy)]}` of those not counted."""
    here, indicator = ruled(*blocks)
    return {
        getattr(record, indicator.record_code): [
            (reason.sentence, reason.remedy.label if reason.remedy else None)
            for reason in indicator.reasons(here, record, here.period)
        ]
        for record in indicator.not_counted(here, here.period)
    }


def words(*blocks):
    return composed(blocks_of(as_blocks(blocks))).clauses()


# Bases


def test_supported_is_of_any_form_and_seat():
    supported(FIRST, entity=EntityFactory(code="P1", legal_form="not_pes", seat=None))
    supported(LAST, entity=EntityFactory(code="P2"))
    supported(LAST + ONE, entity=EntityFactory(code="P3"))
    assert counted("supported") == {"P1": FIRST, "P2": LAST}
    assert told("supported") == {"P3": [("Terminy usług są poza okresem projektu.", None)]}
    assert words("supported") == [
        "podmiot, który w okresie projektu dostaje, z obecnością, zatwierdzoną usługę wsparcia"
    ]


@pytest.mark.parametrize(
    ("whom", "in_area", "found"),
    [
        ("pes", True, {"O1"}),
        ("pes_or_group", True, {"O1", "O2"}),
        ("any", True, {"O1", "O2", "O3"}),
        ("pes", False, {"O1", "O4"}),
        ("any", False, {"O1", "O2", "O3", "O4"}),
    ],
)
def test_present_is_of_those_who_represent_whom_it_says(whom, in_area, found):
    for number, (form, seat) in enumerate(
        [
            ("association", "141908"),
            ("initiative_group", "141908"),
            ("not_pes", "141908"),
            ("association", "146501"),
        ],
        start=1,
    ):
        seat = jst(seat) if seat == "141908" else outside()
        entity = EntityFactory(legal_form=form, seat=seat)
        supported(DAY, entity=entity, person=PersonFactory(code=f"O{number}"), code=f"U/{number}")
    assert counted({"block": "present", "whom": whom, "in_area": in_area}).keys() == found
    [clause] = words({"block": "present", "whom": whom, "in_area": in_area})
    assert ("w obszarze" in clause) == in_area


def outside():
    """A gmina that is in no powiat of the project."""
    return type(jst("141908")).objects.seats().exclude(powiat__in=scope().area).first()


def test_founded_is_registered_after_its_support():
    for number, registered in enumerate([DAY + ONE, DAY, FIRST - ONE]):
        entity = EntityFactory(code=f"P{number}", registered_on=registered, legal_form="not_pes")
        attend(service_of(DAY, entity=entity), entity)
    assert counted("founded") == {"P0": DAY + ONE}
    assert [sentence for [(sentence, _)] in told("founded").values()] == [
        "Przed rejestracją nikt z grupy ani z podmiotu nie był na usłudze."
    ]


def test_cooperating_is_of_the_kinds_it_says():
    PartnershipFactory(local_government=jst("141902"), day=DAY, kind="clause")
    PartnershipFactory(local_government=jst("1419"), day=DAY, kind="letter")
    assert counted("cooperating") == {"141902": DAY, "1419": DAY}
    assert counted({"block": "cooperating", "kinds": ["clause"]}) == {"141902": DAY}
    assert told({"block": "cooperating", "kinds": ["clause"]}) == {
        "1419": [("Żaden akt współpracy nie jest tego rodzaju.", None)]
    }
    [clause] = words({"block": "cooperating", "kinds": ["clause", "letter"]})
    assert clause.endswith("w okresie projektu rodzaju: klauzula społeczna, list intencyjny")


def test_adopted_is_of_its_kind():
    entity = supported(DAY, entity=EntityFactory(code="P1", legal_form="not_pes"))
    service = entity.recipient_links.get().service
    AdoptionFactory(entity=entity, kind="eco", day=DAY).service_links.create(service=service)
    assert counted({"block": "adopted", "kind": "eco"}) == {"P1": DAY}
    assert counted({"block": "adopted", "kind": "digital"}) == {}


POTENTIAL = {"block": "adopted", "kind": "potential", "linked": False}


@pytest.mark.parametrize(
    ("day", "is_counted"),
    [(FIRST - ONE, False), (FIRST, True), (LAST, True), (LAST + ONE, False)],
)
def test_adopted_unlinked_asks_for_the_day_alone(day, is_counted):
    entity = EntityFactory(code="G1", legal_form="initiative_group")
    AdoptionFactory(entity=entity, kind="potential", day=day)
    AdoptionFactory(entity=EntityFactory(code="G2"), kind="digital", day=DAY)
    assert counted(POTENTIAL) == ({"G1": day} if is_counted else {})
    assert told(POTENTIAL) == (
        {} if is_counted else {"G1": [("Data zapisu jest poza okresem projektu.", None)]}
    )
    linked = {"block": "adopted", "kind": "potential"}
    assert counted(linked) == {}


def test_adopted_unlinked_counts_from_the_first_day():
    entity = EntityFactory(code="G1", legal_form="initiative_group")
    for day in (DAY + ONE, DAY, FIRST - ONE):
        AdoptionFactory(entity=entity, kind="potential", day=day)
    assert counted(POTENTIAL) == {"G1": DAY}


@pytest.mark.parametrize(
    ("life", "is_counted"),
    [
        ({"registered_on": DAY}, True),
        ({"registered_on": DAY + ONE}, False),
        ({"struck_off_on": DAY}, True),
        ({"struck_off_on": DAY - ONE}, False),
    ],
)
def test_adopted_unlinked_is_within_the_life_of_the_entity(life, is_counted):
    AdoptionFactory(entity=EntityFactory(code="P1", **life), kind="potential", day=DAY)
    sentence = "W dniu zapisu podmiot jeszcze nie był zarejestrowany albo był już wykreślony."
    assert (counted(POTENTIAL), told(POTENTIAL)) == (
        ({"P1": DAY}, {}) if is_counted else ({}, {"P1": [(sentence, None)]})
    )


def test_adopted_says_the_kind_of_the_dictionary():
    AdoptionKind.objects.filter(pk="eco").update(full_name="wdrożenie zielone")
    rules = [
        ({"block": "adopted", "kind": "eco"}, "wdrożenie zielone"),
        (POTENTIAL, "zwiększenie potencjału"),
        ({"block": "adopted", "kind": "nie-ma"}, "(usunięto)"),
    ]
    clauses = [composed(blocks_of([block])).clauses()[0] for block, _ in rules]
    assert [clause.partition(": ")[2] for clause in clauses] == [words for _, words in rules]
    assert clauses[1] == (
        "podmiot, dla którego zapisano z datą w okresie projektu: zwiększenie potencjału"
    )


def test_groups_of_the_catalogue_that_worked_out_assumptions_are_counted():
    seat = jst("141908")
    for code, form in [("G1", "initiative_group"), ("P1", "foundation")]:
        entity = EntityFactory(code=code, legal_form=form, seat=seat)
        AdoptionFactory(entity=entity, kind="assumptions", day=DAY)
    assert counted(*CATALOGUE["groups_with_assumptions"]["blocks"]) == {"G1": DAY}


def test_trained_is_by_the_last_day_of_a_training():
    training = StaffTrainingFactory(starts_on=FIRST - ONE, ends_on=FIRST)
    assert counted("trained") == {training.staff_member.name: FIRST}


# Sums, and services


def adds(*blocks):
    """`{code of the record: (day it counts from, what it adds)}`."""
    here, indicator = ruled(*blocks)
    rows = indicator.counted(here, here.period)
    return {getattr(each, indicator.record_code): (each.counted_on, each.amount) for each in rows}


def test_hours_are_of_each_session_of_approved_support_in_the_period():
    entity = EntityFactory()
    service_of(FIRST - ONE, FIRST, LAST, LAST + ONE, entity=entity, code="U/1")
    service_of(DAY, entity=entity, code="U/2", state="draft")
    service_of(DAY, entity=entity, code="U/3", type="informacja i promocja")
    assert adds("hours") == {"U/1 2022-04-05": (FIRST, 120), "U/1 2024-12-31": (LAST, 120)}
    assert told("hours") == {
        "U/1 2022-04-04": [("Terminy usług są poza okresem projektu.", None)],
        "U/1 2025-01-01": [("Terminy usług są poza okresem projektu.", None)],
        "U/2 2023-03-09": [("Żadna usługa nie jest zatwierdzona.", "Otwórz usługę")],
        "U/3 2023-03-09": [("Zatwierdzone usługi nie są wsparciem (informacja, promocja).", None)],
    }
    assert words("hours") == [
        "czas, bez przerw, terminów zatwierdzonych usług wsparcia w okresie projektu"
    ]


def test_hours_of_other_types_are_no_candidates():
    wanted = ServiceType.objects.get(name="szkolenie")
    rule = ["hours", {"block": "types", "types": [wanted.pk]}]
    entity = EntityFactory()
    service_of(DAY, entity=entity, code="U/1", type="szkolenie")
    service_of(DAY, entity=entity, code="U/2", type="warsztat")
    assert (adds(*rule), told(*rule)) == ({"U/1 2023-03-09": (DAY, 120)}, {})
    assert composed(blocks_of(as_blocks(rule))).sentence() == (
        "Sumuje się czas, bez przerw, terminów zatwierdzonych usług wsparcia w okresie projektu; "
        "1) usługi rodzaju: szkolenie. Każdy termin dodaje się raz, w swoim dniu."
    )


def test_participations_are_each_person_once_a_session():
    one, other = EntityFactory(), EntityFactory()
    service = service_of(DAY, DAY + ONE, entity=one, code="U/1")
    both = PersonFactory()
    attend(service, one, both)
    attend(service, other, both)
    Attendance.objects.create(
        session=service.sessions.get(day=DAY), person=PersonFactory(), entity=one
    )
    service_of(DAY, entity=one, code="U/2")
    assert adds("participations") == {
        "U/1 2023-03-09": (DAY, 2),
        "U/1 2023-03-10": (DAY + ONE, 1),
    }
    assert told("participations") == {
        "U/2 2023-03-09": [("Nikt nie był obecny.", "Uzupełnij obecność")]
    }
    [clause] = words("participations")
    assert clause.endswith("w okresie projektu, każda na każdym terminie raz")


def test_services_count_once_on_their_first_day_in_the_period():
    entity = EntityFactory()
    service_of(FIRST - ONE, DAY, DAY + ONE, entity=entity, code="U/1")
    service_of(entity=entity, code="U/2")
    ServiceTheme.objects.create(
        service=service_of(DAY, entity=entity, code="U/3"),
        theme=Theme.objects.get(name="ekologia"),
    )
    assert adds("services") == {"U/1": (DAY, 1), "U/3": (DAY, 1)}
    assert told("services") == {"U/2": [("Usługa nie ma terminu.", "Otwórz usługę")]}
    eco = {"block": "themes", "themes": [Theme.objects.get(name="ekologia").pk]}
    assert (adds("services", eco), told("services", eco)) == ({"U/3": (DAY, 1)}, {})
    assert words("services") == [
        "zatwierdzona usługa wsparcia, która ma termin w okresie projektu"
    ]


def test_heads_are_those_written_down_of_open_events():
    entity, event = EntityFactory(), "informacja i promocja"
    service_of(DAY, DAY + ONE, entity=entity, code="U/1", type=event, head_count=30)
    service_of(DAY, entity=entity, code="U/2", type=event)
    service_of(LAST + ONE, entity=entity, code="U/3", type=event, head_count=9)
    service_of(DAY, entity=entity, code="U/4", type=event, head_count=9, state="draft")
    service_of(DAY, entity=entity, code="U/5", head_count=9)
    assert adds("heads") == {"U/1": (DAY, 30)}
    assert told("heads") == {
        "U/2": [("Nie wpisano liczby osób.", "Wpisz liczbę osób")],
        "U/3": [("Terminy usług są poza okresem projektu.", None)],
        "U/4": [("Żadna usługa nie jest zatwierdzona.", "Otwórz usługę")],
    }
    [clause] = words("heads")
    assert clause.endswith("wydarzeniach otwartych z terminem w okresie projektu")


# What narrows services


def test_a_whole_group_of_types_is_called_by_its_word():
    trainings = list(ServiceType.objects.filter(group="szkolenia"))
    assert {each.name for each in trainings} == {"szkolenie", "warsztat", "webinarium"}
    legal = ServiceType.objects.get(name="doradztwo prawne")
    asked = [each.pk for each in (*trainings, legal)]
    for keys, said in (
        (asked, "szkolenia (każdy rodzaj), doradztwo prawne"),
        (asked[1:], "warsztat, webinarium, doradztwo prawne"),
        ([trainings[0].pk, 0], "szkolenie, (usunięto)"),
    ):
        clauses = words("supported", {"block": "types", "types": keys})
        assert clauses[1:] == [f"usługi rodzaju: {said}"]


def test_types_leave_services_of_other_types_out():
    wanted = ServiceType.objects.get(name="szkolenie")
    rule = ["supported", {"block": "types", "types": [wanted.pk]}]
    supported(DAY, entity=EntityFactory(code="P1"), type="szkolenie", code="U/1")
    supported(DAY, entity=EntityFactory(code="P2"), type="warsztat", code="U/2")
    supported(DAY, entity=EntityFactory(code="P3"), type="szkolenie", state="draft", code="U/3")
    assert counted(*rule) == {"P1": DAY}
    assert told(*rule) == {
        "P2": [("Żadna usługa nie jest tego rodzaju.", "Dodaj usługę")],
        "P3": [("Żadna usługa nie jest zatwierdzona.", "Otwórz usługę")],
    }
    assert words(*rule)[1] == "usługi rodzaju: szkolenie"


def test_themes_leave_other_services_out():
    digital, eco = Theme.objects.get(name="cyfryzacja"), Theme.objects.get(name="ekologia")
    rule = ["present", {"block": "themes", "themes": [digital.pk]}]
    for number, theme in enumerate((digital, eco), start=1):
        entity = supported(DAY, person=PersonFactory(code=f"O{number}"), code=f"U/{number}")
        service = entity.recipient_links.get().service
        ServiceTheme.objects.create(service=service, theme=theme)
    assert counted(*rule) == {"O1": DAY}
    assert told(*rule) == {"O2": [("Żadna usługa nie ma tego zagadnienia.", "Dodaj usługę")]}
    assert words(*rule)[1] == "usługi o zagadnieniu: cyfryzacja"


def test_modes_leave_other_services_out():
    rule = ["supported", {"block": "modes", "modes": ["online", "phone"]}]
    supported(DAY, entity=EntityFactory(code="P1"), mode="phone", code="U/1")
    supported(DAY, entity=EntityFactory(code="P2"), mode="on_site", code="U/2")
    assert counted(*rule) == {"P1": DAY}
    assert told(*rule) == {"P2": [("Żadna usługa nie była w tym trybie.", "Dodaj usługę")]}
    assert words(*rule)[1] == "usługi w trybie: online, telefonicznie"


# How much


@pytest.mark.parametrize(
    ("least", "found"),
    [
        ({"services": 2}, {"P1": DAY + ONE}),
        ({"services": 3}, {}),
        ({"minutes": 240}, {"P1": DAY + ONE}),
        ({"minutes": 241}, {}),
        ({"services": 1, "minutes": 120}, {"P1": DAY}),
    ],
)
def test_at_least_counts_from_the_day_the_last_part_is_reached(least, found):
    entity = EntityFactory(code="P1")
    supported(DAY, entity=entity, code="U/1")
    supported(DAY + ONE, entity=entity, code="U/2")
    assert counted("supported", {"block": "at_least"} | least) == found


def test_two_thresholds_of_types_are_both_asked_and_the_first_missing_is_told():
    training, advice = (
        ServiceType.objects.get(name=name) for name in ("szkolenie", "doradztwo ogólne")
    )
    rule = [
        "supported",
        {"block": "at_least", "services": 1, "types": [training.pk]},
        {"block": "at_least", "services": 2, "minutes": 300, "types": [advice.pk]},
    ]
    one, both = EntityFactory(code="P1"), EntityFactory(code="P2")
    supported(DAY, entity=one, type="szkolenie", code="U/1")
    for number, kind in enumerate(("szkolenie", "doradztwo ogólne", "doradztwo ogólne"), start=2):
        days = (DAY + number * ONE, DAY + (number + 9) * ONE)
        supported(*days, entity=both, type=kind, code=f"U/{number}")
    assert counted(*rule) == {"P2": DAY + 12 * ONE}
    amount = "2\xa0usługi i 5\xa0h wsparcia"
    sentence = f"Podmiot nie dostał jeszcze wymaganego wsparcia wybranego rodzaju: {amount}."
    assert told(*rule) == {"P1": [(sentence, "Dodaj usługę")]}
    assert words(*rule)[2] == f"dostaje łącznie co najmniej {amount}, rodzaju: doradztwo ogólne"
    here, indicator = ruled(*rule)
    [record] = indicator.not_counted(here, here.period)
    threshold = indicator.counting_source.thresholds[1]
    assert threshold.told(*record.row["so_far"]) == "Ma 0 z 2\xa0usług, 0\xa0h z 5\xa0h."


# Who


def test_forms_are_the_only_candidates():
    supported(DAY, entity=EntityFactory(code="P1", legal_form="kgw"), code="U/1")
    supported(DAY, entity=EntityFactory(code="P2", legal_form="osp"), code="U/2")
    rule = ["supported", {"block": "forms", "forms": ["kgw", "lgd"]}]
    assert (counted(*rule), told(*rule)) == ({"P1": DAY}, {})
    assert words(*rule)[1] == "ma formę prawną: koło gospodyń wiejskich, lokalna grupa działania"


def test_seat_in_is_of_the_powiats_it_says():
    plock = jst("1462")
    rule = ["supported", {"block": "seat_in", "powiats": [plock.pk]}]
    supported(DAY, entity=EntityFactory(code="P1", seat=plock), code="U/1")
    supported(DAY, entity=EntityFactory(code="P2", seat=jst("141908")), code="U/2")
    supported(DAY, entity=EntityFactory(code="P3", seat=None), code="U/3")
    assert counted(*rule) == {"P1": DAY}
    assert told(*rule) == {
        "P2": [("Siedziba jest w innym powiecie.", None)],
        "P3": [("Nie podano gminy siedziby.", "Uzupełnij gminę")],
    }
    # The gap is one reason, also where the area is asked for too.
    assert told(*rule, "in_area")["P3"] == [("Nie podano gminy siedziby.", "Uzupełnij gminę")]


@pytest.mark.parametrize(
    ("held", "found", "sentence"),
    [
        (True, {"P1"}, "W dniu pierwszego wsparcia nie miał statusu PS."),
        (
            False,
            {"P2"},
            "W dniu pierwszego wsparcia miał status PS, więc nie liczy się jako PES.",
        ),
    ],
)
def test_ps_status_is_that_of_the_day_counted(held, found, sentence):
    rule = ["supported", {"block": "ps_status", "held": held}]
    for code, start in (("P1", DAY), ("P2", DAY + ONE)):
        entity = supported(DAY, entity=EntityFactory(code=code), code=f"U/{code}")
        SocialEnterpriseStatus.objects.create(
            entity=entity, basis="voivode", valid_from=start, valid_until=None
        )
    assert counted(*rule).keys() == found
    assert list(told(*rule).values()) == [[(sentence, None)]]


def test_sex_is_of_the_only_candidates():
    entity = EntityFactory()
    for number, sex in enumerate("KM", start=1):
        person = PersonFactory(code=f"O{number}", sex=sex)
        supported(DAY, entity=entity, person=person, code=f"U/{number}")
    rule = ["present", {"block": "sex", "sex": "M"}]
    assert (counted(*rule), told(*rule)) == ({"O2": DAY}, {})
    assert words(*rule)[1] == "jest mężczyzną"


COUNTED_ON = date(2023, 2, 28)
MOST, LEAST = {"at_most": 29}, {"at_least": 55}


@pytest.mark.parametrize(
    ("born", "limits", "is_counted"),
    [
        ({"birth_date": date(1993, 3, 1)}, MOST, True),  # 29 on the day
        ({"birth_date": date(1993, 2, 28)}, MOST, False),  # 30 that day
        ({"birth_date": date(1968, 2, 28)}, LEAST, True),
        ({"birth_date": date(1968, 2, 29)}, LEAST, True),  # 55 on 28 February: art. 112
        ({"birth_date": date(1968, 3, 1)}, LEAST, False),
        ({"birth_year": 1968}, LEAST, True),
        ({"birth_year": 1969}, LEAST, False),
        ({"birth_year": 1994}, MOST, True),
        ({"birth_year": 1993}, MOST, False),
        ({"birth_date": date(1993, 3, 1)}, MOST | LEAST, True),
        ({"birth_date": date(1968, 2, 28)}, MOST | LEAST, True),
        ({"birth_date": date(1980, 1, 1)}, MOST | LEAST, False),
        ({"birth_date": date(1993, 3, 1)}, {"at_least": 29, "at_most": 40}, True),
        ({"birth_date": date(1993, 3, 2)}, {"at_least": 30, "at_most": 40}, False),
    ],
)
def test_age_is_in_whole_years_on_the_day_counted(born, limits, is_counted):
    person = PersonFactory(code="O1", **{"birth_date": None, "birth_year": None} | born)
    supported(COUNTED_ON, person=person)
    rule = ["present", {"block": "age"} | limits]
    assert counted(*rule) == ({"O1": COUNTED_ON} if is_counted else {})
    if not is_counted:
        assert told(*rule) == {"O1": [("W dniu zaliczenia był to inny wiek.", None)]}


def test_age_of_one_born_on_a_leap_day_turns_on_that_day_in_a_leap_year():
    person = PersonFactory(code="O1", birth_date=date(1968, 2, 29), birth_year=None)
    supported(date(2024, 2, 28), person=person)
    assert counted("present", {"block": "age", "at_least": 56}) == {}


def test_age_that_nobody_knows_can_be_filled_in():
    supported(DAY, person=PersonFactory(code="O1", birth_date=None, birth_year=None))
    rule = ["present", {"block": "age"} | MOST | LEAST]
    assert told(*rule) == {
        "O1": [("Nie podano daty ani roku urodzenia.", "Uzupełnij datę urodzenia")]
    }
    assert words(*rule)[1] == (
        "w dniu zaliczenia ma najwyżej 29\xa0lat albo co najmniej 55\xa0lat"
    )


def test_jst_in_area_is_no_voivodeship():
    for code in ("141902", "14"):
        PartnershipFactory(local_government=jst(code), day=DAY)
    assert counted("cooperating", "jst_in_area") == {"141902": DAY}


# The JSON


@pytest.mark.parametrize(
    ("blocks", "sentences"),
    [
        ([], ["Wybierz, co się liczy."]),
        ([{"block": "pes_form"}], ["Wybierz, co się liczy."]),
        ([{"block": "supported"}, {"block": "present"}], ["Zasada może liczyć jedną rzecz."]),
        (
            [{"block": "supported"}, {"block": "sex"}],
            ["„płeć” nie pasuje do: podmioty objęte wsparciem."],
        ),
        (
            [{"block": "supported"}, {"block": "in_area"}, {"block": "in_area"}],
            ["„siedziba w obszarze projektu” jest w zasadzie dwa razy."],
        ),
        ([{"block": "nieznany"}], ["Nie ma bloku „nieznany”."]),
        (
            [{"block": "present", "kogo": "pes"}],
            ["osoby obecne na usługach: nie ma pola „kogo”."],
        ),
        (
            [{"block": "supported"}, {"block": "at_least", "services": "dwie"}],
            ["najmniej wsparcia: pole „services” ma złą wartość: 'dwie'."],
        ),
        (
            [{"block": "supported"}, {"block": "at_least"}],
            ["najmniej wsparcia: Podaj najmniejszą liczbę usług albo czas."],
        ),
        (
            [{"block": "supported"}, {"block": "at_least", "services": 1001}],
            ["najmniej wsparcia: Najwyżej 1000 usług."],
        ),
        (
            [{"block": "present"}, {"block": "age"}],
            ["wiek w dniu zaliczenia: Podaj wiek: najwyżej albo co najmniej ile lat."],
        ),
        ("supported", ["Zasada musi być listą bloków."]),
    ],
)
def test_a_wrong_rule_is_refused(blocks, sentences):
    with pytest.raises(ValidationError) as refused:
        blocks_of(blocks)
    assert refused.value.messages == sentences


def test_every_shape_that_was_ever_kept_still_opens():
    """A shape is added here with each release and never changed."""
    shapes = json.loads(SHAPES.read_text(encoding="utf-8"))
    assert {block["block"] for shape in shapes for block in shape} == BLOCKS.keys()
    for shape in shapes:
        assert [block.as_json() for block in blocks_of(shape)] == shape


def test_the_catalogue_is_of_right_rules():
    for entry in CATALOGUE.values():
        assert [block.as_json() for block in blocks_of(entry["blocks"])]
    assert len({entry["words"]["label"] for entry in CATALOGUE.values()}) == len(CATALOGUE)


def test_every_base_has_words_of_a_missing_record_and_of_many():
    for base in BASES:
        assert (len(base.noun.split(",")), len(base.lacks.split(","))) == (3, 2)


def test_equal_rules_share_what_is_read():
    one, other = (composed(blocks_of(CATALOGUE[code]["blocks"])) for code in ("pes", "ps"))
    assert one is not other
    assert one.counting_source is other.counting_source
    assert composed(blocks_of(CATALOGUE["pes"]["blocks"])) is one


def test_forms_of_the_law_are_those_of_pes():
    assert blocks_of([{"block": "present"}])[0].forms == tuple(LegalForm.pes())


def test_a_period_that_holds_the_day_counts_it():
    supported(DAY, entity=EntityFactory(code="P1"))
    here, indicator = ruled("supported")
    assert indicator.counted(here, Period(DAY, DAY)).count() == 1
