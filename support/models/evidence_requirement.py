from functools import reduce

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value

from owes.history import History
from support.models.attendance import Attendance
from support.models.evidence import Evidence, Subject
from support.models.project import Project, ServiceType
from support.models.service import Service
from support.models.service_links import Recipient


class EvidenceRequirementQuerySet(models.QuerySet):
    def about(self, record):
        """Those that ask about records of this kind, the required first."""
        asked = self.filter(subject=Subject.of(record).value).order_by("-is_required", "pk")
        if isinstance(record, Service):
            asked = asked.filter(Q(service_type=None) | Q(service_type=record.type_id))
        return asked

    def missing(self, record=None, records=None):
        """`{"requirement", "row"}` of every record that lacks what a requirement of these asks.

        One query however many records there are. `record` or the keys `records` narrow it to
        those; the requirements must then ask about that one kind of record.
        """
        if record is not None:
            records = [record.pk]
            self = self.filter(subject=Subject.of(record).value)
        parts = [
            requirement.lacking(records).values(requirement=Value(requirement.pk), row=F("pk"))
            for requirement in self.filter(is_required=True).select_related("project")
        ]
        if not parts:
            return Evidence.objects.none().values(requirement=F("pk"), row=F("pk"))
        return reduce(lambda one, other: one.union(other, all=True), parts)

    def proven(self):
        """`{(subject, key): whether it has a verified document of these}` of the records asked of.

        One query. Of several requirements about a record it is enough to meet one: this tells what
        has nothing at all to show, `missing` what is still to be brought.
        """
        parts = [
            requirement.asked_of()
            .order_by()
            .values(
                subject=Value(requirement.subject),
                row=F("pk"),
                is_proven=Exists(requirement.given(Evidence.objects.verified())),
            )
            for requirement in self.filter(is_required=True).select_related("project")
        ]
        found = {}
        for row in reduce(lambda one, other: one.union(other, all=True), parts) if parts else ():
            key = row["subject"], row["row"]
            found[key] = found.get(key, False) or bool(row["is_proven"])
        return found


class EvidenceRequirement(models.Model):
    """What evidence a kind of record needs in a project: one of the documents named."""

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
                condition=Q(service_type=None) | Q(subject="service"),
                name="evidence_requirement_type_of_service",
                violation_error_message="Rodzaj usługi podaje się tylko dla usług.",
            ),
        ]

    def __str__(self):
        return " albo ".join(self.kinds)

    @property
    def kinds(self):
        return [kind for line in self.documents.splitlines() if (kind := " ".join(line.split()))]

    def asked_of(self):
        """The records this asks about; of the registers those that the project supported."""
        records = Subject(self.subject).records(self.project)
        approved = {"service__project": self.project, "service__state": Service.State.APPROVED}
        match Subject(self.subject):
            case Subject.SERVICE if self.service_type_id:
                records = records.filter(type=self.service_type_id)
            case Subject.SERVICE:
                records = records.filter(type__needs_attendance=True, type__is_open_event=False)
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
        if self.subject == Subject.SERVICE:
            states = [Service.State.SUBMITTED, Service.State.APPROVED]
            return records.filter(state__in=states)
        return records

    def given(self, files):
        """Those of the files that are one of the documents, of the record of the outer query."""
        return files.filter(
            project=self.project, kind__in=self.kinds, **{self.subject: OuterRef("pk")}
        )

    def lacking(self, records=None):
        """The records asked about that have none of the documents, not even one not judged."""
        given = self.given(Evidence.objects.holding())
        asked = self.asked_of() if records is None else self.asked_of().filter(pk__in=records)
        return asked.filter(~Exists(given)).order_by()
