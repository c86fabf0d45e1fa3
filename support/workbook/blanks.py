"""Empty files to be filled in: headers, lists of allowed values, and a sheet that tells how."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Choices

from entities.models import LegalForm, SocialEnterpriseStatus
from owes.exports import Workbook
from support.models import AdoptionKind, Partnership, Service, ServiceType, StaffMember, Theme
from support.workbook import contract
from support.workbook.contract import Sheet
from support.workbook.flat_contract import (
    DECLARATIONS,
    ENROLMENTS,
    FLAT_REPRESENTATIONS,
    FLAT_STATUSES,
    PRESENCES,
)

HOW, DICTIONARIES = "Jak wypełnić", "Słowniki"
HOW_HEADERS = ["Arkusz", "Kolumna", "Wymagana", "Co wpisać", "Przykład"]
MOST_ROWS = 5000  # rows of a sheet in which a value can be chosen from its list
NOT_ON_LIST = "Tej wartości nie ma w słowniku. Wybierz ją z listy."

DAY = "Dzień, na przykład 05.04.2022 albo 5.4.2022."
CODE = "Kod tego zapisu w ośrodku; po nim program poznaje zapis, więc każdy ma inny."
CODES = "Kody z tego pliku albo z rejestru, kilka po średniku."
FROM_LIST = "Wartość z listy w arkuszu „Słowniki”."
# By the header of the column; the rest is text as it is to be kept.
WHAT = {
    "Kod": f"{CODE} W rejestrze podmiotów i osób może zostać pusty: program nada własny.",
    "Nr": CODE,
    "NIP": "Dziesięć cyfr, z kreskami albo bez.",
    "REGON": "Dziewięć albo czternaście cyfr.",
    "KRS": "Dziesięć cyfr, z zerami na początku.",
    "Inny rejestr": "Numer wpisu, gdy podmiot nie ma KRS, na przykład w ewidencji kół gospodyń.",
    "TERYT gminy": "Siedem cyfr kodu gminy z rejestru TERYT.",
    "TERYT": "Kod samorządu: siedem cyfr gminy, cztery powiatu, dwie województwa.",
    "Kod pocztowy": "00-000",
    "Podmiot prowadzący": "Kod podmiotu, który prowadzi ten.",
    "Grupa inicjatywna": "Kod grupy inicjatywnej, z której podmiot powstał.",
    "Płeć": "K albo M.",
    "Podmiot": "Kod podmiotu.",
    "Osoba": "Kod osoby.",
    "Usługa": "Numer usługi.",
    "Podmioty": CODES,
    "Usługi": CODES,
    contract.SERVICES.header("advisers"): "Imię i nazwisko z kadry, kilka osób po średniku.",
    contract.TRAININGS.header("staff_member"): "Imię i nazwisko z kadry.",
    "Zagadnienia": f"{FROM_LIST} Kilka po średniku.",
    "Przerwa (min)": "Liczba minut, pusta znaczy bez przerwy.",
    "Godziny": "Liczba godzin, na przykład 7,5.",
}
# Of flat sheets, where they are not as above.
WHAT_FLAT = {
    "Nr usługi": "Numer usługi; bez tej kolumny każde spotkanie jest osobną usługą.",
    "Data": DAY,
    "Od": "Godzina, na przykład 9:00.",
    "Do": "Godzina, na przykład 11:30, albo czas: 2 h.",
    "Godziny": "Godziny od–do w jednej komórce, na przykład 9–11:30, albo sam czas.",
    "Kod podmiotu": "Kod z rejestru podmiotów, jeżeli ośrodek go używa.",
    "Podmiot": "Nazwa podmiotu albo jego kod, kilka po średniku.",
    "Kod osoby": "Kod z rejestru osób, jeżeli ośrodek go używa.",
    "Imię": "Imię; może stać razem z nazwiskiem w kolumnie „Imię i nazwisko”.",
    "Forma prawna": f"{FROM_LIST} Potrzebna, gdy podmiotu nie ma w rejestrze.",
    "Płeć": "K albo M. Potrzebna, gdy osoby nie ma w rejestrze.",
    "Obecność": "Tak albo nie, także x albo 1; bez tej kolumny każdy wiersz to obecność.",
}
TIMES = {"Od": "Godzina, na przykład 9:00.", "Do": "Godzina, na przykład 11:30."}
# Whom a row of a flat sheet speaks of.
ENTITY = ("P1", "Stowarzyszenie „Przykład”", "123-456-32-18", "stowarzyszenie", "1462011")
PERSON = (*("O1", "Łucja", "Przykładowa", "K", "03.02.1980", "lucja@example.org", "600 000 001"),)
# A small project in which every column is filled in; a test reads it.
EXAMPLES: dict[Sheet, Sequence[Any]] = {
    contract.ENTITIES: (
        *("P1", "Stowarzyszenie „Przykład”", "stowarzyszenie", "123-456-32-18", "016375288"),
        *("0000098765", "", "01.03.2010", "", "1462011", "09-402", "Płock", "ul. Polna 1"),
        *("24 000 00 01", "biuro@example.org", "", "", "05.04.2022"),
    ),
    contract.STATUSES: ("P1", "OWES", "1/2020", "01.01.2020", ""),
    contract.PEOPLE: (
        *("O1", "Łucja", "Przykładowa", "K", "03.02.1980", "lucja@example.org", "600 000 001"),
        *("1462011", "05.04.2022"),
    ),
    contract.REPRESENTATIONS: ("O1", "P1", "prezes", "01.01.2020", ""),
    contract.SERVICES: (
        *("U/1", "doradztwo ogólne", "Wniosek o dotację", "Ewa Przykładowa", "stacjonarnie"),
        *("Płock", "Doradztwo", "zatwierdzona", "P1", "ekologia; cyfryzacja"),
    ),
    contract.SESSIONS: ("U/1", "10.05.2022", "9:00", "11:30", "15"),
    contract.ATTENDANCES: ("U/1", "10.05.2022", "O1", "P1"),
    contract.PARTNERSHIPS: (
        *("J/1", "1462011", "porozumienie", "1/2022", "01.07.2022", "P1", "Zlecanie zadań"),
    ),
    contract.ADOPTIONS: ("W/1", "P1", "cyfrowe", "01.02.2023", "Strona internetowa", "U/1"),
    contract.TRAININGS: (
        *("Ewa Przykładowa", "Dostępność", "Kursy", "09.03.2023", "10.03.2023", "7,5", "Z/1"),
    ),
    PRESENCES: (
        *("U/1", "doradztwo ogólne", "Wniosek o dotację", "Ewa Przykładowa", "stacjonarnie"),
        *(
            "Płock",
            "Doradztwo",
            "złożona",
            "ekologia",
            "",
            "10.05.2022",
            "9:00",
            "11:30",
            "",
            "15",
        ),
        *ENTITY,
        *PERSON,
        "tak",
    ),
    FLAT_STATUSES: (*ENTITY, "OWES", "1/2020", "01.01.2020", ""),
    FLAT_REPRESENTATIONS: (*PERSON, *ENTITY, "prezes", "01.01.2020", ""),
    ENROLMENTS: (*ENTITY, "05.04.2022"),
    DECLARATIONS: (*PERSON, "05.04.2022"),
}


def blank_of(sheets: Sequence[Sheet]) -> bytes:
    """An xlsx of empty sheets, then the one that tells how to fill them in, and dictionaries."""
    book, lists = Workbook(), _lists()
    for sheet in sheets:
        book.sheet(sheet.name, sheet.headers, [])
    is_alone = len(sheets) == 1
    book.sheet(HOW, HOW_HEADERS, (line for sheet in sheets for line in _how(sheet, is_alone)))
    shown = {key: values for key, values in lists.items() if key[0] in sheets}
    if shown:
        titles = [f"{sheet.name}: {sheet.header(field)}" for sheet, field in shown]
        longest = max(map(len, shown.values()))
        padded = [[*values, *[""] * (longest - len(values))] for values in shown.values()]
        book.sheet(DICTIONARIES, titles, zip(*padded, strict=True))
        _offer(book, shown)
    return book.bytes()


def _how(sheet: Sheet, is_alone: bool) -> Iterable[list[str]]:
    required = sheet.required_alone if is_alone else sheet.required
    for column, example in zip(sheet.columns, EXAMPLES[sheet], strict=True):
        is_required = "tak" if column.header in required else "nie"
        yield [sheet.name, column.header, is_required, _what(sheet, column), str(example)]


def _what(sheet: Sheet, column: contract.SheetColumn) -> str:
    is_day = sheet.is_flat and sheet is not PRESENCES and column.header in TIMES
    if sheet.is_flat and column.header in WHAT_FLAT and not is_day:
        return WHAT_FLAT[column.header]
    if sheet is contract.SESSIONS and column.header in TIMES:
        return TIMES[column.header]
    if column.header in WHAT:
        return WHAT[column.header]
    if (sheet, column.field) in CHOICES or column.field in ("type", "kind"):
        return FROM_LIST
    is_day = column.header in TIMES or column.header.startswith("Data")
    return DAY if is_day else "Tekst."


# Columns of one value out of a list.
CHOICES: dict[tuple[Sheet, str], type[Choices]] = {
    (contract.ENTITIES, "legal_form"): LegalForm,
    (contract.STATUSES, "basis"): SocialEnterpriseStatus.Basis,
    (contract.SERVICES, "mode"): Service.Mode,
    (contract.SERVICES, "state"): Service.State,
    (contract.PARTNERSHIPS, "kind"): Partnership.Kind,
    (PRESENCES, "mode"): Service.Mode,
    (PRESENCES, "state"): Service.State,
    (PRESENCES, "legal_form"): LegalForm,
    (FLAT_STATUSES, "legal_form"): LegalForm,
    (FLAT_STATUSES, "basis"): SocialEnterpriseStatus.Basis,
    (FLAT_REPRESENTATIONS, "legal_form"): LegalForm,
    (ENROLMENTS, "legal_form"): LegalForm,
}


def _lists() -> dict[tuple[Sheet, str], list[str]]:
    """`{(sheet, column): allowed values}`, those of the dictionaries of the centre too."""
    lists = {
        # The format has no word for a service that was returned.
        key: [each.label for each in choices if each is not Service.State.RETURNED]
        for key, choices in CHOICES.items()
    }
    kinds = AdoptionKind.objects.values_list("name", flat=True)
    lists[contract.ADOPTIONS, "kind"] = list(kinds)
    for sheet in (contract.SERVICES, PRESENCES):
        lists[sheet, "type"] = list(ServiceType.objects.values_list("name", flat=True))
        lists[sheet, "themes"] = list(Theme.objects.values_list("name", flat=True))
    return lists


def constants_of(sheet: Sheet) -> dict[str, list[str]]:
    """`{field: values}` that all rows of a file may have, when it has no column of them."""
    constants = {field: values for (of, field), values in _lists().items() if of is sheet}
    if sheet is PRESENCES:
        constants["advisers"] = list(StaffMember.objects.values_list("name", flat=True))
    return constants


def _offer(book: Workbook, lists: dict[tuple[Sheet, str], list[str]]) -> None:
    """Lets one choose in the cells of a column, but where many values stand in one."""
    for place, ((sheet, field), values) in enumerate(lists.items()):
        if field == "themes":
            continue
        column = [each.field for each in sheet.columns].index(field)
        source = f"='{DICTIONARIES}'!${chr(65 + place)}$2:${chr(65 + place)}${len(values) + 1}"
        worksheet = book.book.get_worksheet_by_name(sheet.name)
        worksheet.data_validation(
            *(1, column, MOST_ROWS, column),
            {"validate": "list", "source": source, "error_message": NOT_ON_LIST},
        )
