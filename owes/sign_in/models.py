"""Counted tries and known devices, of which the rules of sign-in read."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


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
