"""Projects and their members."""

from collections import Counter
from datetime import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, OuterRef, ProtectedError, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from entities.identifiers import validate_postal_code
from entities.models import LocalGovernment
from owes.folding import sort_key
from owes.formatting import day as as_day
from owes.free_text import PrintedCharField
from owes.history import History
from owes.periods import Period
from support import wording
from support.models.reporting import Reporting


class ProjectQuerySet(models.QuerySet):
    def of_user(self, user):
        """Projects the user may open; those in the archive last."""
        rows = self if user.is_administrator else self.of_member(user)
        return rows.order_by(F("archived_on").asc(nulls_first=True), "-starts_on", "slug")

    def with_membership_of(self, user):
        """`own_role`, and `opened_at`, when the user last came from another one.

        None where the user is no member.
        """
        own = Membership.objects.in_force(timezone.localdate())
        own = own.filter(user=user, project=OuterRef("pk")).order_by()
        return self.annotate(
            own_role=Subquery(own.values("role")), opened_at=Subquery(own.values("opened_at"))
        )

    def with_hold(self):
        """`held_since` of the hold in force on the data of each; None without one."""
        held = Q(legal_holds__lifted_at=None)
        return self.annotate(held_since=Max("legal_holds__since", filter=held))

    def of_member(self, user):
        """Projects the user works in or looks into."""
        memberships = Membership.objects.in_force(timezone.localdate()).filter(user=user)
        return self.filter(pk__in=memberships.values("project"))

    def worked_on_by(self, user):
        """Projects the user works in, without those they only look into."""
        working = [Membership.Role.STAFF, Membership.Role.COORDINATOR]
        return self.of_member(user).filter(
            pk__in=Membership.objects.filter(user=user, role__in=working).values("project")
        )


class Project(Reporting):
    """A publicly funded project: its period, area, and everything a document prints of it."""

    slug = models.SlugField("skrót w adresie", max_length=50, unique=True)
    name = models.CharField("nazwa", max_length=100)
    title = PrintedCharField("tytuł zadania", max_length=300)
    funder = models.CharField("zleceniodawca", max_length=200, blank=True)
    contractor = models.CharField("zleceniobiorca", max_length=200, blank=True)
    contract_number = models.CharField("numer umowy", max_length=100, blank=True)
    contract_date = models.DateField("data umowy", null=True, blank=True)
    # Where the project's office is and how to reach it; papers for participants print it.
    office_street = models.CharField("ulica i numer biura", max_length=200, blank=True)
    office_postal_code = models.CharField(
        "kod pocztowy biura", max_length=6, blank=True, validators=[validate_postal_code]
    )
    office_locality = models.CharField("miejscowość biura", max_length=100, blank=True)
    office_phone = models.CharField("telefon biura", max_length=50, blank=True)
    office_email = models.EmailField("e-mail biura", blank=True)
    office_hours = models.CharField(
        "godziny pracy biura",
        max_length=200,
        blank=True,
        help_text="Na przykład: poniedziałek–piątek 8:00–16:00.",
    )
    legal_citation = PrintedCharField(
        "podstawa prawna",
        max_length=300,
        blank=True,
        help_text="Ustawa, na podstawie której zlecono zadanie.",
    )
    funding_sentence = PrintedCharField("informacja o finansowaniu", max_length=300, blank=True)
    logotypes = models.TextField(
        "ciąg znaków",
        blank=True,
        help_text="Nazwy znaków po jednej w wierszu, drukowane, gdy nie ma pliku.",
    )
    logotype_strip = models.FileField(
        "plik z ciągiem znaków", upload_to="logotypes/", blank=True, help_text="PNG albo JPEG."
    )
    starts_on = models.DateField("początek")
    ends_on = models.DateField("koniec")
    documents_kept_until = models.DateField("dokumenty przechowywane do", null=True, blank=True)
    archived_on = models.DateField("w archiwum od", null=True, blank=True, editable=False)
    area = models.ManyToManyField(
        LocalGovernment,
        related_name="projects",
        verbose_name="obszar",
        help_text="Powiaty, miasta na prawach powiatu i pojedyncze gminy.",
    )
    needs_two_people = models.BooleanField(
        "zatwierdza inna osoba",
        default=False,
        help_text="Koordynator nie zatwierdza usług, które sam zapisał albo prowadził.",
    )
    remote_needs_no_signature = models.BooleanField(
        "usługi zdalne bez podpisu odbiorcy",
        default=False,
        help_text="Karta usługi online, telefonicznej i e-mail mówi, że podpis nie jest wymagany.",
    )
    clause = models.TextField("klauzula informacyjna RODO", default=wording.clause)
    clause_version = models.CharField("wersja klauzuli", max_length=50, default="1")
    agreement = models.TextField("treść porozumienia z JST", default=wording.agreement)
    certificate_threshold = models.PositiveSmallIntegerField(
        "próg obecności do zaświadczenia (%)",
        default=80,
        help_text="Jaka część czasu szkolenia wystarcza; poniżej potrzebny jest powód wyjątku.",
    )
    meeting_presence_share = models.PositiveSmallIntegerField(
        "obecność na spotkaniu zdalnym od (%)",
        default=50,
        help_text="Przez jaką część czasu terminu trzeba być połączonym, żeby raport ze spotkania "
        "zaliczył obecność. Osoby z krótszym czasem program wymienia i nie dopisuje.",
    )
    # Beyond them a service is warned about; see `support.services.warnings`.
    most_hours_a_day = models.PositiveSmallIntegerField(
        "najwięcej godzin osoby z kadry dziennie", default=10
    )
    most_hours_a_month = models.PositiveSmallIntegerField(
        "najwięcej godzin osoby z kadry miesięcznie", default=168
    )
    earliest_hour = models.TimeField("usługi od godziny", default=time(6))
    latest_hour = models.TimeField("usługi do godziny", default=time(22))
    days_to_sign = models.PositiveSmallIntegerField(
        "dni na podpisanie karty",
        default=14,
        help_text="Po tylu dniach karta, która nie wróciła podpisana, jest po terminie.",
    )

    objects = ProjectQuerySet.as_manager()
    history = History(m2m_fields=[area])

    class Meta:
        verbose_name = "projekt"
        verbose_name_plural = "projekty"
        ordering = ["-starts_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="project_dates_in_order",
                violation_error_message="Koniec projektu jest wcześniejszy niż początek.",
            ),
            models.CheckConstraint(
                condition=Q(certificate_threshold__range=(1, 100)),
                name="project_certificate_threshold_is_a_share",
                violation_error_message="Próg obecności to od 1 do 100%.",
            ),
            models.CheckConstraint(
                condition=Q(meeting_presence_share__range=(0, 100)),
                name="project_meeting_presence_is_a_share",
                violation_error_message="Część czasu to od 0 do 100%.",
            ),
            models.CheckConstraint(
                condition=Q(latest_hour__gt=F("earliest_hour")),
                name="project_hours_in_order",
                violation_error_message="Późniejsza godzina musi być po wcześniejszej.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("indicators:dashboard", args=[self.slug])

    @property
    def period(self):
        return Period(self.starts_on, self.ends_on)

    @property
    def phase(self):
        """Where the project is today, in words."""
        today = timezone.localdate()
        if today < self.starts_on:
            return f"zacznie się {as_day(self.starts_on)}"
        return "zakończony" if today > self.ends_on else "w toku"

    @property
    def is_archived(self):
        return self.archived_on is not None

    @property
    def refusal(self):
        """Why nothing in the project may be changed; empty when it may."""
        if not self.is_archived:
            return ""
        return (
            f"Projekt {self.name} jest w archiwum od {as_day(self.archived_on)}: "
            "można go oglądać, nie zmieniać."
        )

    @property
    def is_being_set_up(self):
        """Whether no record of work was made yet: nothing counts, so all may still be changed."""
        records = (self.services, self.partnerships, self.adoptions, self.staff_trainings)
        return not any(rows.exists() for rows in records)

    def remove(self):
        """Deletes a project that holds no records; one that does says which."""
        try:
            self.delete()
        except ProtectedError as error:
            kinds = Counter(row._meta.verbose_name_plural for row in error.protected_objects)
            held = ", ".join(f"{kind} ({kinds[kind]})" for kind in sorted(kinds))
            raise ValidationError(
                f"Projekt ma zapisy: {held}. Można go przenieść do archiwum."
            ) from None

    @property
    def office(self):
        """Address and contact of the office in one line; what is not known is left out."""
        town = f"{self.office_postal_code} {self.office_locality}".strip()
        parts = {
            "": self.office_street,
            " ": town,
            "tel. ": self.office_phone,
            "e-mail: ": self.office_email,
            "czynne: ": self.office_hours,
        }
        return ", ".join(f"{label}{value}".strip() for label, value in parts.items() if value)

    def clause_version_on(self, day):
        """The version of the clause printed on the day; the first known one before its history."""
        versions = self.history.order_by("history_id").values_list("clause_version", flat=True)
        known = versions.filter(history_date__date__lte=day).last() or versions.first()
        return known or self.clause_version


def names_of_projects():
    """Names that everybody in the centre knows; a password is not made of their words."""
    columns = ["name", "slug", "contractor", "funder", "office_locality"]
    return [text for row in Project.objects.values_list(*columns) for text in row]


class MembershipQuerySet(models.QuerySet):
    def for_list(self):
        """Active members first, then by name in the Polish order."""
        return sorted(
            self.select_related("user"),
            key=lambda membership: (not membership.is_active, sort_key(membership.user.name)),
        )

    def in_force(self, on):
        """Those that give access on the day."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=on), is_active=True)

    def coordinating(self, project):
        return self.filter(
            project=project,
            role=Membership.Role.COORDINATOR,
            is_active=True,
            user__is_active=True,
        )


class Membership(models.Model):
    """What a user may do in a project. The rules themselves are in `support/access.py`."""

    class Role(models.TextChoices):
        STAFF = "staff", "kadra"
        COORDINATOR = "coordinator", "koordynator"
        AUDITOR = "auditor", "grantodawca (wgląd)"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="memberships",
        verbose_name="konto",
    )
    project = models.ForeignKey(
        Project, models.CASCADE, related_name="memberships", verbose_name="projekt"
    )
    role = models.CharField("rola", max_length=12, choices=Role)
    is_active = models.BooleanField("czynny", default=True)
    last_day = models.DateField("ostatni dzień dostępu", null=True, blank=True)
    # Kept for those who have several projects: pages of none show the one opened last.
    opened_at = models.DateTimeField("otwarto", null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()
    history = History(excluded_fields=["opened_at"])

    class Meta:
        verbose_name = "członek zespołu"
        verbose_name_plural = "zespół"
        ordering = ["project", "user__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "project"],
                name="membership_once",
                violation_error_message="Ta osoba jest już w zespole projektu.",
            ),
            # A project would be left without those who work in it, on a day nobody remembers.
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(role="auditor"),
                name="membership_last_day_of_auditors",
                violation_error_message="Ostatni dzień dostępu ma tylko grantodawca.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}"

    def clean(self):
        """A project that has a coordinator keeps one: nobody else could appoint the next."""
        if self.pk and not self.is_coordinating:
            others = Membership.objects.coordinating(self.project).exclude(pk=self.pk)
            if type(self).objects.get(pk=self.pk).is_coordinating and not others.exists():
                raise ValidationError(
                    "To ostatni koordynator projektu. Najpierw nadaj tę rolę innej osobie."
                )

    @property
    def has_ended(self):
        return self.last_day is not None and self.last_day < timezone.localdate()

    @property
    def gives_access(self):
        return self.is_active and self.user.is_active and not self.has_ended

    @property
    def is_coordinating(self):
        return self.is_active and self.role == self.Role.COORDINATOR
