"""Files imported in the browser: checked, saved all or nothing, sent back, taken back."""

import io
import time
import tracemalloc
import zipfile

import pytest
from django.apps import apps
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains
from python_calamine import CalamineWorkbook

from entities.models import Entity, NotDuplicate, Person
from indicators.models import WORKED_OUT
from owes.models import Look
from support.models import Attendance, Import, Service, Session, StaffTraining
from support.workbook.contract import ENTITIES, MISTAKE, TRAININGS
from support.workbook.importing import ALONE
from support.workbook.undoing import undo
from tests.factories import EntityFactory, PersonFactory
from tests.support.workbook.workbooks import Tables

URL = reverse("support:import_list", args=["sputnik-ii"])
NO_BUSINESS = {
    *("owes.job", "support.import", "support.importrow", "owes.submission", "owes.formdraft"),
}


@pytest.fixture
def send(signed_in, django_capture_on_commit_callbacks):
    """Sends a file; the background work runs at once, as it would a moment later."""

    def sending(name, content, register=""):
        data = {"register": register, "file": SimpleUploadedFile(name, content)}
        with django_capture_on_commit_callbacks(execute=True):
            page = signed_in.post(URL, data)
        return Import.objects.latest("pk") if page.status_code == 302 else page

    return sending


@pytest.fixture
def act(signed_in, django_capture_on_commit_callbacks):
    def acting(row, name, **data):
        data |= {"shown": row.effect_fingerprint} if name == "save" and "shown" not in data else {}
        with django_capture_on_commit_callbacks(execute=True):
            signed_in.post(reverse(f"support:import_{name}", args=["sputnik-ii", row.pk]), data)
        row.refresh_from_db()
        return row

    return acting


def workbook(tmp_path, tables=None):
    path = tmp_path / "skoroszyt.xlsx"
    (tables or Tables()).xlsx(path)
    return path.read_bytes()


def business():
    """The rows of every table but those of history, of work and of imports."""
    content = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if (
            label in NO_BUSINESS
            or model in WORKED_OUT
            or "historical" in label
            or not label.startswith(("entities.", "support.", "indicators."))
        ):
            continue
        content[label] = serializers.serialize("json", model._base_manager.order_by("pk"))
    return content


def shown(client, row):
    return client.get(reverse("support:import_detail", args=["sputnik-ii", row.pk]))


ENTITY_ROWS = [
    ";".join(ENTITIES.headers),
    "P900;Koło „Łąka”;koło gospodyń wiejskich;774-000-14-54;16375288;98765;KGW/7;05.04.2022;;"
    "1419022;9402;Łąck;ul. Polna 1;24 000 00 01;laka@example.org;;;06.04.2022",
]


@pytest.mark.parametrize("sheet", ALONE, ids=[sheet.stem for sheet in ALONE])
@pytest.mark.parametrize("cell", ["#N/A", "Na\x01zwa"])
def test_a_register_with_a_broken_cell_is_refused_with_its_place(send, sheet, cell):
    """As a text file and as the one sheet of a workbook; the other columns wait for their turn."""
    for place, header in enumerate(sheet.headers):
        cells = ["x"] * len(sheet.headers)
        cells[place] = cell
        text = "\n".join([";".join(sheet.headers), ";".join(cells)])
        row = send("rejestr.csv", text.encode(), sheet.stem)
        errors = [error for error in row.result["errors"] if error["column"] == header]
        assert (row.state, [(error["sheet"], error["row"]) for error in errors]) == (
            "refused",
            [(sheet.name, 2)],
        )


def test_a_file_with_a_character_no_database_keeps_is_refused_with_its_place(
    send, signed_in, tmp_path
):
    tables = Tables().put("Osoby", 2, "Nazwisko", "Pr\x00óbna").put("Osoby", 3, "E-mail", "#REF!")
    for name, register in (("skoroszyt.xlsx", ""), ("osoby.xlsx", "people")):
        row = send(name, workbook(tmp_path, tables), register)
        assert row.state == "refused"
        assert [(cell["row"], cell["column"], cell["value"]) for cell in row.result["errors"]] == [
            (2, "Nazwisko", "Pr\ufffdóbna"),
            (3, "E-mail", "#REF!"),
        ]
        assertContains(shown(signed_in, row), "W komórce jest błąd arkusza kalkulacyjnego")
        mistakes = reverse("support:import_mistakes", args=["sputnik-ii", row.pk])
        assert signed_in.get(mistakes).status_code == 200


@pytest.mark.parametrize("encoding", ["cp1250", "utf-8", "utf-8-sig"])
def test_a_register_in_any_polish_encoding_gets_its_zeros_back(send, act, encoding):
    row = send("podmioty.csv", "\r\n".join(ENTITY_ROWS).encode(encoding), "entities")
    assert (row.state, row.result["fates"]["Podmioty"]["created"]) == ("checked", 1)
    assert not Entity.objects.exists()
    act(row, "save")
    entity = Entity.objects.get()
    assert (entity.name, entity.nip, entity.krs, entity.regon) == (
        "Koło „Łąka”",
        "7740001454",
        "0000098765",
        "016375288",
    )
    assert (entity.postal_code, entity.locality) == ("09-402", "Łąck")


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_decimal_commas_are_read_whatever_parts_the_cells(send, act, sign):
    cells = ["Ewa Łącka", "Dostępność", "Kursy", "09.03.2023", "2023-03-10", "7,5", "Z/1"]
    if sign == ",":
        cells[5] = '"7,5"'
    text = "\n".join([sign.join(TRAININGS.headers), sign.join(cells)])
    act(send("kadra.csv", text.encode("cp1250"), "staff"), "save")
    training = StaffTraining.objects.get()
    assert (training.staff_member.name, str(training.hours)) == ("Ewa Łącka", "7.50")
    assert f"{training.ends_on:%d.%m.%Y}" == "10.03.2023"


def test_columns_may_stand_in_another_order_under_other_letters(send):
    turned = [";".join(reversed(row.split(";"))) for row in ENTITY_ROWS]
    turned[0] = turned[0].upper()
    row = send("podmioty.csv", "\n".join(turned).encode(), "entities")
    assert (row.state, row.result["fates"]["Podmioty"]["created"]) == ("checked", 1)


def test_a_missing_column_is_asked_about_and_takes_nothing_away(send):
    header, cells = (row.split(";") for row in ENTITY_ROWS)
    place = header.index("Telefon")
    text = "\n".join(";".join(row[:place] + row[place + 1 :]) for row in (header, cells))
    assert send("podmioty.csv", text.encode(), "entities").state == "matching"


def test_what_would_be_saved_is_what_was_shown_or_nothing_is(send, act, signed_in, tmp_path):
    row = send("a.xlsx", workbook(tmp_path))
    EntityFactory(code="P1")
    before = business()
    act(row, "save")
    assert (row.state, row.result["is_other"], business() == before) == ("checked", True, True)
    assert row.result["fates"]["Podmioty"] == {"created": 3, "changed": 1, "unchanged": 0}
    sentence = "Dane zmieniły się po sprawdzeniu pliku. Niczego nie zapisano."
    assertContains(shown(signed_in, row), sentence)
    assert (act(row, "save").state, Service.objects.count()) == ("saved", 3)
    assert sentence not in shown(signed_in, row).content.decode()


def test_a_page_that_shows_an_older_effect_saves_nothing(send, act, signed_in, tmp_path):
    row = send("a.xlsx", workbook(tmp_path))
    act(row, "save", shown="inny")
    assert (row.state, Service.objects.count()) == ("checked", 0)
    assertContains(shown(signed_in, row), "Skutek importu jest już inny, niż pokazywała strona.")


def test_a_workbook_is_saved_whole_and_the_same_again_changes_nothing(send, act, tmp_path):
    content = workbook(tmp_path)
    row = send("skoroszyt.xlsx", content)
    assert (row.state, Service.objects.count()) == ("checked", 0)
    act(row, "save")
    assert (row.state, Service.objects.count(), Person.objects.count()) == ("saved", 3, 2)
    before = [model.history.count() for model in (Service, Person, Entity)]
    again = send("skoroszyt.xlsx", content)
    assert (again.state, again.result["total"]) == ("checked", 0)
    act(again, "save")
    assert [model.history.count() for model in (Service, Person, Entity)] == before


def test_one_bad_row_saves_nothing_and_comes_back_to_be_mended(send, act, signed_in, tmp_path):
    tables = Tables().put("Usługi", 3, "Rodzaj", "doradztwo żadne")
    row = send("skoroszyt.xlsx", workbook(tmp_path, tables))
    assert row.state == "refused"
    assert [(error["sheet"], error["row"], error["column"]) for error in row.result["errors"]] == [
        ("Usługi", 3, "Rodzaj")
    ]
    assert not Entity.objects.exists()
    assertContains(shown(signed_in, row), "1\u00a0błąd. Niczego nie zapisano.")
    back = signed_in.get(reverse("support:import_mistakes", args=["sputnik-ii", row.pk]))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(back.content)).get_sheet_by_name("Usługi")
    header, first, second, *_ = sheet.to_python()
    assert (header[-1], first[-1], second[-1].startswith("Rodzaj: ")) == (MISTAKE, "", True)
    mended = Tables()
    for name in mended:
        mended[name] = [
            [*cells, MISTAKE if n == 0 else "nieważne"] for n, cells in enumerate(mended[name])
        ]
    row = send("poprawiony.xlsx", workbook(tmp_path, mended))
    assert act(row, "save").state == "saved"
    assert Service.objects.count() == 3


def test_what_was_approved_is_changed_only_with_a_reason(send, act, tmp_path):
    act(send("a.xlsx", workbook(tmp_path)), "save")
    row = send("b.xlsx", workbook(tmp_path, Tables().put("Usługi", 2, "Temat", "Inna porada")))
    assert row.result["approved"] == ["U/1"]
    assert act(row, "save").state == "checked"
    assert Service.objects.get(code="U/1").topic == "Porada"
    assert act(row, "save", why="Zgodnie z kartą").state == "saved"
    changed = Service.objects.get(code="U/1").history.first()
    assert changed.history_user == row.by
    assert (changed.topic, changed.history_change_reason) == (
        "Inna porada",
        f"import nr {row.pk}: b.xlsx; Zgodnie z kartą",
    )


def test_the_effect_on_each_indicator_is_shown_before_saving(send, signed_in, tmp_path):
    row = send("a.xlsx", workbook(tmp_path))
    assertContains(shown(signed_in, row), "PS: 0 → <strong>1</strong>")


# Undoing


def test_an_import_taken_back_leaves_every_table_as_before(send, act, tmp_path):
    act(send("a.xlsx", workbook(tmp_path)), "save")
    before = business()
    tables = Tables().put("Usługi", 2, "Temat", "Inna porada")
    tables.put("Osoby", 2, "Nazwisko", "Zmieniona").put("Terminy", 3, "Od", "08:00")
    del tables["Obecności"][-1]
    tables.add("Podmioty", "P7", "Nowy", "stowarzyszenie")
    row = act(send("b.xlsx", workbook(tmp_path, tables)), "save", why="próba")
    assert row.state == "saved"
    assert business() != before
    act(row, "undo", **{"editing-reason": "pomyłka"})
    assert row.state == "undone"
    assert business() == before


def test_the_first_import_taken_back_leaves_nothing(send, act, tmp_path):
    before = business()
    row = act(send("a.xlsx", workbook(tmp_path)), "save")
    act(row, "undo")
    assert (row.state, business() == before) == ("undone", True)


def test_what_was_changed_since_is_named_and_nothing_is_taken_back(send, act, signed_in, tmp_path):
    row = act(send("a.xlsx", workbook(tmp_path)), "save")
    person = Person.objects.get(code="O1")
    person.phone = "1"
    person.save()
    before = business()
    act(row, "undo")
    assert (row.state, business() == before) == ("saved", True)
    assertContains(shown(signed_in, row), "Po imporcie zmieniono: osoba „Łucja Próbna”")


def test_what_leads_to_an_imported_record_since_is_named_and_nothing_is_taken_back(
    send, act, signed_in, tmp_path
):
    row = act(send("a.xlsx", workbook(tmp_path)), "save")
    session = Session.objects.get(service__code="U/1")
    entity = Entity.objects.get(code="P1")
    session.attendances.create(person=Person.objects.get(code="O2"), entity=entity)
    before = business()
    act(row, "undo")
    assert (row.state, business() == before) == ("saved", True)
    assertContains(shown(signed_in, row), "prowadzi inny: obecność „")


def test_an_accepted_warning_goes_with_the_service_of_an_import(send, act, coordinator, tmp_path):
    before = business()
    row = act(send("a.xlsx", workbook(tmp_path)), "save")
    service = Service.objects.get(code="U/1")
    service.accepted_warnings.create(code="x", key="y", reason="tak", by=coordinator)
    act(row, "undo")
    assert (row.state, business() == before) == ("undone", True)


def test_what_is_taken_back_is_told_in_history(send, act, tmp_path):
    act(send("a.xlsx", workbook(tmp_path)), "save")
    tables = Tables().put("Osoby", 2, "Nazwisko", "Zmieniona").drop("Obecności", 5)
    tables.add("Podmioty", "P7", "Nowy", "stowarzyszenie")
    row = act(send("b.xlsx", workbook(tmp_path, tables)), "save", why="próba")
    act(row, "undo")
    words = f"cofnięto import nr {row.pk}"
    for model, kind in ((Person, "~"), (Attendance, "+"), (Entity, "-")):
        (change,) = model.history.filter(history_change_reason=words)
        assert change.history_type == kind


def test_all_that_stops_taking_back_is_named_with_links(send, act, signed_in, tmp_path):
    row = act(send("a.xlsx", workbook(tmp_path)), "save")
    person = Person.objects.get(code="O2")
    person.phone = "24 000 00 02"
    person.save()
    attendance = Attendance.objects.filter(session__service__code="U/1").first()
    attendance.state = "absent"
    attendance.save()
    act(row, "undo")
    service = Service.objects.get(code="U/1")
    told = [
        ["osoba O2", person.get_absolute_url()],
        ["obecność, usługa U/1", service.get_absolute_url()],
    ]
    assert sorted(map(list, row.result["undo_stopped"])) == sorted(told)
    page = shown(signed_in, row)
    assertContains(page, f'<a href="{person.get_absolute_url()}">osoba O2</a>')
    assertContains(page, f'<a href="{service.get_absolute_url()}">obecność, usługa U/1</a>')


def test_what_leads_to_a_new_record_is_named_when_taking_back(send, act, tmp_path):
    row = act(send("a.xlsx", workbook(tmp_path)), "save")
    entity = Entity.objects.get(code="P1")
    other = EntityFactory(code="PX", parent=entity)
    act(row, "undo")
    assert ["podmiot PX", other.get_absolute_url()] in row.result["undo_stopped"]
    other.delete()
    act(row, "undo")
    assert row.state == "undone"


def test_two_imports_are_taken_back_one_after_another(send, act, tmp_path):
    """The second changes, deletes and adds to what the first wrote."""
    before = business()
    first = act(send("a.xlsx", workbook(tmp_path)), "save")
    between = business()
    tables = Tables().put("Osoby", 2, "Nazwisko", "Zmieniona").drop("Obecności", 5)
    tables.put("Usługi", 3, "Temat", "Inny").add("Kadra", "Jan Nowy", "Kurs", None, "1.02.2024")
    second = act(send("b.xlsx", workbook(tmp_path, tables)), "save")
    act(first, "undo", **{"editing-reason": "próba"})
    assert first.state == "saved"
    act(second, "undo")
    assert (second.state, business() == between) == ("undone", True)
    act(first, "undo", **{"editing-reason": "próba"})
    assert (first.state, business() == before) == ("undone", True)


def test_a_change_between_two_imports_stops_the_first_from_being_taken_back(send, act, tmp_path):
    first = act(send("a.xlsx", workbook(tmp_path)), "save")
    person = Person.objects.get(code="O2")
    person.phone = "24 000 00 02"
    person.save()
    tables = Tables().put("Osoby", 3, "Telefon", "24 000 00 03")
    second = act(send("b.xlsx", workbook(tmp_path, tables)), "save")
    act(second, "undo")
    act(first, "undo")
    assert (second.state, first.state) == ("undone", "saved")
    assert Person.objects.get(code="O2").phone == "24 000 00 02"


def test_taking_back_asks_why_where_the_import_did(send, act, signed_in, tmp_path):
    act(send("a.xlsx", workbook(tmp_path)), "save")
    tables = Tables().put("Usługi", 2, "Temat", "Inny")
    row = act(send("b.xlsx", workbook(tmp_path, tables)), "save", why="literówka")
    assertContains(shown(signed_in, row), 'name="editing-reason"')
    assert act(row, "undo").state == "saved"
    act(row, "undo", **{"editing-reason": "jednak dobrze"})
    assert row.state == "undone"
    [change] = Service.history.filter(history_change_reason__startswith="cofnięto")
    assert change.history_change_reason == f"cofnięto import nr {row.pk}: jednak dobrze"


def test_taking_back_asks_why_where_a_service_was_approved_since(send, act, signed_in, tmp_path):
    act(send("a.xlsx", workbook(tmp_path)), "save")
    service = Service.objects.get(code="U/1")
    came = Attendance.objects.filter(session__service=service).count()
    Service.objects.filter(pk=service.pk).update(state="submitted")
    tables = Tables().put("Usługi", 2, "Stan", "złożona")
    tables["Obecności"][1:] = [row for row in tables["Obecności"][1:] if row[0] != "U/1"]
    row = act(send("b.xlsx", workbook(tmp_path, tables)), "save")
    assert (row.state, row.needs_reason) == ("saved", False)
    Service.objects.filter(pk=service.pk).update(state="approved")
    assert act(row, "undo").state == "saved"
    assert row.result["undo_approved"] == ["U/1"]
    page = shown(signed_in, row)
    assertContains(page, 'name="editing-reason"')
    assertContains(page, "Zatwierdzone usługi:")
    assert not Attendance.objects.filter(session__service=service).exists()
    act(row, "undo", **{"editing-reason": "lista się znalazła"})
    assert row.state == "undone"
    assert Attendance.objects.filter(session__service=service).count() == came


def test_taking_back_asks_as_often_for_any_number_of_rows(send, act, tmp_path):
    def asked(rows):
        tables = Tables()
        for number in range(rows):
            tables.add("Podmioty", f"X{number}", f"Nowy {number}", "stowarzyszenie")
        row = act(send("a.xlsx", workbook(tmp_path, tables)), "save")
        with CaptureQueriesContext(connection) as queries:
            undo(row)
        return len(queries)

    assert asked(1) == asked(30)


# What is refused


def zipped(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


def bomb():
    return zipped(xl__workbook_xml=b"x", xl__worksheets__sheet1_xml=b" " * 300 * 2**20)


WIDE = b'<worksheet><sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row></sheetData></worksheet>'
XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook>&x;</workbook>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomba.xlsx", bomb),
        ("szeroki.xlsx", lambda: zipped(xl__workbook_xml=b"x", xl__worksheets__sheet1_xml=WIDE)),
        ("xxe.xlsx", lambda: zipped(xl__workbook_xml=XXE)),
        ("gniazdo.xlsx", lambda: zipped(a_zip=bomb())),
        ("obraz.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 100),
        ("stary.xls", lambda: b"\xd0\xcf\x11\xe0"),
        ("pusty.xlsx", lambda: b""),
        ("duzy.xlsx", lambda: b"PK" + b"0" * 11 * 2**20),
    ],
)
def test_what_would_harm_the_reader_is_refused_at_once(send, name, content):
    content = content()
    tracemalloc.start()
    start = time.perf_counter()
    page = send(name, content)
    taken, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"file"}
    assert (taken < 2, peak < 50 * 2**20) == (True, True)
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "content", [b"a\x00b", b"\xff\xfe\x81\x83", b'Kod;"Nazwa\nP1;x', b";" * 500 + b"\n"]
)
def test_a_text_that_is_no_register_is_refused(send, content):
    page = send("podmioty.csv", content, "entities")
    state = page.state if isinstance(page, Import) else "unread"
    assert state in ("refused", "unread", "matching")
    assert not Entity.objects.exists()


# Who, and with what


def test_only_a_coordinator_imports(client, staff, auditor):
    for user in (staff, auditor):
        client.force_login(user)
        assert client.get(URL).status_code == 403


def test_a_csv_is_no_whole_workbook(send):
    page = send("podmioty.csv", "\r\n".join(ENTITY_ROWS).encode())
    assert page.context["form"].errors == {
        "register": ["Plik csv ma jeden rejestr: wskaż, co w nim jest."]
    }
    assert Import.objects.count() == 0


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("sheet", ALONE, ids=lambda sheet: sheet.stem)
def test_a_template_has_the_headers_of_the_contract(signed_in, send, sheet, kind):
    address = reverse("support:import_template", args=["sputnik-ii", sheet.stem, kind])
    row = send(f"wzor.{kind}", signed_in.get(address).content, sheet.stem)
    assert (row.state, row.result["total"]) == ("checked", 0)


@pytest.mark.parametrize("address", ["nothing.xlsx", "workbook.csv", "entities.pdf"])
def test_there_is_no_other_template(signed_in, address):
    assert signed_in.get(f"{URL}templates/{address}").status_code == 404


def test_columns_that_must_be_filled_are_told_before_a_file_is_sent(signed_in):
    page = signed_in.get(URL)
    assertContains(page, "Po kodzie program poznaje zapis")
    assertContains(page, "kolumny wymagane: Nazwa, Forma prawna<")
    groups = "Kod osoby albo Nazwisko, Kod podmiotu albo Podmiot albo NIP"
    assertContains(page, f"kolumny wymagane: {groups}<")
    for sheet in ALONE:
        assertContains(page, f"kolumny wymagane: {', '.join(sheet.needed_alone)}<")


@pytest.fixture
def columns(signed_in, django_capture_on_commit_callbacks):
    """Takes the columns as guessed, with changes."""

    def choosing(row, **changes):
        url = reverse("support:import_columns", args=["sputnik-ii", row.pk])
        form = signed_in.get(url).context["form"]
        chosen = {name: form[name].value() for name in form.fields}
        with django_capture_on_commit_callbacks(execute=True):
            signed_in.post(url, chosen | changes)
        row.refresh_from_db()
        return row

    return choosing


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exported_entities_come_back_unchanged(send, columns, signed_in, kind):
    """The guard against formulas is no part of a value."""
    for code, name, phone in (
        ("T1", "Fundacja Telefon", "+48 600 100 200"),
        ("T2", "-Koło Pod Kreską", ""),
        ("T3", "@ktywni Sąsiedzi", "'600 100 200"),
    ):
        EntityFactory(code=code, name=name, phone=phone)
    shown = ["code", "legal_form", "phone"]
    file = signed_in.get(reverse("entities:entity_list"), {"format": kind, "columns": shown})
    row = columns(send(f"podmioty.{kind}", file.content, "entities"))
    assert row.columns == {"Kod": "Kod", "Nazwa": "Nazwa", "Forma prawna": "Forma prawna"} | {
        "Telefon": "Telefon"
    }
    assert row.result["fates"] == {"Podmioty": {"created": 0, "changed": 0, "unchanged": 3}}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exported_people_come_back_unchanged(send, columns, signed_in, kind):
    for first_name, last_name in (
        ("Paulina", "Próbna"),
        ("Anna Maria", "Wzór"),
        ("Jan", "Próbny-Wzór"),
        ("Ewa", "Próbna Wzór"),
    ):
        PersonFactory(first_name=first_name, last_name=last_name, phone="600100200")
    asked = {"format": kind, "purpose": Look.Purpose.MENDING}
    file = signed_in.get(reverse("entities:person_list"), asked)
    row = columns(send(f"osoby.{kind}", file.content, "people"))
    assert row.result["fates"] == {"Osoby": {"created": 0, "changed": 0, "unchanged": 4}}


def test_a_list_with_titles_and_a_total_is_read_and_says_what_it_left(send, columns, signed_in):
    lines = [
        "WYKAZ PODMIOTÓW;;;",
        ";;;",
        "Lp.;Nazwa podmiotu;Forma prawna;Nr KRS",
        "1;Fundacja Próg;fundacja;123456",
        "2;Koło Próg;koło gospodyń wiejskich;",
        ";RAZEM: 2;;",
    ]
    row = columns(send("wykaz.csv", "\r\n".join(lines).encode("cp1250"), "entities"))
    assert row.result["fates"] == {"Podmioty": {"created": 2, "changed": 0, "unchanged": 0}}
    assertContains(shown(signed_in, row), "Nie wczytano wiersza 6 pod tabelą: „RAZEM: 2”.")
    lines[4] = "2;Koło Próg;kolo;"
    row = columns(send("wykaz.csv", "\r\n".join(lines).encode("cp1250"), "entities"))
    [error] = row.result["errors"]
    assert (error["row"], error["column"]) == (5, "Forma prawna")
    mistakes = reverse("support:import_mistakes", args=["sputnik-ii", row.pk])
    back = CalamineWorkbook.from_filelike(io.BytesIO(signed_in.get(mistakes).content))
    *titles, header, _, wrong, _ = back.get_sheet_by_index(0).to_python()
    assert titles == [["WYKAZ PODMIOTÓW", "", "", "", ""], [""] * 5]
    assert header == ["Lp.", "Nazwa podmiotu", "Forma prawna", "Nr KRS", MISTAKE]
    assert wrong[-1].startswith("Forma prawna: Nie ma takiej wartości")


def test_empty_cells_take_nothing_away_unless_told_to(send, act, signed_in, project):
    entity = EntityFactory(code="P1", name="Fundacja Próg", legal_form="foundation")
    Entity.objects.update(nip="5250001090", regon="016375288")
    project.enrolments.create(entity=entity, joined_on="2022-04-05")
    header = ENTITY_ROWS[0]
    cells = {"Kod": "P1", "Nazwa": "Fundacja Próg", "Forma prawna": "fundacja"}
    text = "\n".join([header, ";".join(cells.get(name, "") for name in header.split(";"))])
    row = send("podmioty.csv", text.encode(), "entities")
    told = [["P1", "NIP", "5250001090"], ["P1", "REGON", "016375288"]]
    told.append(["P1", "data zgłoszenia", "05.04.2022"])
    emptied = [entry for entry in row.result["emptied"] if entry[1] != "gmina siedziby"]
    assert (emptied, row.result["total"]) == (told, 0)
    assertContains(shown(signed_in, row), "Puste komórki pliku niczego nie skasują.")
    act(row, "empty", empties="1")
    assert (row.state, row.empties, row.result["total"]) == ("checked", True, 1)
    assertContains(shown(signed_in, row), "Puste komórki pliku kasują")
    act(row, "empty")
    assert (row.empties, row.result["total"]) == (False, 0)
    act(row, "empty", empties="1")
    act(row, "save")
    entity.refresh_from_db()
    assert (row.state, entity.nip, entity.enrolments.get().joined_on) == ("saved", "", None)


PERSON_ROWS = "Kod;Imię;Nazwisko;Płeć\n;Anna;Probna;K\n;Ewa;Nowa;K"


def test_a_likely_twin_waits_for_an_answer_that_the_file_remembers(send, columns, act, signed_in):
    twin = PersonFactory(code="O1", first_name="Anna", last_name="Próbna", sex="K")
    twin.representations.create(entity=EntityFactory(name="KGW Zagon"))
    row = columns(send("osoby.csv", PERSON_ROWS.encode(), "people"))
    assert (row.state, [doubt["row"] for doubt in row.result["doubts"]]) == ("asked", [2])
    page = shown(signed_in, row)
    assertContains(page, "Osoby, wiersz 2: Anna Probna")
    assertContains(page, "to Anna Próbna (O1), KGW Zagon")
    assertContains(page, "wspólne: imię i nazwisko")
    act(row, "save")
    assert (row.state, Person.objects.count()) == ("asked", 1)
    act(row, "answer", **{"people-2": "O77"})
    assert row.state == "asked"
    act(row, "answer", **{"people-2": "+"})
    assert (row.state, row.result["fates"]["Osoby"]["created"]) == ("checked", 2)
    act(row, "save")
    new = Person.objects.get(last_name="Probna")
    pair = NotDuplicate.objects.get()
    assert (pair.first_key, pair.second_key) == (twin.pk, new.pk)
    again = send("osoby2.csv", PERSON_ROWS.encode(), "people")
    assert (again.state, again.result["total"]) == ("checked", 0)


def test_one_said_to_be_known_is_changed_and_one_left_out_is_not_saved(send, columns, act):
    PersonFactory(code="O1", first_name="Anna", last_name="Próbna", sex="K")
    PersonFactory(code="O2", first_name="Ewa", last_name="Nowak", sex="K")
    row = columns(send("osoby.csv", PERSON_ROWS.replace("Nowa;", "Nowaka;").encode(), "people"))
    assert [doubt["row"] for doubt in row.result["doubts"]] == [2, 3]
    act(row, "answer", **{"people-2": "O1"})
    assert [doubt["row"] for doubt in row.result["doubts"]] == [3]
    act(row, "answer", **{"people-3": "-"})
    act(row, "save")
    names = Person.objects.order_by("code").values_list("code", "last_name")
    assert list(names) == [("O1", "Probna"), ("O2", "Nowak")]


def test_a_number_of_a_row_taken_for_a_code_changes_no_entity(send, columns, act, signed_in):
    first = "Lp.;Nazwa podmiotu;Forma prawna;NIP\n1;Fundacja Próg;fundacja;5250001090"
    second = "Lp.;Nazwa podmiotu;Forma prawna;NIP\n1;Koło Dalekie;stowarzyszenie;5260250995"
    act(columns(send("a.csv", first.encode(), "entities"), code="lp."), "save")
    row = send("b.csv", second.encode(), "entities")
    assert (row.state, row.knew_columns) == ("refused", True)
    assertContains(shown(signed_in, row), "NIP: w rejestrze 5250001090, w pliku 5260250995.")
    assertContains(shown(signed_in, row), "„Lp.”, a to numer wiersza")
    assert Entity.objects.get().name == "Fundacja Próg"


def test_a_spreadsheet_saved_as_unicode_text_is_read(send, act):
    text = "Kod\tImię\tNazwisko\tPłeć\r\nT1\tŻaneta\tPróbna\tK"
    row = send("osoby.csv", text.encode("utf-16"), "people")
    assert row.state == "matching"  # the other columns are not in the file


@pytest.mark.parametrize(
    "rows", ['Q1;"Nasza" Wieś;fundacja', 'Q1;"Szeroka Niwa;fundacja\nQ2;Fundacja Druga";fundacja']
)
def test_a_row_that_quotes_would_swallow_is_named(send, rows):
    page = send("podmioty.csv", f"Kod;Nazwa;Forma prawna\n{rows}".encode(), "entities")
    assertContains(page, "Wiersz 2: cudzysłów otwarty")
    assert not Import.objects.exists()
