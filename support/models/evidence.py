"""Files of evidence, the records they prove and their states."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from entities.models import Entity, LocalGovernment, Person, SocialEnterpriseStatus
from owes.folding import search_words
from owes.free_text import FreeCharField
from owes.history import History
from owes.models import Searchable, SearchableQuerySet
from support.models.cooperation import Adoption, Partnership
from support.models.project import Project
from support.models.scan import Scan
from support.models.service import Service
from support.models.staff import StaffMember, StaffTraining
from support.models.states import EvidenceState


class Subject(models.TextChoices):
    """A kind of record that evidence proves; the value is the field that leads to the record."""

    SERVICE = "service", "usługa"
    PARTNERSHIP = "partnership", "współpraca z JST"
    ADOPTION = "adoption", "wdrożenie"
    STAFF_TRAINING = "staff_training", "szkolenie kadry"
    STATUS = "status", "status PS"
    ENTITY = "entity", "podmiot"
    PERSON = "person", "osoba"

    @classmethod
    def of(cls, record):
        return cls.for_model(type(record))

    @classmethod
    def for_model(cls, model):
        return next(subject for subject in cls if subject.model is model)

    @property
    def model(self):
        return Evidence._meta.get_field(self.value).related_model

    def records(self, project):
        """The records of this kind that may have evidence in the project; registers are shared."""
        rows = self.model._base_manager.all()
        is_of_project = any(field.name == "project" for field in self.model._meta.fields)
        return rows.filter(project=project) if is_of_project else rows

    def for_words(self, project):
        """As `records`, with the related rows that `labels.record_words` reads."""
        named = {
            Subject.PARTNERSHIP: ["local_government"],
            Subject.ADOPTION: ["entity"],
            Subject.STAFF_TRAINING: ["staff_member"],
            Subject.STATUS: ["entity"],
        }
        return self.records(project).select_related(*named.get(self, []))


class Document(models.TextChoices):
    """Kinds of documents the program knows; people may name others."""

    CARD = "karta podpisana"
    ATTENDANCE = "lista obecności"
    HOURS = "miesięczne zestawienie godzin"
    APPLICATION = "formularz zgłoszeniowy"
    DECLARATION = "deklaracja uczestnika"
    ADOPTION = "oświadczenie o wdrożeniu"
    ADOPTION_PROTOCOL = "protokół wdrożenia"
    PICTURE = "zrzut ekranu albo zdjęcie"
    AGREEMENT = "porozumienie z JST"
    LETTER = "list intencyjny"
    MEETING = "notatka ze spotkania"
    STATUS = "dokument potwierdzający status PS"
    REGISTER = "odpis KRS"
    OTHER_REGISTER = "wpis do ewidencji"
    CERTIFICATE = "zaświadczenie"
    PROGRAMME = "program szkolenia"
    SURVEYS = "ankiety"


def known_kind(kind):
    """The kind if the program knows it; one typed freely might name somebody."""
    return kind if kind in Document.values else "inny dokument"


def verified_count(subject):
    """How many verified files a record has, for a queryset of records of this kind."""
    rows = Evidence.objects.filter(
        state=Evidence.State.VERIFIED, **{subject.value: OuterRef("pk")}
    ).order_by()
    counted = rows.values(subject.value).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def one_subject():
    """Exactly one of the subjects is set."""
    condition = Q()
    for subject in Subject.values:
        condition |= Q(**{f"{other}__isnull": other != subject for other in Subject.values})
    return condition


class EvidenceQuerySet(SearchableQuerySet):
    def for_list(self):
        """With all that a line shows of a file and of the record it proves."""
        owners = [f"{subject}__project" for subject in ("service", "partnership", "adoption")]
        return self.select_related(
            "project",
            "added_by",
            "judged_by",
            "released_by",
            "service__type",
            *owners,
            "partnership__local_government",
            "adoption__entity",
            "staff_training__project",
            "staff_training__staff_member",
            "status__entity",
            "entity",
            "person",
            "scan",
        )

    def search(self, text, *, sees_names=True):
        """By the record proven; also by the file's name, which is often a person's."""
        places = {
            "service": Service,
            "partnership": Partnership,
            "adoption": Adoption,
            "adoption__entity": Entity,
            "entity": Entity,
            "partnership__local_government": LocalGovernment,
            "status__entity": Entity,
            "service__recipients": Entity,
            "staff_training__staff_member": StaffMember,
        }
        places |= {"person": Person, "": Evidence} if sees_names else {}
        for word in search_words(text):
            with_word = Q()
            for place, model in places.items():
                with_word |= model.objects.with_word(word, place)
            self = self.filter(pk__in=Evidence.objects.filter(with_word).values("pk"))
        return self

    def visible_to(self, user):
        """Without the files of services that the user may not see."""
        services = Service.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(service=None) | Q(service__in=services))

    def verified(self):
        return self.filter(state=Evidence.State.VERIFIED)

    def released(self):
        return self.filter(released_at__isnull=False)

    def holding(self):
        """Files that prove their record or may prove it: verified, or not judged yet."""
        return self.filter(state__in=[Evidence.State.WAITING, Evidence.State.VERIFIED])

    def signed_papers(self):
        """Cards and lists that come back signed."""
        return self.filter(kind__in=[Document.CARD, Document.ATTENDANCE])

    def of_record(self, record):
        return self.filter(**{Subject.of(record).value: record})

    def counts(self, subject, records):
        """`{key of a record: how many of these files}` of the records that have any."""
        rows = self.filter(**{f"{subject.value}__in": records})
        return dict(rows.order_by().values_list(subject.value).annotate(n=Count("pk")))


class Evidence(Searchable):
    """A file that proves a record: one record a file, with the checksum of its bytes.

    Files are never deleted: one added by mistake is withdrawn with a reason and stays visible.
    Rows made of one scan share its stored file.
    """

    State = EvidenceState
    EXPLAINED = (State.REFUSED, State.WITHDRAWN)

    search_fields = ("file_name", "kind")
    sort_field = "file_name"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="evidence", verbose_name="projekt"
    )
    kind = FreeCharField("rodzaj dokumentu", max_length=100, said_as=known_kind)
    file = models.FileField("plik", upload_to="evidence/%Y/%m/")
    file_name = FreeCharField("nazwa pliku", max_length=200)
    sha256 = models.CharField("suma kontrolna", max_length=64)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    adoption = models.ForeignKey(
        Adoption, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    staff_training = models.ForeignKey(
        StaffTraining, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    status = models.ForeignKey(
        SocialEnterpriseStatus, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    scan = models.ForeignKey(
        Scan, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name="skan"
    )
    state = models.CharField("stan", max_length=10, choices=State, default=State.WAITING)
    reason = FreeCharField("powód odrzucenia", max_length=300, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto dodał"
    )
    added_at = models.DateTimeField("dodano", default=timezone.now, editable=False)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto sprawdził",
    )
    judged_at = models.DateTimeField("sprawdzono", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto udostępnił kontroli",
    )
    released_at = models.DateTimeField("udostępniono kontroli", null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()
    history = History(excluded_fields=["search_text", "sort_key"])

    class Meta:
        verbose_name = "dowód"
        verbose_name_plural = "dowody"
        ordering = ["-added_at", "-pk"]
        indexes = [models.Index(fields=["project", "state"], name="evidence_project_state")]
        constraints = [
            models.CheckConstraint(
                condition=one_subject(),
                name="evidence_of_one_record",
                violation_error_message="Dowód dotyczy jednego zapisu.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[EvidenceState.REFUSED, EvidenceState.WITHDRAWN])
                | ~Q(reason=""),
                name="evidence_refused_with_reason",
                violation_error_message="Podaj powód odrzucenia dowodu.",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None, released_at=None)
                | Q(
                    released_by__isnull=False,
                    released_at__isnull=False,
                    state=EvidenceState.VERIFIED,
                ),
                name="evidence_released_once_verified",
                violation_error_message="Udostępnić można dowód sprawdzony.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["project", subject, "sha256"],
                    condition=~Q(state=EvidenceState.WITHDRAWN),
                    name=f"evidence_of_{subject}_once",
                    violation_error_message="Ten plik jest już przy tym zapisie.",
                )
                for subject in Subject.values
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("support:evidence_detail", args=[self.project.slug, self.pk])

    @property
    def subject(self):
        return next(subject for subject in Subject if getattr(self, f"{subject.value}_id"))

    @property
    def record(self):
        return getattr(self, self.subject.value)

    @property
    def suffix(self):
        return self.file.name.rpartition(".")[2]

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_verified(self):
        return self.state == self.State.VERIFIED

    @property
    def is_refused(self):
        return self.state == self.State.REFUSED

    @property
    def is_withdrawn(self):
        return self.state == self.State.WITHDRAWN

    @property
    def is_released(self):
        """Whether the funder's auditor may open the file."""
        return self.released_at is not None

    @property
    def is_picture(self):
        return self.suffix in ("png", "jpg")

    @property
    def is_shown(self):
        """Whether a browser may show the file; it only saves the others."""
        return self.is_picture or self.suffix == "pdf"

    def judge(self, by, state, reason=""):
        """Verifies or refuses; the same file may be judged again, history keeps both."""
        self._move(by, state, reason, allowed=set(self.State) - {self.State.WITHDRAWN})

    def withdraw(self, by, reason):
        self._move(by, self.State.WITHDRAWN, reason, allowed={self.State.WAITING})

    def _move(self, by, state, reason, allowed):
        """Changes the state under a lock of the row, so that of two clicks one wins."""
        if state in self.EXPLAINED and not reason.strip():
            raise ValidationError("Podaj powód.", code="required")
        with transaction.atomic():
            current = Evidence.objects.select_for_update().get(pk=self.pk)
            if current.state not in allowed:
                raise ValidationError(
                    f"Dowód „{self.file_name}” jest już w stanie „{current.get_state_display()}”."
                )
            self.state, self.judged_by, self.judged_at = state, by, timezone.now()
            self.reason = reason.strip() if state in self.EXPLAINED else ""
            fields = ["state", "reason", "judged_by", "judged_at"]
            if state != self.State.VERIFIED:
                self.released_by = self.released_at = None
                fields += ["released_by", "released_at"]
            self.save(update_fields=fields)

    def release(self, by):
        """Lets the funder's auditor open the file; one that is not verified is refused."""
        with transaction.atomic():
            current = Evidence.objects.select_for_update().get(pk=self.pk)
            if not current.is_verified:
                raise ValidationError(
                    f"Udostępnić można dowód sprawdzony, a „{self.file_name}” jest w stanie "
                    f"„{current.get_state_display()}”."
                )
            if not current.is_released:
                self._set_release(by, timezone.now())

    def hold_back(self):
        """Takes the release back; the history keeps it."""
        with transaction.atomic():
            if Evidence.objects.select_for_update().get(pk=self.pk).is_released:
                self._set_release(None, None)

    def _set_release(self, by, at):
        self.released_by, self.released_at = by, at
        self.save(update_fields=["released_by", "released_at"])
