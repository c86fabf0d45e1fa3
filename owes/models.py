"""Users, the centre, searchable rows, sequences, jobs, submissions, drafts of forms."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone

from owes.chain.models import ChainLink, ChainShape
from owes.folding import fold, search_words, sort_key
from owes.free_text import are_withheld, open_columns
from owes.history import History
from owes.looks.models import Look, LookedAt, LookKind
from owes.privacy.models import Anonymisation, Tombstone, refuse_anonymised
from owes.sign_in.models import Device, Session, TryCount

__all__ = [
    "ChainLink",
    "ChainShape",
    "Anonymisation",
    "Device",
    "Look",
    "LookKind",
    "LookedAt",
    "Session",
    "Tombstone",
    "TryCount",
]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The first account of an installation: an administrator, who sees no personal data.

        Nobody gets Django's `is_superuser`: it would pass by every rule of `support/access.py`.
        """
        return self.create_user(email, password, is_administrator=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":  # type: ignore[override]
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. What they may do in a project is a `support.Membership`."""

    email = models.EmailField("adres e-mail", unique=True)
    name = models.CharField("imię i nazwisko", max_length=150)
    is_active = models.BooleanField("konto czynne", default=True)
    is_administrator = models.BooleanField("administrator kont i słowników", default=False)
    date_joined = models.DateTimeField("utworzono", default=timezone.now, editable=False)

    objects = UserManager()
    history = History(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "konto"
        verbose_name_plural = "konta"

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        refuse_anonymised(self)


class Centre(models.Model):
    """The centre that the program works for: one row, none before somebody saved it."""

    name = models.CharField("nazwa", max_length=100)
    address = models.CharField(
        "adres",
        max_length=200,
        blank=True,
        help_text="Na przykład: ul. Rynek 1, 09-400 Płock.",
    )
    logo = models.FileField("znak", upload_to="centre/", blank=True)
    asks_second_factor = models.BooleanField(
        "weryfikacja dwuetapowa obowiązkowa",
        default=True,
        help_text="Koordynator, grantodawca i administrator włączają ją przy najbliższym "
        "logowaniu; bez niej nie otworzą nic innego.",
    )

    history = History()

    class Meta:
        verbose_name = "ośrodek"
        verbose_name_plural = "ośrodek"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Centre":
        """Until it is saved, one named by the environment."""
        return cls.objects.first() or cls(name=settings.CENTRE)


class BackupQuerySet(models.QuerySet):
    def good(self) -> "BackupQuerySet":
        return self.filter(trouble="")


class Backup(models.Model):
    """A backup that was made, or was to be made: `trouble` says why there is none."""

    made_at = models.DateTimeField("zrobiono")
    name = models.CharField("plik", max_length=60)
    size = models.BigIntegerField("bajty", default=0)
    seconds = models.PositiveIntegerField("sekundy", default=0)
    is_encrypted = models.BooleanField("zaszyfrowana", default=False)
    trouble = models.TextField("przeszkoda", blank=True)

    objects: ClassVar[Any] = BackupQuerySet.as_manager()

    class Meta:
        verbose_name = "kopia zapasowa"
        verbose_name_plural = "kopie zapasowe"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class SearchableQuerySet(models.QuerySet):
    def search(self, text: str) -> Any:
        """Rows that hold every word of the text, blind to case, diacritics, quotes and dashes."""
        for word in search_words(text):
            self = self.filter(self.with_word(word))
        return self

    def with_word(self, word: str, at: str = "") -> Q:
        """The condition that the row, or the one at the path, holds the folded word.

        While free texts are withheld it is looked for in the others alone, with a query more.
        """
        if not are_withheld():
            return Q(**{f"{at}__search_text__contains" if at else "search_text__contains": word})
        columns = open_columns(self.model, self.model.search_fields)
        rows = self.filter(search_text__contains=word).order_by().values_list("pk", *columns)
        keys = [pk for pk, *texts in rows if word in fold(" | ".join(map(str, texts)))]
        return Q(**{f"{at or 'pk'}__in": keys})

    def matching(self, text: str) -> Any:
        """Rows that a picker offers for the text."""
        return self.search(text)


def fill_search(row: Any, search_fields: Iterable[str], sort_field: str) -> None:
    """The one way `search_text` and `sort_key` are made; migrations call it with bare rows."""
    texts = (str(getattr(row, field) or "") for field in search_fields)
    row.search_text = " | ".join(fold(text) for text in texts if text)
    row.sort_key = sort_key(str(getattr(row, sort_field)))[:700]


class Searchable(models.Model):
    """A row that lists search and order by folded text, alike on SQLite and PostgreSQL.

    `search_fields` name the columns looked through, `sort_field` the one ordered by;
    `words_in_order` says whether the order of typed words ranks what they find.
    """

    search_fields: tuple[str, ...] = ()
    sort_field = "name"
    words_in_order = True

    search_text = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=700, editable=False, default="", db_index=True)

    objects: ClassVar[Any] = SearchableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.fill_search()
        if update_fields is not None:
            update_fields = {*update_fields, "search_text", "sort_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def fill_search(self) -> None:
        """Bulk writes pass `save` by and call this themselves."""
        fill_search(self, self.search_fields, self.sort_field)


class Sequence(models.Model):
    """The last number given under a name; a number taken is never given again.

    Taken inside the transaction that uses it, so that a rollback leaves no gap.
    """

    name = models.CharField(max_length=100, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"

    @classmethod
    def next(cls, name: str) -> int:
        return cls.take(name, 1)[0]

    @classmethod
    def take(cls, name: str, count: int) -> range:
        """The next numbers, as many as are asked for."""
        if not cls.objects.filter(name=name).exists():
            # Of two who begin at once the other one waits; `get_or_create` would fail where a
            # transaction sees one moment.
            Sequence.objects.bulk_create([Sequence(name=name)], ignore_conflicts=True)
        row = cls.objects.select_for_update().get(name=name)
        first = row.last + 1
        row.last += count
        row.save(update_fields=["last"])
        return range(first, row.last + 1)


class JobState(models.TextChoices):
    QUEUED = "queued", "w kolejce"
    RUNNING = "running", "w toku"
    DONE = "done", "gotowe"
    FAILED = "failed", "nie udało się"


class Job(models.Model):
    """A piece of long work (a PDF, an import): the row, not the broker, is what is true of it."""

    State = JobState

    # How long it may wait before the page says that no worker answers; a lost message takes half.
    PATIENCE = timedelta(minutes=1)

    kind = models.CharField("rodzaj", max_length=50)
    key = models.CharField("klucz", max_length=200, unique=True)
    params = models.JSONField("parametry", default=dict)
    state = models.CharField("stan", max_length=10, choices=State, default=State.QUEUED)
    progress = models.PositiveIntegerField("zrobiono", default=0)
    total = models.PositiveIntegerField("z ilu", default=0)
    attempt = models.PositiveSmallIntegerField("próba", default=0)
    lease_until = models.DateTimeField("dzierżawa do", null=True, blank=True)
    file = models.FileField("plik", upload_to="jobs/%Y/%m/", blank=True)
    file_name = models.CharField("nazwa pliku", max_length=200, blank=True)
    people = models.JSONField("osoby w pliku", default=list)
    error = models.TextField("powód niepowodzenia", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name="zlecający",
    )
    created_at = models.DateTimeField("zlecono", auto_now_add=True)
    finished_at = models.DateTimeField("zakończono", null=True, blank=True)

    class Meta:
        verbose_name = "zadanie w tle"
        verbose_name_plural = "zadania w tle"
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
                name="job_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def is_left_alone(self) -> bool:
        """Whether it waits though no worker is busy with anything else: none answers."""
        now = timezone.now()
        waits = self.state == self.State.QUEUED and self.created_at < now - self.PATIENCE
        is_silent = self.state == self.State.RUNNING and (self.lease_until or now) < now
        if not (waits or is_silent):
            return False
        busy = Q(state=self.State.RUNNING, lease_until__gte=now)
        return not Job.objects.filter(busy | Q(finished_at__gte=now - self.PATIENCE)).exists()


class Submission(models.Model):
    """A form that was saved: sent again, it leads to the record already made.

    Written in the transaction of the record, so there is one exactly when there is the other.
    `key` is the address of the form, `opening` the one of its openings that was saved, `url` where
    the saving led, and `edit_url` the form that corrects what was saved, if there is one.
    """

    token = models.CharField(max_length=40, unique=True)
    opening = models.CharField(max_length=40, db_index=True)
    key = models.CharField(max_length=500)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    url = models.TextField()
    edit_url = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.url


class FormDraft(models.Model):
    """What somebody typed in one opening of a form and has not saved; only they ever see it.

    `key` is the address of the form, `data` the fields as a browser sends them, `title` what the
    form is of, and `label` the beginning of what is typed. `opening` keeps two windows apart, and
    a draft that came after the saving is known by it for a late one. A dropped draft stays until
    the sweep, so that dropping can be undone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="form_drafts")
    key = models.CharField(max_length=500)
    opening = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    label = models.CharField(max_length=200)
    data = models.TextField()
    updated_at = models.DateTimeField(auto_now=True, db_index=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key", "opening"], name="form_draft_of_an_opening"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.key

    def get_absolute_url(self) -> str:
        """The form with this draft in it."""
        return self.address("draft")

    def address(self, choice: str) -> str:
        """The form with this draft in it (`draft`), or telling that it was dropped (`dropped`)."""
        return f"{self.key}{'&' if '?' in self.key else '?'}{choice}={self.opening}"
