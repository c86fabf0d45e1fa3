"""What stops something for a time, with a reason, and is lifted with another one."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from owes.free_text import FreeCharField

LONGEST = 300


class HoldQuerySet(models.QuerySet):
    def in_force(self) -> "HoldQuerySet":
        return self.filter(lifted_at=None)


class Hold(models.Model):
    """A model of its own says what is held, `by` whom, and that it is held once at a time."""

    reason = FreeCharField("powód", max_length=LONGEST)
    since = models.DateTimeField("od", default=timezone.now)
    lift_reason = FreeCharField("powód zniesienia", max_length=LONGEST, blank=True)
    lifted_at = models.DateTimeField("zniesiono", null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="kto zniósł",
    )

    class Meta:
        abstract = True
