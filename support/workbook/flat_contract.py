"""Flat sheets of a centre's own: tables that name entities and people by what is known of them.

A sheet of the exchange workbook points at records by their codes; a flat one may give a name, a
NIP, an e-mail, and so may say of whom a status, a day or a presence is.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from entities.identifiers import read_nip
from entities.models import LegalForm, Person, SocialEnterpriseStatus
from owes.folding import fold
from owes.parsing.days import read_date
from owes.parsing.hours import read_time
from owes.parsing.numbers import read_whole
from support.models import Service
from support.workbook.cells import (
    Known,
    as_text,
    break_minutes,
    choice,
    choice_of,
    gmina,
    plain,
    service_type,
    staff_names,
    themes,
)
from support.workbook.contract import Sheet, SheetColumn, code, number

YES = {"x", "v", "+", "1", "t", "tak", "✓", "✔", "prawda", "obecny", "obecna", "ob"}
NO = {"", "-", "–", "0", "n", "nie", "falsz", "nieobecny", "nieobecna", "nb"}


def as_typed(value: Any, known: Known) -> Any:
    """The cell itself: what it means depends on another one."""
    return value


def yes_or_no(value: Any, known: Known) -> bool:
    word = fold(as_text(value))
    if word in YES or word in NO:
        return word in YES
    raise ValidationError("Wpisz tak albo nie (także x, 1, ✓).", "unknown_value")


def head_count(value: Any, known: Known) -> int:
    number = read_whole(value)
    if number < 0:
        raise ValidationError("Podaj liczbę nie mniejszą niż 0.", "bad_number")
    return number


def typed_day(field: str, header: str, required: bool = False) -> SheetColumn:
    return SheetColumn(field, header, plain(read_date), required, empty=None)


# Owners as headers name them, for each word of a column of entities and of people.
OF_ENTITY = ("podmiotu", "organizacji", "instytucji", "odbiorcy", "pes", "ps")
OF_PERSON = ("uczestnika", "uczestniczki", "osoby", "przedstawiciela", "reprezentanta")


def _owned(words: Iterable[str], owners: Iterable[str], *others: str) -> tuple[str, ...]:
    return (*(f"{word} {owner}" for word in words for owner in owners), *others)


ENTITY_COLUMNS = (
    code("entity_code", "Kod podmiotu", required=False),
    SheetColumn("entity", "Podmiot", longest=300),
    number("nip", "NIP", read_nip),
    SheetColumn("legal_form", "Forma prawna", choice_of(LegalForm)),
    SheetColumn("seat", "TERYT gminy", gmina, empty=None),
)
PERSON_COLUMNS = (
    code("person_code", "Kod osoby", required=False),
    SheetColumn("first_name", "Imię", longest=100),
    SheetColumn("last_name", "Nazwisko", longest=100),
    SheetColumn(
        "sex",
        "Płeć",
        choice({"K": "K", "M": "M"} | {sex.label: sex.value for sex in Person.Sex}),
    ),
    typed_day("birth_date", "Data urodzenia"),
    SheetColumn("email", "E-mail", longest=254),
    SheetColumn("phone", "Telefon", longest=50),
)
# Columns of which a file must have one, so that its rows say of whom they are.
OF_WHOM_ENTITY = ("entity_code", "entity", "nip")
OF_WHOM_PERSON = ("person_code", "last_name")
ENTITY_WORDS = {
    "Kod podmiotu": _owned(("kod", "id", "symbol"), OF_ENTITY),
    "Podmiot": _owned(
        ("nazwa", "pelna nazwa"),
        OF_ENTITY,
        *("organizacja", "instytucja", "odbiorca", "reprezentowany podmiot", "nazwa", "pes"),
        *("reprezentowana organizacja", "kogo reprezentuje", "stowarzyszenie"),
    ),
    "NIP": _owned(("nip",), OF_ENTITY),
    "Forma prawna": _owned(("forma", "forma prawna"), OF_ENTITY, "forma"),
    "TERYT gminy": ("teryt", "kod teryt", "kod teryt gminy", "teryt podmiotu", "teryt siedziby"),
}
PERSON_WORDS = {
    "Kod osoby": _owned(("kod", "id", "symbol"), OF_PERSON),
    "Imię": _owned(("imie",), OF_PERSON),
    "Nazwisko": _owned(("nazwisko",), OF_PERSON),
    "Płeć": _owned(("plec",), OF_PERSON, "k/m"),
    "Data urodzenia": _owned(("data urodzenia",), OF_PERSON, "data ur"),
    "E-mail": _owned(
        ("e mail", "email", "mail"), OF_PERSON, "email", "mail", "poczta elektroniczna"
    ),
    "Telefon": _owned(("telefon",), OF_PERSON, "tel", "telefon komorkowy", "komorka"),
}
SERVICE_COLUMNS = (
    code("code", "Nr usługi", required=False),
    SheetColumn("type", "Rodzaj usługi", service_type, required=True, empty=None),
    SheetColumn("topic", "Temat", required=True, longest=300),
    SheetColumn("advisers", "Doradca", staff_names, required=True, longest=150, empty=()),
    SheetColumn("mode", "Tryb", choice_of(Service.Mode)),
    SheetColumn("place", "Miejsce", longest=200),
    SheetColumn("activity", "Działanie", longest=200),
    SheetColumn("state", "Stan", choice_of(Service.State, without=[Service.State.RETURNED])),
    SheetColumn("themes", "Zagadnienia", themes, empty=()),
    SheetColumn("head_count", "Liczba osób", head_count, empty=None),
    typed_day("day", "Data", required=True),
    SheetColumn("start", "Od", plain(read_time), empty=None),
    SheetColumn("end", "Do", as_typed, empty=None),
    SheetColumn("hours", "Godziny", as_typed, empty=None),
    SheetColumn("break_minutes", "Przerwa (min)", break_minutes, empty=0),
)
PRESENCES = Sheet(
    "Usługi i obecności",
    "presences",
    (
        *SERVICE_COLUMNS,
        *ENTITY_COLUMNS,
        *PERSON_COLUMNS,
        SheetColumn("is_present", "Obecność", yes_or_no, empty=False),
    ),
    needs_one_of=(("start", "hours"),),
    words=ENTITY_WORDS
    | PERSON_WORDS
    | {
        "Nr usługi": ("usluga", "uslugi", "symbol uslugi", "kod uslugi", "id uslugi", "lp uslugi"),
        "Rodzaj usługi": (
            *("rodzaj", "typ", "typ uslugi", "rodzaj wsparcia", "forma wsparcia", "usluga rodzaj"),
        ),
        "Temat": (
            *("temat uslugi", "temat spotkania", "temat szkolenia", "tytul", "tytul szkolenia"),
            *("nazwa szkolenia", "nazwa uslugi", "tematyka", "zakres"),
        ),
        "Doradca": (
            *("doradcy", "prowadzacy", "trener", "animator", "specjalista", "kto prowadzil"),
            *("doradca prowadzacy", "imie i nazwisko doradcy", "osoba prowadzaca", "ekspert"),
        ),
        "Tryb": ("forma", "sposob", "forma realizacji", "sposob realizacji"),
        "Miejsce": ("miejsce uslugi", "miejsce realizacji", "miejsce spotkania", "lokalizacja"),
        "Działanie": ("dzialanie projektu", "zadanie", "dzialanie harmonogramu"),
        "Stan": ("status", "stan uslugi", "status uslugi"),
        "Zagadnienia": ("zagadnienie", "obszar", "obszary"),
        "Liczba osób": (
            *("liczba uczestnikow", "liczba mieszkancow", "liczba obecnych", "ile osob"),
            *("frekwencja", "liczba osob na wydarzeniu", "liczba uczestnikow wydarzenia"),
        ),
        "Data": (
            *("dzien", "data uslugi", "data spotkania", "data szkolenia", "data wsparcia"),
            *("termin", "data realizacji", "kiedy"),
        ),
        "Od": ("godzina od", "poczatek", "start", "godz od", "godzina rozpoczecia", "rozpoczecie"),
        "Do": ("godzina do", "koniec", "godz do", "godzina zakonczenia", "zakonczenie"),
        "Godziny": ("godziny od do", "godz", "czas", "czas trwania", "w godzinach", "godzina"),
        "Przerwa (min)": ("przerwa", "przerwy"),
        "Forma prawna": _owned(("forma prawna",), OF_ENTITY),
        "Obecność": ("obecny", "obecna", "obecnosci", "czy obecny", "czy obecna", "byl/a"),
    },
)
FLAT_STATUSES = Sheet(
    "Statusy PS",
    "statuses",
    (
        *ENTITY_COLUMNS,
        SheetColumn("basis", "Podstawa", choice_of(SocialEnterpriseStatus.Basis), required=True),
        SheetColumn("decision_number", "Numer decyzji", longest=100),
        typed_day("start", "Od", required=True),
        typed_day("end", "Do"),
    ),
    needs_one_of=(OF_WHOM_ENTITY,),
    words=ENTITY_WORDS
    | {
        "Podstawa": ("kto nadal", "organ", "nadany przez", "podstawa statusu"),
        "Numer decyzji": ("decyzja", "nr decyzji", "znak decyzji"),
        "Od": ("data nadania", "wazny od", "status od", "od dnia", "data decyzji", "nadano"),
        "Do": ("wazny do", "status do", "do dnia", "data utraty", "utrata"),
    },
)
FLAT_REPRESENTATIONS = Sheet(
    "Reprezentacje",
    "representations",
    (
        *PERSON_COLUMNS,
        *ENTITY_COLUMNS,
        SheetColumn("role", "Funkcja", longest=100),
        typed_day("start", "Od"),
        typed_day("end", "Do"),
    ),
    needs_one_of=(OF_WHOM_PERSON, OF_WHOM_ENTITY),
    words=ENTITY_WORDS
    | PERSON_WORDS
    | {
        "Funkcja": ("rola", "stanowisko", "funkcja w podmiocie", "pelniona funkcja"),
        "Od": ("od kiedy", "od dnia", "data od"),
        "Do": ("do kiedy", "do dnia", "data do"),
    },
)
ENROLMENTS = Sheet(
    "Zgłoszenia do projektu",
    "enrolments",
    (*ENTITY_COLUMNS, typed_day("joined_on", "Data zgłoszenia", required=True)),
    needs_one_of=(OF_WHOM_ENTITY,),
    words=ENTITY_WORDS
    | {
        "Data zgłoszenia": (
            *("data przystapienia", "data formularza", "zgloszono", "data rekrutacji"),
            *("data formularza zgloszeniowego", "data przystapienia do projektu", "data"),
        ),
    },
)
DECLARATIONS = Sheet(
    "Oświadczenia RODO",
    "declarations",
    (*PERSON_COLUMNS, typed_day("signed_on", "Data oświadczenia RODO", required=True)),
    needs_one_of=(OF_WHOM_PERSON,),
    words=PERSON_WORDS
    | {
        "Data oświadczenia RODO": (
            *("data oswiadczenia", "data rodo", "rodo", "data podpisania", "podpisano"),
            *("data podpisania rodo", "data klauzuli", "data"),
        ),
    },
)
FLAT_SHEETS = (PRESENCES, FLAT_STATUSES, FLAT_REPRESENTATIONS, ENROLMENTS, DECLARATIONS)
