"""Counted tries, known devices and sessions."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.module_loading import import_string


class TryCountQuerySet(models.QuerySet):
    def taken(self, keys: list[str]) -> "list[TryCount]":
        """The rows of the keys, made where there are none and held until the transaction ends.

        Always in one order, so that two tries never wait for each other.
        """
        rows = [TryCount(key=key) for key in sorted(keys)]
        self.bulk_create(rows, ignore_conflicts=True)
        return list(self.select_for_update().filter(key__in=keys).order_by("key"))


class TryCount(models.Model):
    """Tries that failed under one key, and until when the next one has to wait.

    The key is a digest: typed addresses of strangers are not kept. A try is counted before it is
    checked, so that tries sent at once cannot pass by each other.
    """

    # Each further wait is longer; nobody who knows the password waits more than the last.
    WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))
    # How many tries there are after a wait, whatever the limit was before the first.
    AFTER_A_WAIT = 5
    # What lies further back is forgiven.
    MEMORY = timedelta(hours=1)

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveSmallIntegerField(default=0)
    waits = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects: ClassVar[Any] = TryCountQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key[:8]

    def lock(self, now: datetime) -> datetime | None:
        """Until when the next try has to wait, if it has to."""
        return self.locked_until if self.locked_until and self.locked_until > now else None

    def count(self, limit: int, now: datetime) -> None:
        """Counts a try as failed; the last one within the limit locks."""
        if self.counted_at < now - self.MEMORY:
            self.failures = self.waits = 0
        self.counted_at, self.failures = now, self.failures + 1
        if self.failures >= self._allowed(limit):
            self.locked_until = now + self.WAITS[min(self.waits, len(self.WAITS) - 1)]
            self.failures, self.waits = 0, self.waits + 1

    def give_back(self, limit: int, now: datetime) -> None:
        """Takes back one try that turned out right, and the lock if it was the last one left."""
        if self.failures:
            self.failures -= 1
        elif self.lock(now):
            self.locked_until, self.waits = None, self.waits - 1
            self.failures = self._allowed(limit) - 1

    def _allowed(self, limit: int) -> int:
        return min(limit, self.AFTER_A_WAIT) if self.waits else limit


class Device(models.Model):
    """A browser from which an account signed in; its cookie holds the token of the digest."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices", verbose_name="konto"
    )
    digest = models.CharField(max_length=64)
    first_at = models.DateTimeField("pierwsze logowanie", default=timezone.now)
    last_at = models.DateTimeField("ostatnie logowanie", default=timezone.now)

    class Meta:
        verbose_name = "urządzenie"
        verbose_name_plural = "urządzenia"
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="device_of_an_account_once")
        ]

    def __str__(self) -> str:
        return self.digest[:8]


class SessionQuerySet(models.QuerySet):
    def of(self, user: Any) -> "SessionQuerySet":
        """Those of the account that are not over."""
        return self.filter(user=user, expire_date__gt=timezone.now())


class Session(AbstractBaseSession):
    """A session of the library's kind, which knows whose it is and when it was last seen."""

    # Where its data tell when and from where it began; there is none before the sign-in.
    BEGINNING = "beginning"
    is_current = False

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name="konto",
    )
    seen_at = models.DateTimeField("ostatnio", default=timezone.now)

    objects: ClassVar[Any] = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta:
        verbose_name = "sesja"
        verbose_name_plural = "sesje"

    @cached_property
    def beginning(self) -> dict[str, Any]:
        """`at`, `address` and `browser`; empty when nobody signed in by the page."""
        told = self.get_decoded().get(self.BEGINNING, {})
        return told | {"at": datetime.fromisoformat(told["at"])} if told else {}

    @property
    def mark(self) -> str:
        """What names it on a page: the key itself lets in whoever has it."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")
