"""Private addresses of calendars."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from support.models.project import Membership, Project
from support.models.staff import StaffMember


class CalendarFeedQuerySet(models.QuerySet):
    def in_force(self):
        """Feeds whose owner still works in the project; without that right the address is dead."""
        works = Membership.objects.filter(
            user=models.OuterRef("user"),
            project=models.OuterRef("project"),
            is_active=True,
            role__in=[Membership.Role.STAFF, Membership.Role.COORDINATOR],
        )
        return self.filter(models.Exists(works), revoked_at=None, user__is_active=True)

    def by_token(self, token):
        return self.in_force().filter(digest=_digest(token)).first()


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeed(models.Model):
    """A private address from which a calendar program reads sessions without signing in.

    Only the digest of the address is kept; the address is shown once, when it is created.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds"
    )
    project = models.ForeignKey(Project, models.CASCADE, related_name="calendar_feeds")
    staff_member = models.ForeignKey(
        StaffMember,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_feeds",
        verbose_name="czyj kalendarz",
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("utworzono", default=timezone.now, editable=False)
    revoked_at = models.DateTimeField("odwołano", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "adres kalendarza"
        verbose_name_plural = "adresy kalendarzy"
        ordering = ["-created_at"]

    def __str__(self):
        return str(self.staff_member or self.project)

    @classmethod
    def make(cls, **fields):
        """`(feed, token)`; the token is known only here."""
        token = secrets.token_urlsafe(32)
        return cls.objects.create(digest=_digest(token), **fields), token

    def revoke(self):
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
