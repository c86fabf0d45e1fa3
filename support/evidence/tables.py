"""Lists of evidence and of records without it."""

from django.urls import reverse
from django.utils.html import format_html

from owes.formatting import moment
from owes.tables import Column, HeadingColumn, Table
from support.labels import evidence_badge, record_words
from support.models import Subject


def record_url(project, subject, pk):
    return reverse("support:record_evidence", args=[project.slug, subject, pk])


class PickColumn(Column):
    """A box to mark the row in, for the form below the table."""

    def render(self, record):
        return format_html(
            '<input class="form-check-input" type="checkbox" name="rows" value="{}" '
            'form="sprawdzenie" aria-label="Zaznacz: {}, {}">',
            record.pk,
            record.kind,
            record.record,
        )


class RecordOfEvidenceColumn(Column):
    def render(self, record, table):
        url = record_url(table.project, record.subject.value, record.record.pk)
        words = record_words(record.record, table.user)
        kind = record.subject.label
        return format_html('<a href="{}">{}</a><span class="quiet">{}</span>', url, words, kind)

    def value(self, record, table):
        return record_words(record.record, table.user)


class EvidenceTable(Table):
    """Files of a project; users who may not see names of people see no names of files."""

    caption = "Dowody"
    empty_title = "Nie ma takich dowodów"
    empty_text = "Dowód to plik przy zapisie: podpisana karta, lista obecności, porozumienie."

    kind = HeadingColumn(verbose_name="Dokument")
    file_name = Column(verbose_name="Plik", order_by=("sort_key",))
    record = RecordOfEvidenceColumn(verbose_name="Zapis", orderable=False, empty_values=())
    state = Column(verbose_name="Stan", orderable=False)
    reason = Column(verbose_name="Powód", orderable=False)
    added_at = Column(verbose_name="Dodano")
    added_by = Column(verbose_name="Kto dodał", orderable=False)
    sha256 = Column(verbose_name="Suma kontrolna", orderable=False, optional=True)
    pick = PickColumn(
        verbose_name="Zaznacz", orderable=False, empty_values=(), exclude_from_export=True
    )

    class Meta(Table.Meta):
        order_by = ("-added_at",)

    def __init__(self, rows, *, project, user, **kwargs):
        self.project, self.user = project, user
        left_out = [] if user.has_perm("support.judge_evidence", project) else ["pick"]
        if not user.has_perm("support.open_evidence", project):
            left_out += ["file_name", "reason", "sha256"]
        super().__init__(rows, exclude=left_out, **kwargs)

    def render_state(self, record):
        if not record.is_released:
            return evidence_badge(record)
        return format_html('{} <span class="quiet">udostępniony</span>', evidence_badge(record))

    def value_state(self, record):
        return record.get_state_display() + ", udostępniony" * record.is_released

    def render_added_at(self, value):
        return moment(value)

    def value_added_at(self, value):
        return value


class MissingTable(Table):
    """Records that lack required evidence; rows are those of `missing` of the requirements."""

    caption = "Czego brakuje"
    empty_title = "Niczego nie brakuje"
    empty_text = "Każdy zapis ma dowody, których wymagają ustawienia projektu."

    record = Column(verbose_name="Zapis", orderable=False, empty_values=())
    subject = Column(verbose_name="Rodzaj zapisu", orderable=False, empty_values=())
    missing = Column(verbose_name="Brakuje", orderable=False, empty_values=())

    def __init__(self, rows, *, project, user, **kwargs):
        self.project, self.user = project, user
        self.requirements = {row.pk: row for row in project.evidence_requirements.all()}
        self.records = {}
        super().__init__(rows, **kwargs)

    def look_up_for_file(self, rows):
        """Fetches the records of the rows, one query for each kind of record."""
        keys = {}
        for row in rows:
            keys.setdefault(self.requirements[row["requirement"]].subject, set()).add(row["row"])
        for subject, wanted in keys.items():
            records = Subject(subject).for_words(self.project)
            self.records[subject] = records.in_bulk(wanted)

    def _subject(self, row):
        return Subject(self.requirements[row["requirement"]].subject)

    def _record(self, row):
        if not self.records:
            self.look_up_for_file([row.record for row in self.paginated_rows])
        return self.records[self._subject(row)][row["row"]]

    def render_record(self, record):
        url = record_url(self.project, self._subject(record), record["row"])
        words = record_words(self._record(record), self.user)
        return format_html('<a href="{}">{}</a>', url, words)

    def value_record(self, record):
        return record_words(self._record(record), self.user)

    def render_subject(self, record):
        return self._subject(record).label

    def render_missing(self, record):
        return str(self.requirements[record["requirement"]])
