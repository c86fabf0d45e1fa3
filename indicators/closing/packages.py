"""The funder's package: a closed report, the index of its evidence, files asked for, checksums.

People appear under numbers: that of their row in the report's list, so that the two can be read
together. Which number is whose is kept with the package, in the program.
"""

import hashlib
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from entities.models import Entity, Person
from indicators.closing.closing import keep_file
from indicators.counting.row_objects import KINDS, PROVING, TRAINING
from indicators.counting.scope import Scope
from indicators.models import Package
from indicators.models.package import EVIDENCE
from indicators.records.entity_indicators import indicators_of
from indicators.reports.files import render_xlsx
from indicators.reports.indicator_report import IndicatorReport
from owes.exports import Workbook
from owes.links import search_path
from owes.models import Job
from owes.pdf import render
from support.evidence.file_names import neutral_name
from support.models import Subject
from support.models.evidence import known_kind

SUMS = "SHA256SUMS"
LEFT_OUT = "nie dołączono"
PIECE = 2**20
CHANGED = "Plik „{name}” nie jest już taki, jaki był: jego suma kontrolna się nie zgadza."
# In the order of the index.
DECIDING = {kind.name: kind for kind in KINDS if kind in PROVING}


def person_label(number):
    return f"Osoba {number}"


@dataclass(frozen=True)
class IndexRow:
    """A counted record in the index: whose it is, from which day, what decided and proves it."""

    label: str
    entry: object
    decided_by: dict
    documents: list

    @property
    def linked(self):
        """`(number of a document, path of its page)`: of the records that decided, of the files.

        A training has no number that a search could find.
        """
        decided = [
            (kind.words.format(code), "" if kind is TRAINING else search_path(code))
            for kind in DECIDING.values()
            if (code := self.decided_by.get(kind.name))
        ]
        files = [
            (f"{number(row)} {known_kind(row.kind)}", row.get_absolute_url())
            for row in self.documents
        ]
        return decided + files

    @property
    def proofs(self):
        return [words for words, _ in self.linked]


def number(evidence):
    """The number by which the index and the program know a document: "D12"."""
    return f"D{evidence.pk}"


class Index:
    """The verified evidence of now of every counted record of a closed report.

    Four queries and those of the prefetched, however much was counted.
    """

    def __init__(self, report):
        self.report, self.project = IndicatorReport.of_json(report.document), report.project
        scope = Scope.of(self.project, report.ends_on)
        self.page = report.get_absolute_url()
        self._of_people = {indicator.code for indicator in indicators_of(Person, scope)}
        self._of_entities = {indicator.code for indicator in indicators_of(Entity, scope)}
        people = [
            entry.code
            for annex in self.report.annexes
            if annex.code in self._of_people
            for entry in annex.entries
        ]
        self.numbers = {code: place for place, code in enumerate(dict.fromkeys(people), start=1)}
        self._evidence = self._verified_evidence()

    def _keys(self, annex, entry):
        """`(kind, code)` of all whose evidence proves the record."""
        keys = [
            (name, (entry.code, code) if name == TRAINING.name else code)
            for name, code in entry.decided_by.items()
            if name in DECIDING
        ]
        if annex.code in self._of_people:
            keys.append(("person", entry.code))
        if annex.code in self._of_entities:
            keys.append(("entity", entry.code))
        return keys

    def _verified_evidence(self):
        """`{(kind, code): [evidence]}` of what the records of the report depend on."""
        codes = {name: set() for name in (*DECIDING, "person", "entity")}
        for annex in self.report.annexes:
            for entry in annex.entries:
                for name, code in self._keys(annex, entry):
                    codes[name].add(code)
        rows = self.project.evidence.verified().for_list().order_by("pk")
        rows = rows.prefetch_related("service__sessions", "service__recipients").filter(
            Q(service__code__in=codes["service"])
            | Q(adoption__code__in=codes["adoption"])
            | Q(partnership__code__in=codes["partnership"])
            | Q(staff_training__topic__in={topic for _, topic in codes["training"]})
            | Q(entity__code__in=codes["entity"])
            | Q(status__entity__code__in=codes["entity"])
            | Q(person__code__in=codes["person"])
        )
        by_subject = {}
        for row in rows:
            by_subject.setdefault(_proves(row), []).append(row)
        return by_subject

    def rows(self, annex):
        for entry in annex.entries:
            documents = [
                row for key in self._keys(annex, entry) for row in self._evidence.get(key, [])
            ]
            yield IndexRow(self.label(annex, entry), entry, annex.decided_by(entry), documents)

    def label(self, annex, entry):
        """The entity; of a person, the number and the entity that they represented."""
        if annex.code not in self._of_people:
            return entry.label if entry.label == entry.code else f"{entry.label} ({entry.code})"
        printed = dict(zip((column.title for column in annex.columns), entry.values, strict=True))
        entity = printed.get("Reprezentowany podmiot")
        label = person_label(self.numbers[entry.code])
        return f"{label}, {entity}" if entity else label

    def tables(self):
        """`(annex, rows)` of each indicator, as the index prints them."""
        return [(annex, list(self.rows(annex))) for annex in self.report.annexes]

    def documents(self, indicators, kinds):
        """The evidence of the records of these indicators, of these kinds, each file once."""
        return list(
            {
                row.pk: row
                for annex in self.report.annexes
                if annex.code in indicators
                for line in self.rows(annex)
                for row in line.documents
                if row.kind in kinds and row.file
            }.values()
        )

    def without_codes(self):
        """The report with numbers of people in place of their codes."""
        return replace(
            self.report,
            annexes=[
                self._numbered(annex) if annex.code in self._of_people else annex
                for annex in self.report.annexes
            ],
        )

    def _numbered(self, annex):
        def numbered(entry):
            label = person_label(self.numbers[entry.code])
            values = [label if value == entry.code else value for value in entry.values]
            return replace(entry, code=label, label=label, values=values)

        return replace(annex, entries=[numbered(entry) for entry in annex.entries])


def _proves(evidence):
    """`(kind, code)` of what a file proves; of a status, its entity."""
    record = evidence.record
    match evidence.subject:
        case Subject.STAFF_TRAINING:
            return TRAINING.name, (record.staff_member.name, record.topic)
        case Subject.STATUS:
            return "entity", record.entity.code
    return evidence.subject.value, record.code


def make(package, tell=lambda done, total: None):
    """Writes the file of a package, once; `tell` is called after each file put in.

    Raises `ValidationError` where a stored file is not what it was.
    """
    report = keep_file(package.report)
    index = Index(report)
    evidence = index.documents(package.indicators, package.documents)
    paths = _paths(evidence, index)
    generated = [
        ("raport.xlsx", render_xlsx(index.without_codes())),
        ("wykaz-dowodow.pdf", render_index(index, paths)),
        ("wykaz-dowodow.xlsx", index_workbook(index, paths)),
    ]
    stored = [("raport.pdf", report.file, report.sha256)]
    if report.official_file:
        stored.append(("sprawozdanie.pdf", report.official_file, report.official_sha256))
    stored += [(paths[row.pk], row.file, row.sha256) for row in evidence]
    with tempfile.TemporaryFile() as whole:
        contents = []
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as pack:
            for done, (path, file, expected) in enumerate(stored, start=1):
                contents.append([path, _copied(pack, path, file, expected)])
                tell(done, len(stored))
            for path, content in generated:
                pack.writestr(path, content)
                contents.append([path, hashlib.sha256(content).hexdigest()])
            sums = "".join(f"{digest}  {path}\n" for path, digest in sorted(contents))
            pack.writestr(SUMS, sums)
        return _save(package, whole, sorted(contents), index)


def _copied(pack, path, file, expected):
    """Copies a stored file into the archive; returns its checksum, which must be as kept."""
    digest = hashlib.sha256()
    with file.open("rb") as source, pack.open(path, "w", force_zip64=True) as copy:
        while piece := source.read(PIECE):
            digest.update(piece)
            copy.write(piece)
    if digest.hexdigest() != expected:
        raise ValidationError(CHANGED.format(name=path))
    return digest.hexdigest()


def _save(package, whole, contents, index):
    digest = hashlib.sha256()
    whole.seek(0)
    while piece := whole.read(PIECE):
        digest.update(piece)
    whole.seek(0)
    with transaction.atomic():
        package = Package.objects.select_for_update().get(pk=package.pk)
        if package.sha256:
            return package
        package.file.save(f"{package.pk}.zip", File(whole), save=False)
        package.sha256, package.contents = digest.hexdigest(), contents
        package.people = {str(place): code for code, place in index.numbers.items()}
        package.save(update_fields=["file", "sha256", "contents", "people"])
    return package


def _paths(evidence, index):
    """`{key of a file: its path in the package}`; a repeated name gets a number."""
    paths, taken = {}, set()
    for row in evidence:
        whose = index.numbers.get(row.person.code) if row.person_id else None
        name = PurePosixPath(neutral_name(row, whose and f"osoba-{whose}"))
        path, copy = f"{EVIDENCE}{name}", 1
        while path in taken:
            copy += 1
            path = f"{EVIDENCE}{name.stem}-{copy}{name.suffix}"
        taken.add(path)
        paths[row.pk] = path
    return paths


def render_index(index, paths):
    """ "Wykaz dowodów do wskaźnika" of every indicator, as a PDF."""
    context = {
        "page": index.page,
        "report": index.report,
        "tables": index.tables(),
        "files": _files(index, paths),
    }
    context |= {"is_demo": settings.DEMO}
    return render(render_to_string("indicators/closing/evidence_index_pdf.html", context))


def index_workbook(index, paths):
    """The same index as an xlsx."""
    book = Workbook()
    for place, (annex, rows) in enumerate(index.tables(), start=1):
        book.sheet(
            f"{place} {annex.label}",
            ["Lp.", "Podmiot albo osoba", "Data pierwszego wsparcia", "Nr dokumentów"],
            [
                [lp, row.label, row.entry.counted_on, "; ".join(row.proofs)]
                for lp, row in enumerate(rows, start=1)
            ],
        )
    book.sheet(
        "Dokumenty",
        ["Nr", "Rodzaj", "Plik w pakiecie", "SHA-256"],
        [
            [place, kind, path or LEFT_OUT, sha]
            for place, kind, path, sha, _ in _files(index, paths)
        ],
    )
    return book.bytes()


def _files(index, paths):
    """`[number, kind, path in the package or empty, checksum, page]` of all files of the index."""
    documents = {
        row.pk: row for _, rows in index.tables() for line in rows for row in line.documents
    }
    return [
        [number(row), known_kind(row.kind), paths.get(pk, ""), row.sha256, row.get_absolute_url()]
        for pk, row in sorted(documents.items())
    ]


def package_job(package):
    """The work of making a package, or None."""
    return Job.objects.filter(kind="package", params__package=package.pk).last()
