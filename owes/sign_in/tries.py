"""How often one may try: a password, a code of the second step.

All is counted in the database, with or without Redis. A browser from which the account signed in
before has a count of its own, so nobody else can lock its owner out there; all others share the
counts of the account and of the network. Tries made during a wait are neither checked nor counted.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from owes.sign_in.client_address import client_network
from owes.sign_in.devices import digest_of_known_device
from owes.sign_in.models import TryCount

logger = logging.getLogger(__name__)

# Wrong tries after which the next one waits.
OF_ONE = 5  # one account from one device or network, and the second step
OF_ACCOUNT = 20  # one account from anywhere
OF_NETWORK = 20  # any accounts from one network


class TooManyTries(Exception):
    """The next try is possible at `until`; `is_new` when the wait begins with this one."""

    def __init__(self, until: datetime, is_new: bool = False) -> None:
        super().__init__(until)
        self.until, self.is_new = until, is_new


@dataclass(frozen=True)
class Tries:
    """The counts, `{key: limit}`, that one try belongs to.

    A right try clears the `own` ones and takes only itself back from the `shared` ones: whoever
    has one account of his own must not clear the count of the network by signing in to it.
    """

    own: Mapping[str, int]
    shared: Mapping[str, int] = field(default_factory=dict)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """The body checks what was typed, and raises `ValidationError` when it is wrong."""
        until = self.take()
        try:
            yield
        except ValidationError as wrong:
            if until:
                raise TooManyTries(until, is_new=True) from wrong
            raise
        self.succeed()

    @transaction.atomic
    def take(self) -> datetime | None:
        """Counts a try as wrong until `succeed` says otherwise.

        Until when the next one has to wait, should this one be wrong.
        """
        now = timezone.now()
        limits = {**self.own, **self.shared}
        rows = TryCount.objects.taken(list(limits))
        if locks := list(filter(None, (row.lock(now) for row in rows))):
            raise TooManyTries(max(locks))
        for row in rows:
            row.count(limits[row.key], now)
            if until := row.lock(now):
                logger.warning("Sign-in waits until %s: count %s", until, row)
        self._save(rows)
        return max(filter(None, (row.lock(now) for row in rows)), default=None)

    @transaction.atomic
    def succeed(self) -> None:
        now = timezone.now()
        TryCount.objects.filter(key__in=self.own).delete()
        rows = list(
            TryCount.objects.select_for_update().filter(key__in=self.shared).order_by("key")
        )
        for row in rows:
            row.give_back(self.shared[row.key], now)
        self._save(rows)

    def forget(self) -> None:
        """What only the owner of the account can bring about: a letter was answered."""
        TryCount.objects.filter(key__in=self.own).delete()

    @staticmethod
    def _save(rows: list[TryCount]) -> None:
        columns = ["failures", "waits", "locked_until", "counted_at"]
        TryCount.objects.bulk_update(rows, columns)


def of_password(request: HttpRequest, email: str) -> Tries:
    """The same for an account that exists and one that does not."""
    email = email.strip().lower()
    if device := digest_of_known_device(request, user__email=email):
        return Tries({_key("device", email, device): OF_ONE})
    network = client_network(request)
    return Tries(
        {_key("account in network", email, network): OF_ONE},
        {_key("account", email): OF_ACCOUNT, _key("network", network): OF_NETWORK},
    )


def of_code(request: HttpRequest, user_pk: int) -> Tries:
    """Of the second step: only who knows the password comes to it."""
    device = digest_of_known_device(request, user=user_pk)
    return Tries({_key("code", str(user_pk), device): OF_ONE})


def of_new_password(request: HttpRequest, email: str) -> Tries:
    """All that may hold up the owner of the account, who has just set a password."""
    tries = of_password(request, email)
    everywhere = {_key("account", email.strip().lower()): OF_ACCOUNT}
    return Tries({**tries.own, **everywhere})


def sweep() -> None:
    TryCount.objects.filter(counted_at__lt=timezone.now() - timedelta(days=1)).delete()


def _key(*parts: str) -> str:
    text = "|".join(parts)
    return salted_hmac("owes.sign_in.tries", text, algorithm="sha256").hexdigest()
