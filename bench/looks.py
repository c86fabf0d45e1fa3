"""Times the questions about the log of looks: `python -m bench.looks [rows] [--rounds N]`.

On a migrated database: adds accounts and looks of two years, `rows` people in them together, half
of them by one account, then asks the pages as an administrator does.
"""

import argparse
import random
import sys
from datetime import timedelta
from time import perf_counter

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from owes.models import Look, LookedAt, User

ON_A_PAGE, PEOPLE, ACCOUNTS, DAYS = 25, 5000, 20, 700


def generate(rows):
    """`(administrator, the account with half of all looks)`; the same seed, the same looks."""
    chance = random.Random(7)
    accounts = [
        User.objects.get_or_create(email=f"bench{number}@example.org", defaults={"name": "Konto"})[
            0
        ]
        for number in range(ACCOUNTS)
    ]
    administrator, busiest, *_ = accounts
    User.objects.filter(pk=administrator.pk).update(is_administrator=True)
    now = timezone.now()
    with transaction.atomic():
        for number in range(rows // ON_A_PAGE):
            Look.objects.keep(
                chance.sample(range(1, PEOPLE), ON_A_PAGE),
                user=busiest if number % 2 else chance.choice(accounts),
                kind=chance.choice(Look.Kind.values),
                path="/people/",
                at=now - timedelta(minutes=chance.randrange(DAYS * 24 * 60)),
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return administrator, busiest


def questions(busiest):
    """`{words: (address, what is asked)}`."""
    now = timezone.localdate()
    of = reverse("entities:look_list")
    month, all_days = (
        {"account": busiest.pk, "since": f"{now - timedelta(days=days):%d.%m.%Y}"}
        | {"until": f"{now:%d.%m.%Y}"}
        for days in (30, DAYS)
    )
    return {
        "an account, a month": (of, month),
        "an account, two years": (of, all_days),
        "an account, two years, xlsx": (of, all_days | {"format": "xlsx"}),
    }


def main(rows, rounds):
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    administrator, busiest = generate(rows)
    client = Client()
    client.force_login(administrator)
    sys.stdout.write(f"{LookedAt.objects.count()} rows on {connection.vendor}\n")
    for words, (address, asked) in questions(busiest).items():
        took = min(_seconds(client, address, asked) for _ in range(rounds))
        sys.stdout.write(f"{words:<32}{took:>8.2f} s\n")
    for words, ask in {
        "a person: the first page": lambda: list(Look.objects.of_people([7])[:25]),
        "a person: how many": lambda: Look.objects.of_people([7]).count(),
    }.items():
        begun = perf_counter()
        ask()
        sys.stdout.write(f"{words:<32}{perf_counter() - begun:>8.2f} s\n")


def _seconds(client, address, asked):
    begun = perf_counter()
    response = client.get(address, asked)
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    return perf_counter() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    main(arguments.rows, arguments.rounds)
