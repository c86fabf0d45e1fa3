"""Times the counting of each indicator on the database of the settings: `count.py [rounds]`.

Milliseconds, the best of the rounds, and the ratio to reading one entity with its seat and parent.
"""

import os
import sys
from pathlib import Path
from time import perf_counter

import django

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "owes.settings")
django.setup()

from entities.models import Entity  # noqa: E402
from indicators.counting.definitions import INDICATORS  # noqa: E402
from indicators.counting.scope import Scope  # noqa: E402
from support.models import Project  # noqa: E402


def best(rounds, run):
    times = []
    for _ in range(rounds):
        begun = perf_counter()
        run()
        times.append(1000 * (perf_counter() - begun))
    return min(times)


def main(rounds):
    scope = Scope.of(Project.objects.get(slug="sputnik-ii"))
    period, first = scope.period, Entity.objects.order_by("pk").values_list("pk", flat=True)[0]
    card = best(rounds, lambda: Entity.objects.for_card().get(pk=first))
    every = best(rounds, lambda: [indicator.days(scope) for indicator in INDICATORS.values()])
    lines = [("karta podmiotu", card), ("wszystkie: dni", every)]
    for code, indicator in INDICATORS.items():
        lines += [
            (f"{code}: dni", best(rounds, lambda rule=indicator: rule.days(scope))),
            (
                f"{code}: strona zaliczonych",
                best(rounds, lambda rule=indicator: list(rule.counted(scope, period)[:25])),
            ),
            (
                f"{code}: strona niezaliczonych",
                best(
                    rounds,
                    lambda rule=indicator: list(rule.not_counted(scope, period)[:25]),
                ),
            ),
        ]
    for name, milliseconds in lines:
        sys.stdout.write(f"{name:<42}{milliseconds:>9.1f} ms{milliseconds / card:>8.1f}x\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
