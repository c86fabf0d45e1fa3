"""Which entity a row means: a table of pairs, each the same one, one to be asked about, or new."""

import pytest

from entities.matching import ASK, NEW, SAME, Matching
from entities.models import Entity, Kind
from entities.traits import EntityTraits
from tests.factories import EntityFactory, jst

pytestmark = pytest.mark.usefixtures("db")

LACK, BODZANOW = "141908", "141902"
NIP, REGON, KRS = "7740001454", "016375288", "0000123456"
OTHER_NIP, OTHER_KRS = "5260250995", "0000111222"


def match(**fields):
    if seat := fields.get("seat"):
        fields["seat"] = jst(seat)
    return Matching(Kind.ENTITY).matches(EntityTraits.of(Entity(**fields)))[0]


def outcome(known, typed):
    known = {"seat": LACK, **known}
    known["seat"] = known["seat"] and jst(known["seat"])
    EntityFactory(code="P1", **known)
    return match(**typed).answer


OSP = {"name": "OSP Próbne", "legal_form": "osp"}
KGW = {"name": "Koło Gospodyń Wiejskich w Łącku", "legal_form": "kgw"}
FUND = {"name": "Fundacja „Wspólny Próg”", "legal_form": "foundation", "nip": NIP, "krs": KRS}
COOP = {"name": "Spółdzielnia Socjalna „Zielony Wzór”", "legal_form": "social_cooperative"}
ASSOC = {"name": "Stowarzyszenie Przyjaciół Próbna", "legal_form": "association"}
COMPANY = {"name": "Wzór sp. z o.o.", "legal_form": "non_profit_company"}
PLACE = {"seat": LACK}


NAMES = [
    (OSP, "OSP Próbne"),
    (OSP, "osp próbne"),
    (OSP, "Ochotnicza Straż Pożarna Próbne"),
    (OSP, "Ochotnicza Straż Pożarna w Próbne"),
    (OSP, "„OSP” Próbne"),
    (OSP, "OSP Probne"),
    (OSP, "OSP Próbne (KRS 123)"),
    (KGW, "KGW w Łącku"),
    (KGW, "KGW Łącku"),
    (KGW, "Koło Gospodyń Wiejskich „w Łącku”"),
    (KGW, "KOŁO GOSPODYŃ WIEJSKICH W ŁĄCKU"),
    (FUND, "Fundacja Wspólny Próg"),
    (FUND, "FUNDACJA WSPÓLNY PRÓG"),
    (FUND, "Fundacja Wspolny Prog w likwidacji"),
    (FUND, "Fund. „Wspólny Próg”"),
    (COOP, "Spółdzielnia Socjalna Zielony Wzór"),
    (COOP, "SS Zielony Wzór"),
    (COOP, "Spółdz. Socjalna „Zielony Wzór”"),
    (ASSOC, "Stow. Przyjaciół Próbna"),
    (ASSOC, "Stowarzyszenie „Przyjaciół Próbna”"),
    (COMPANY, "Wzór spółka z ograniczoną odpowiedzialnością"),
    (COMPANY, "Wzór Sp. z o. o."),
    (COMPANY, "„Wzór” sp. z o.o. non-profit"),
]


@pytest.mark.parametrize("place", [PLACE, {}], ids=["same gmina", "gmina not known"])
@pytest.mark.parametrize(("known", "name"), NAMES)
def test_a_name_written_otherwise_is_the_same_in_its_gmina_and_asked_without(known, name, place):
    typed = {"name": name, "legal_form": known["legal_form"], **place}
    assert outcome(known, typed) == (SAME if place else ASK)


TOLD = [
    # Numbers of registers.
    (FUND, FUND, SAME),
    (FUND, FUND | {"krs": ""}, SAME),
    (FUND, FUND | {"nip": ""}, SAME),
    (FUND, FUND | {"name": "Fundacja Inna"}, ASK),
    (FUND, FUND | {"legal_form": "association"}, ASK),
    (FUND, FUND | {"nip": OTHER_NIP}, ASK),
    (FUND, FUND | {"nip": OTHER_NIP, "krs": OTHER_KRS}, NEW),
    (FUND | {"regon": REGON}, {"name": "Inna", "regon": REGON}, ASK),
    (FUND | {"krs": ""}, FUND | {"nip": OTHER_NIP, "krs": ""}, NEW),
    # Another gmina.
    (OSP, OSP | {"seat": BODZANOW}, NEW),
    (FUND, FUND | {"seat": BODZANOW}, ASK),
    # Names that are near, in one gmina.
    (KGW, KGW | PLACE | {"name": "KGW Łąck"}, ASK),
    (KGW, KGW | {"name": "KGW Łąck"}, ASK),
    (KGW, KGW | {"name": "KGW Łąck", "seat": BODZANOW}, NEW),
    (OSP, OSP | {"name": "OSP w Próbnem"}, ASK),
    (FUND, PLACE | {"name": "Fundacja Wspólne Progi", "legal_form": "foundation"}, ASK),
    (ASSOC, ASSOC | PLACE | {"name": "Stowarzyszenie Przyjaciół Próbnej"}, ASK),
    # Another form of the same name.
    (ASSOC, ASSOC | PLACE | {"legal_form": "foundation"}, ASK),
    # Contact.
    (
        FUND | {"phone": "242620001"},
        FUND | {"nip": "", "krs": "", "phone": "24 262 00 01"},
        SAME,
    ),
    (
        ASSOC | {"email": "a@example.org"},
        ASSOC | {"name": "Stowarzyszenie Dalekie", "email": "A@example.org"},
        ASK,
    ),
    (
        ASSOC | {"email": "a@example.org"},
        {"name": "KGW Dalekie", "legal_form": "kgw", "email": "a@example.org"},
        NEW,
    ),
    # Others.
    (OSP, {"name": "KGW Próbne", "legal_form": "kgw", **PLACE}, NEW),
    (OSP, OSP | PLACE | {"name": "OSP Dalekie"}, NEW),
    (ASSOC, ASSOC | PLACE | {"name": "Stowarzyszenie Przyjaciół Szkoły w Łącku"}, NEW),
    (COOP, COOP | PLACE | {"name": "Spółdzielnia Socjalna „Czyste Szyby”"}, NEW),
    (FUND, {"name": "Fundacja Daleka", "legal_form": "foundation"}, NEW),
    (COMPANY, COMPANY | {"name": "Daleko sp. z o.o."}, NEW),
]


@pytest.mark.parametrize(("known", "typed", "answer"), TOLD)
def test_numbers_places_and_forms_tell_entities_apart(known, typed, answer):
    assert outcome(known, typed) == answer


def test_a_code_is_never_doubted():
    EntityFactory(code="P1", name="Fundacja Próg")
    assert match(code="P1", name="Cokolwiek").row.code == "P1"
    assert match(code="p1", name="Cokolwiek").row.code == "P1"
    assert match(code="P9", name="Cokolwiek").answer == NEW
    assert match(code="P9", name="Fundacja Próg").answer == ASK


def test_what_differs_is_told():
    EntityFactory(code="P1", **FUND, seat=jst(LACK), regon=REGON)
    [twin] = match(
        name="Fundacja Inna", legal_form="association", nip=NIP, regon="010000000"
    ).twins
    assert (twin.shared, twin.differing) == (("NIP",), ("nazwa", "forma prawna", "REGON"))


def test_of_two_of_one_name_neither_is_certain():
    for code in ("P1", "P2"):
        EntityFactory(code=code, name="OSP Próbne", legal_form="osp", seat=jst(LACK))
    found = match(**OSP, seat=LACK)
    assert (found.answer, {twin.row.code for twin in found.twins}) == (ASK, {"P1", "P2"})
