"""The funder's package: what is in it, under which names, and that it names nobody."""

import hashlib
import io
import shutil
import subprocess
import zipfile
from datetime import date

import pikepdf
import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from python_calamine import CalamineWorkbook

from entities.models import Entity, Person
from indicators.closing import closing, packages
from indicators.models import Package, Report
from support.models import Service
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    EvidenceFactory,
    PartnershipFactory,
    PersonFactory,
    StaffTrainingFactory,
    sputnik,
)
from tests.indicators.given import DAY, FIRST, attend, service_of, supported
from tests.indicators.rules import CODES
from tests.support.files import GOOD

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.pdf]


def proof(name="karta.pdf", **fields):
    """A verified file with its bytes and its checksum."""
    row = EvidenceFactory(**{"service": None, "state": "verified", "file_name": name} | fields)
    content = GOOD["karta.pdf"] + str(row.pk).encode()
    row.file.save(f"x.{name.rpartition('.')[2]}", ContentFile(content), save=False)
    row.sha256 = hashlib.sha256(content).hexdigest()
    row.save()
    return row


@pytest.fixture
def report(coordinator):
    """A report of two entities and three people, with something of every kind."""
    first = EntityFactory(code="P1", name="Fundacja Pierwsza")
    service = service_of(FIRST, entity=first, code="U/1")
    for number, last in enumerate(["Żółtowska", "Ćwikła", "Łoś"], start=1):
        person = PersonFactory(
            code=f"O{number}",
            first_name="Grażyna",
            last_name=last,
            email=f"osoba{number}@poczta.example",
            phone=f"60{number} 700 800",
        )
        attend(service, first, person)
    supported(DAY, entity=EntityFactory(code="P2", name="Fundacja Druga"), person=person)
    AdoptionFactory(code="W1", entity=first, services=[service])
    PartnershipFactory(code="J1")
    StaffTrainingFactory(topic="Dostępność", staff_member__name="Ewa Piórkowska")
    draft = Report.objects.create(
        project=sputnik(),
        kind="partial",
        starts_on=date(2022, 4, 5),
        ends_on=date(2023, 12, 31),
        created_by=coordinator,
    )
    return closing.close(draft, coordinator, "próba")


def packed(report, by, **asked):
    """The package, and its files by path."""
    row = Package.objects.create(report=report, purpose="kontrola", by=by, **asked)
    row = packages.make(row)
    with zipfile.ZipFile(row.file.open("rb")) as pack:
        assert pack.testzip() is None
        return row, {path: pack.read(path) for path in pack.namelist()}


ALL = {"indicators": CODES, "documents": ["karta podpisana", "deklaracja uczestnika"]}


def words_of_pdf(content):
    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for name, attachment in pdf.attachments.items():
            attached = attachment.get_file().read_bytes()
            texts.append(words(name, attached))
        texts.append(str(pdf.docinfo))
    return "\n".join(texts)


def words(path, content):
    """Everything that can be read in a file of the package."""
    match path.rpartition(".")[2]:
        case "pdf":
            return words_of_pdf(content)
        case "xlsx":
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            rows = [row for name in book.sheet_names for row in cells(content, name)]
            return "\n".join(str(cell) for row in rows for cell in row)
    return content.decode()


def cells(content, sheet):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_name(sheet).to_python()


def test_a_package_has_the_report_its_sheets_the_index_and_the_sums(report, coordinator):
    row, files = packed(report, coordinator)
    assert sorted(files) == [
        "SHA256SUMS",
        "raport.pdf",
        "raport.xlsx",
        "sprawozdanie.pdf",
        "wykaz-dowodow.pdf",
        "wykaz-dowodow.xlsx",
    ]
    closed = Report.objects.get()
    assert hashlib.sha256(files["raport.pdf"]).hexdigest() == closed.sha256
    assert hashlib.sha256(files["sprawozdanie.pdf"]).hexdigest() == closed.official_sha256
    assert row.sha256 == hashlib.sha256(row.file.open("rb").read()).hexdigest()
    assert [path for path, _ in row.contents] == sorted(set(files) - {"SHA256SUMS"})


def test_the_sums_are_those_that_sha256sum_checks(report, coordinator, tmp_path):
    proof("karta.pdf", service=Service.objects.get(code="U/1"))
    row, files = packed(report, coordinator, **ALL)
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        path: hashlib.sha256(content).hexdigest()
        for path, content in files.items()
        if path != "SHA256SUMS"
    }
    with zipfile.ZipFile(row.file.open("rb")) as pack:
        pack.extractall(tmp_path)
    if tool := shutil.which("sha256sum"):
        subprocess.run([tool, "-c", "--strict", "SHA256SUMS"], cwd=tmp_path, check=True)


def test_nothing_in_a_package_names_anybody(report, coordinator):
    for person in Person.objects.all():
        proof(f"{person}.pdf", person=person, kind="deklaracja uczestnika")
    proof("Grażyna.pdf", service=Service.objects.get(code="U/1"), kind="karta p. Łoś")
    row, files = packed(report, coordinator, **ALL)
    secrets = [
        text
        for person in Person.objects.all()
        for text in (str(person), person.last_name, person.first_name, person.email, person.phone)
    ]
    read = {
        path: words(path, content)
        for path, content in files.items()
        if not path.startswith("dowody/")
    }
    assert len(read["raport.pdf"]) > 1000
    assert "Fundacja Pierwsza" in read["wykaz-dowodow.pdf"]
    missing = {
        (path, secret)
        for path, text in [*read.items(), *((path, path) for path in files)]
        for secret in secrets
        if secret in text
    }
    assert missing == set()
    codes = {person.code for person in Person.objects.all()}
    cells_of = {
        cell
        for sheet in ("3 przedstawiciele",)
        for line in [
            *cells(files["raport.xlsx"], sheet),
            *cells(files["wykaz-dowodow.xlsx"], sheet),
        ]
        for cell in line
    }
    assert codes & cells_of == set()


def test_people_have_the_numbers_of_the_reports_list_and_the_key_stays_here(report, coordinator):
    row, files = packed(report, coordinator)
    assert row.people == {"1": "O1", "2": "O2", "3": "O3"}
    index = cells(files["wykaz-dowodow.xlsx"], "3 przedstawiciele")
    assert [line[1] for line in index[1:]] == [
        f"Osoba {number}, Fundacja Pierwsza" for number in (1, 2, 3)
    ]
    sheet = cells(files["raport.xlsx"], "3 przedstawiciele")
    assert [line[0] for line in sheet[1:]] == ["Osoba 1", "Osoba 2", "Osoba 3"]
    assert packed(report, coordinator)[0].people == row.people


def test_the_index_tells_of_each_record_its_day_and_documents(report, coordinator):
    service, adoption = Service.objects.get(code="U/1"), sputnik().adoptions.get()
    card = proof(service=service)
    proof(service=service, state="waiting")
    statement = proof(adoption=adoption, kind="oświadczenie o wdrożeniu")
    own = proof(person=Person.objects.get(code="O2"), kind="deklaracja uczestnika")
    register = proof(entity=Entity.objects.get(code="P1"), kind="odpis KRS")
    act = proof(partnership=sputnik().partnerships.get(), kind="list intencyjny")
    training = proof(staff_training=sputnik().staff_trainings.get(), kind="zaświadczenie")
    _, files = packed(report, coordinator)
    book = files["wykaz-dowodow.xlsx"]
    index = {sheet: cells(book, sheet)[1:] for sheet in ("1 PES", "3 przedstawiciele")}
    assert cells(book, "1 PES")[0] == [
        "Lp.",
        "Podmiot albo osoba",
        "Data pierwszego wsparcia",
        "Nr dokumentów",
    ]
    of_card = f"usługa U/1; D{card.pk} karta podpisana"
    assert index["1 PES"][0] == [
        1,
        "Fundacja Pierwsza (P1)",
        FIRST,
        f"{of_card}; D{register.pk} odpis KRS",
    ]
    assert [line[3] for line in index["3 przedstawiciele"]] == [
        of_card,
        f"{of_card}; D{own.pk} deklaracja uczestnika",
        of_card,
    ]
    assert cells(book, "6 cyfrowe")[1][3] == (
        f"usługa U/1; wdrożenie W1; D{card.pk} karta podpisana; "
        f"D{statement.pk} oświadczenie o wdrożeniu; D{register.pk} odpis KRS"
    )
    assert cells(book, "5 JST")[1][3] == f"akt współpracy J1; D{act.pk} list intencyjny"
    assert cells(book, "8 kadra")[1][3] == (
        f"szkolenie „Dostępność”; D{training.pk} zaświadczenie"
    )
    assert {line[2] for line in cells(book, "Dokumenty")[1:]} == {"nie dołączono"}


def test_only_the_evidence_asked_for_goes_in_verified_and_under_neutral_names(report, coordinator):
    service = Service.objects.get(code="U/1")
    twins = [proof(service=service), proof(service=service)]
    own = proof(person=Person.objects.get(code="O2"), kind="deklaracja uczestnika")
    proof(entity=Entity.objects.get(code="P1"), kind="odpis KRS")
    for fields in ({"state": "waiting"}, {"state": "refused", "reason": "nieczytelny"}):
        proof(service=service, **fields)
    supported(date(2024, 5, 5), code="U/9")
    proof(service=Service.objects.get(code="U/9"))  # counted after the report
    asked = {"indicators": ["pes"], "documents": ["karta podpisana", "deklaracja uczestnika"]}
    _, files = packed(report, coordinator, **asked)
    assert {path for path in files if path.startswith("dowody/")} == {
        "dowody/2022-04-05_P1_U-1.pdf",
        "dowody/2022-04-05_P1_U-1-2.pdf",
    }
    assert files["dowody/2022-04-05_P1_U-1.pdf"] == twins[0].file.open("rb").read()
    _, files = packed(report, coordinator, **asked | {"indicators": ["representatives"]})
    [declaration] = [path for path in files if "osoba" in path]
    assert declaration == f"dowody/{timezone.localdate(own.added_at)}_osoba-2_dowod-{own.pk}.pdf"
    assert packed(report, coordinator, indicators=["pes"])[1].keys() == {
        "SHA256SUMS",
        "raport.pdf",
        "raport.xlsx",
        "sprawozdanie.pdf",
        "wykaz-dowodow.pdf",
        "wykaz-dowodow.xlsx",
    }


def test_a_file_that_is_not_what_it_was_is_not_packed(report, coordinator):
    row = proof(service=Service.objects.get(code="U/1"))
    row.sha256 = "0" * 64
    row.save()
    with pytest.raises(ValidationError, match="nie jest już taki"):
        packed(report, coordinator, **ALL)
    package = Package.objects.get()
    assert (package.sha256, bool(package.file)) == ("", False)
    with pytest.raises(CommandError, match="nie jest już taki"):
        call_command("keep_package_file", str(package.pk))


def test_a_package_is_made_once(report, coordinator):
    row, _ = packed(report, coordinator)
    name = row.file.name
    assert packages.make(row).file.name == name
    call_command("keep_package_file", str(row.pk))
    assert Package.objects.get().file.name == name


def test_the_index_takes_the_same_queries_however_much_it_lists(
    report, coordinator, django_assert_max_num_queries
):
    for person in Person.objects.all():
        proof(person=person, kind="deklaracja uczestnika")
    with django_assert_max_num_queries(6):
        packages.Index(report).tables()
