"""The evidence that records need, and which records lack it."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value

from owes.history import History
from support.models.attendance import Attendance
from support.models.dictionaries import ServiceType
from support.models.evidence import Evidence, Subject
from support.models.project import Project
from support.models.service import Service
from support.models.service_links import Recipient


class EvidenceRequirementQuerySet(models.QuerySet):
    def about(self, record):
        """Requirements of records of this kind, the required first."""
        rows = self.filter(subject=Subject.of(record).value).order_by("-is_required", "pk")
        if isinstance(record, Service):
            rows = rows.filter(Q(service_type=None) | Q(service_type=record.type_id))
        return rows

    def missing(self, record=None, records=None):
        """`{"requirement", "row"}` of every record that lacks what one of these requires.

        One query for any number of records. `record`, or the keys `records`, narrow it to those
        records; the requirements must then be of that one kind of record.
        """
        if record is not None:
            records = [record.pk]
            self = self.filter(subject=Subject.of(record).value)
        return _lacking(self.filter(is_required=True).select_related("project"), records)

    def lacked_by(self, record):
        """The required ones that the record lacks, or will lack once it is submitted."""
        if isinstance(record, Service) and record.is_editable:
            return [row for row in self.to_come(record) if record.type in row.service_types()]
        required = [row for row in self.about(record) if row.is_required]
        missing = {row["requirement"] for row in _lacking(required, [record.pk])}
        return [row for row in required if row.pk in missing]

    def to_come(self, service):
        """The required ones that a service has no document of yet, whatever its type will be."""
        files = service.evidence.holding() if service.pk else Evidence.objects.none()
        kinds = set(files.filter(project=service.project_id).values_list("kind", flat=True))
        rows = self.filter(subject=Subject.SERVICE, is_required=True)
        return [row for row in rows if kinds.isdisjoint(row.kinds)]

    def proven(self, records):
        """`{(subject, key): whether it has a verified document}` of the records that need one.

        `records` are their keys by subject. Two queries. A record with several requirements is
        proven when it meets one of them. Use `missing` to see what is still to be added.
        """
        requirements = self.filter(is_required=True, subject__in=records)
        parts = [
            requirement.asked_of()
            .filter(pk__in=records[requirement.subject])
            .order_by()
            .values(
                subject=Value(requirement.subject),
                row=F("pk"),
                is_proven=Exists(requirement.given(Evidence.objects.verified())),
            )
            for requirement in requirements.select_related("project")
        ]
        proven = {}
        for row in _union(parts) if parts else ():
            key = row["subject"], row["row"]
            proven[key] = proven.get(key, False) or bool(row["is_proven"])
        return proven


def _lacking(requirements, records):
    """`{"requirement", "row"}` of the records, by their keys, that lack one; None means of all."""
    parts = [
        requirement.lacking(records).values(requirement=Value(requirement.pk), row=F("pk"))
        for requirement in requirements
    ]
    if not parts:
        return Evidence.objects.none().values(requirement=F("pk"), row=F("pk"))
    return _union(parts)


def _union(querysets):
    """All rows in one flat list: SQLite reads no twenty queries nested in one another."""
    first, *rest = querysets
    return first.union(*rest, all=True)


class EvidenceRequirement(models.Model):
    """The evidence that a kind of record needs in a project: one of the named documents."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="evidence_requirements", verbose_name="projekt"
    )
    subject = models.CharField("zapis", max_length=20, choices=Subject)
    service_type = models.ForeignKey(
        ServiceType,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence_requirements",
        verbose_name="rodzaj usługi",
    )
    documents = models.TextField(
        "dokument", help_text="Gdy wystarczy jeden z kilku, każdy w osobnym wierszu."
    )
    is_required = models.BooleanField(
        "wymagany",
        default=True,
        help_text="Bez niego zapis jest na liście braków. Niewymagany tylko podpowiadamy.",
    )

    objects = EvidenceRequirementQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "wymagany dowód"
        verbose_name_plural = "wymagane dowody"
        ordering = ["subject", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(service_type=None) | Q(subject=Subject.SERVICE),
                name="evidence_requirement_type_of_service",
                violation_error_message="Rodzaj usługi podaje się tylko dla usług.",
            ),
        ]

    def __str__(self):
        return " albo ".join(self.kinds)

    @property
    def is_of_service(self):
        return self.subject == Subject.SERVICE

    @property
    def kinds(self):
        return [kind for line in self.documents.splitlines() if (kind := " ".join(line.split()))]

    def service_types(self):
        """The types of services that need it."""
        if self.service_type_id:
            return ServiceType.objects.filter(pk=self.service_type_id)
        return ServiceType.objects.filter(needs_attendance=True, is_open_event=False)

    def asked_of(self):
        """The records that need it; of the shared registers those that the project supported."""
        records = Subject(self.subject).records(self.project)
        approved = {"service__project": self.project, "service__state": Service.State.APPROVED}
        match Subject(self.subject):
            case Subject.SERVICE:
                records = records.filter(type__in=self.service_types())
            case Subject.ENTITY:
                supported = Recipient.objects.filter(entity=OuterRef("pk"), **approved)
                return records.filter(Exists(supported))
            case Subject.STATUS:
                supported = Recipient.objects.filter(entity=OuterRef("entity"), **approved)
                return records.filter(Exists(supported))
            case Subject.PERSON:
                approved = {f"session__{path}": value for path, value in approved.items()}
                came = Attendance.objects.present().filter(person=OuterRef("pk"), **approved)
                return records.filter(Exists(came))
        if self.is_of_service:
            states = [Service.State.SUBMITTED, Service.State.APPROVED]
            return records.filter(state__in=states)
        return records

    def given(self, files):
        """Those of the files that are one of the documents of the record of the outer query."""
        return files.filter(
            project=self.project, kind__in=self.kinds, **{self.subject: OuterRef("pk")}
        )

    def lacking(self, records=None):
        """The records that need it and have none of the documents, not even one not judged yet."""
        given = self.given(Evidence.objects.holding())
        rows = self.asked_of() if records is None else self.asked_of().filter(pk__in=records)
        return rows.filter(~Exists(given)).order_by()
