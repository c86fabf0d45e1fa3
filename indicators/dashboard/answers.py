"""The first answers of the dashboard: the targets, overdue reports, and what blocks a report.

Each is a short sentence with a link to the page where it is dealt with.
"""

from dataclasses import dataclass

from django.urls import reverse

from indicators.checks.findings import blocking_count, last_run
from owes.formatting import moment, plural, plural_form

GRAVITY = ["info", "ok", "watch", "risk"]
DATA = "niezgodność,niezgodności,niezgodności"
DUE = "sprawozdanie jest,sprawozdania są,sprawozdań jest"


@dataclass(frozen=True)
class Answer:
    """`kind` and `icon` are as of a state."""

    kind: str
    icon: str
    sentence: str
    url: str


def answers(board, user):
    """The targets on the day; the rest is of today, so it is shown on the latest day only."""
    verdict = board.verdict
    goals = reverse("indicators:indicator_list", args=[board.project.slug])
    yield Answer(verdict.kind, verdict.icon, verdict.sentence, f"{goals}?on={board.on:%Y-%m-%d}")
    if not board.is_latest:
        return
    yield overdue(board.deadlines)
    if user.has_perm("indicators.view_checks", board.project):
        yield of_data(user, board.project)


def gravest(all_answers):
    return max(all_answers, key=lambda answer: GRAVITY.index(answer.kind))


def overdue(deadlines):
    late = [-deadline.left for deadline in deadlines if deadline.is_duty and deadline.left < 0]
    if not late:
        return Answer("ok", "check", "Żadne sprawozdanie nie jest po terminie.", "#terminy")
    longest = plural(max(late), "dzień,dni,dni")
    beside = f"najdłużej {longest}" if len(late) > 1 else longest
    return Answer("risk", "clock", f"{plural(len(late), DUE)} po terminie, {beside}.", "#terminy")


def of_data(user, project):
    """By the last saved run of the checks: running them takes too long for this page."""
    url = reverse("indicators:check_list", args=[project.slug])
    run = last_run(user, project)
    if run is None:
        return Answer("info", "shield", "Danych jeszcze nie sprawdzono.", url)
    checked = f"Sprawdzono {moment(run.at)}."
    if not (count := blocking_count(run)):
        return Answer("ok", "check", f"Nic w danych nie wstrzymuje sprawozdania. {checked}", url)
    verb = plural_form(count, "wstrzymuje,wstrzymują,wstrzymuje")
    told = f"{plural(count, DATA)} w danych {verb} sprawozdanie."
    return Answer("risk", "shield", f"{told} {checked}", url)
