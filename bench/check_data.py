"""Times data control of SPUTNIK II: `python -m bench.check_data [rounds]`.

Seconds of the best round for each part that takes any, and of all checks together.
"""

import argparse
import sys
from time import perf_counter

from indicators.checks.declarations import CHECKS
from indicators.checks.findings import findings
from indicators.checks.project_data import ProjectData
from support.models import Project


def main(rounds):
    project = Project.objects.get(slug="sputnik-ii")
    best = {}
    for _ in range(rounds):
        data = ProjectData(project)
        for code, check in CHECKS.items():
            begun = perf_counter()
            count = sum(1 for _ in check.find(data))
            took = perf_counter() - begun
            best[code] = (min(took, best.get(code, (took,))[0]), count)
        begun = perf_counter()
        count = len(findings(project))
        took = perf_counter() - begun
        best["razem"] = (min(took, best.get("razem", (took,))[0]), count)
    for code, (seconds, count) in best.items():
        sys.stdout.write(f"{code:<6}{count:>8}{seconds:>8.2f} s\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=3)
    main(parser.parse_args().rounds)
