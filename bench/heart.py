"""Times the heart of the program, on a database that `bench.generate` filled.

`python -m bench.heart [rounds] [--only part ...]` prints a table.

Every line is the ratio of two things done in turn in this one process, so that what else the
machine does meanwhile slows both. Answers are compared before anything is timed. Savings are
rolled back, so that each round meets the same records. With `--keep FILE` the result is kept in
the file; with `--against FILE` the dashboard is compared with that of a result kept so.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.generate import ADVISER, CLOSED, COORDINATOR
from bench.hand_sql import counted_by_hand
from entities.models import Entity
from indicators.closing.closing import close
from indicators.counting import triggers
from indicators.counting.judging import judge
from indicators.counting.refreshing import refresh_judgements
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.counting.verifying import differences
from indicators.dashboard.dashboard import Dashboard
from indicators.models import ChangeMark, Report
from owes.models import User
from support.models import Attendance, Project, Recipient, Service, Session

PARTS = ["pages", "first_look", "savings", "triggers", "recount", "closing"]


@dataclass
class Run:
    """Something timed; `inside` is entered before and left after, untimed."""

    name: str
    act: Callable
    inside: Callable[[], AbstractContextManager] = nullcontext
    wall: list = field(default_factory=list)
    cpu: list = field(default_factory=list)

    def once(self):
        with self.inside():
            wall, cpu = perf_counter(), process_time()
            self.act()
            self.cpu.append(process_time() - cpu)
            self.wall.append(perf_counter() - wall)

    @property
    def queries(self):
        with self.inside(), CaptureQueriesContext(connection) as queries:
            self.act()
        return len(queries)


@dataclass(frozen=True)
class Line:
    """A ratio of two runs and the goal it is held to, or one number with its own."""

    name: str
    goal: float
    value: float
    cpu: float | None = None
    run: str = ""
    unit: str = ""

    @classmethod
    def of(cls, run, unit, goal, name=""):
        return cls(
            name or run.name,
            goal,
            median(run.wall) / median(unit.wall),
            median(run.cpu) / median(unit.cpu),
            f"{_ms(run.wall)} ({_ms(run.cpu)} CPU, {run.queries} q.)",
            f"{_ms(unit.wall)} ({_ms(unit.cpu)} CPU, {unit.queries} q.)",
        )


def _ms(seconds):
    return f"{1000 * median(seconds):.0f}"


def in_turn(runs, rounds):
    for run in runs:  # warm
        with run.inside():
            run.act()
    for _ in range(rounds):
        for run in runs:
            run.once()


@contextmanager
def undone():
    """Keeps nothing of what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class FormReader(HTMLParser):
    """What the form of a page of `owes.editing` would send with nothing changed."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.fields, self.select, self.text = [], {}, None, None
        self.feed(page.content.decode())
        [self.data] = [fields for fields in self.forms if "editing-token" in fields]

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, value = given.get("name"), given.get("value", "")
        if tag == "form":
            self.fields = {}
            self.forms.append(self.fields)
        elif tag == "input" and name:
            is_box = given.get("type") in ("checkbox", "radio")
            if given.get("type") not in ("submit", "file") and (not is_box or "checked" in given):
                self.fields.setdefault(name, []).append(value or ("on" if is_box else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.fields.setdefault(self.select, []).append(value)
        elif tag == "textarea":
            self.text = name
            self.fields[name] = [""]

    def handle_data(self, data):
        if self.text:
            self.fields[self.text][0] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.text = None


class Heart:
    """The first project of the database, with its closed reports and the accounts that act."""

    def __init__(self, rounds):
        self.rounds, self.lines = rounds, []
        self.project = Project.objects.get(slug="sputnik-ii")
        self.scope = Scope.of(self.project)
        self.on = self.scope.as_of(timezone.localdate())
        self.coordinator = self._client(COORDINATOR)
        self.adviser = self._client(ADVISER)
        entities = Entity.objects.filter(services__project=self.project).order_by("pk").distinct()
        self.entity = entities[entities.count() // 2]
        self.reports = Report.objects.exclude(closed_at=None).order_by("ends_on")
        # A run that was interrupted may have left them open.
        self.reports.update(state=Report.State.CLOSED)
        refresh_judgements()
        kept(self.scope)

    def _client(self, email):
        client = Client(HTTP_HOST="localhost")
        client.force_login(User.objects.get(email=email), settings.AUTHENTICATION_BACKENDS[-1])
        return client

    def measure(self, parts):
        self.compare_answers()
        for part in parts:
            begun = perf_counter()
            getattr(self, part)()
            sys.stderr.write(f"{part}: {perf_counter() - begun:.0f} s\n")

    # Answers

    def counted(self, scope):
        """`{indicator: {record: day}}` of raw data."""
        verdicts = judge(scope.indicators, scope)
        return {
            code: {row.code: row.counted_on for row in rows if row.is_counted}
            for code, rows in verdicts.items()
        }

    def compare_answers(self):
        """Numbers of the dashboard, of the closed reports, by hand and of a recount are equal."""
        counted = self.counted(self.scope)
        assert all(counted.values()), "an indicator counts nobody"
        assert counted == counted_by_hand(self.scope), "SQL by hand counts otherwise"
        board = Dashboard.of(
            self.project, self.on, User.objects.get(email=COORDINATOR), timezone.localdate()
        )
        shown = {line.indicator.code: line.value for line in board.lines}
        assert shown == {code: len(days) for code, days in counted.items()}, "dashboard differs"
        for report in self.reports:
            said = dict(report.lines.values_list("indicator", "cumulative"))
            by_then = {
                code: sum(day <= report.ends_on for day in days.values())
                for code, days in counted.items()
            }
            assert said == by_then, f"{report} said otherwise"
        found = len(list(differences(self.project)))
        self.lines.append(Line("`verify_indicators`: differences", 0, found))
        self.numbers = shown

    # Pages

    def page(self, name, *arguments):
        url = reverse(name, args=arguments)

        def get():
            assert self.coordinator.get(url).status_code == 200, url

        return Run(name.partition(":")[2], get)

    def pages(self):
        slug = self.project.slug
        card = self.page("entities:entity_detail", self.entity.pk)
        dashboard = self.page("indicators:dashboard", slug)
        goals = {
            "dashboard": (dashboard, 3),
            "page of an indicator (pes)": (
                self.page("indicators:indicator_detail", slug, "pes"),
                5,
            ),
            "entities of the project": (self.page("indicators:project_entity_list", slug), 5),
            "list of indicators": (self.page("indicators:indicator_list", slug), 5),
        }
        in_turn([card, *(run for run, _ in goals.values())], self.rounds)
        for name, (run, goal) in goals.items():
            self.lines.append(Line.of(run, card, goal, f"{name} / card"))
        self.dashboard_ratio = median(dashboard.wall) / median(card.wall)

    def first_look(self):
        """The dashboard after a service was approved or taken back, when a worker has judged."""
        card = self.page("entities:entity_detail", self.entity.pk)
        service = self.service(Service.State.APPROVED, after=CLOSED[-1])
        judged = Run("judging after a change by the worker", refresh_judgements)

        def change():
            states = {Service.State.APPROVED: Service.State.DRAFT}
            service.state = states.get(service.state, Service.State.APPROVED)
            Service.objects.filter(pk=service.pk).update(state=service.state)

        @contextmanager
        def changed():
            change()
            yield

        @contextmanager
        def changed_and_judged():
            change()
            judged.once()
            assert not ChangeMark.objects.filter(project_id=self.project.pk).exists()
            yield

        looks = [
            (self.page("indicators:dashboard", self.project.slug), changed_and_judged, 3),
            (self.page("indicators:dashboard", self.project.slug), changed, 0),
        ]
        for look, inside, _ in looks:
            look.inside = inside
        in_turn([card, *(look for look, _, _ in looks)], self.rounds + self.rounds % 2)
        [judged_look, own_look] = [look for look, _, _ in looks]
        self.lines += [
            Line.of(judged_look, card, 3, "first dashboard after a change, worker ran / card"),
            Line.of(
                own_look, card, float("inf"), "first dashboard after a change, no worker / card"
            ),
            Line(f"{judged.name}, ms", float("inf"), 1000 * median(judged.wall)),
        ]
        if service.state != Service.State.APPROVED:
            change()
        refresh_judgements()

    # Savings

    def service(self, state, after=None, until=None):
        """One of the state, on a day of the project, with all of its people present."""
        days = Session.objects.filter(day__gt=after or self.project.starts_on)
        if until:
            days = days.filter(day__lte=until)
        people = Attendance.objects.filter(state=Attendance.State.PRESENT)
        candidates = self.project.services.filter(
            state=state, type__needs_attendance=True, sessions__in=days
        )
        served = Entity.objects.pes().filter(seat__powiat__in=self.project.area.all())
        return (
            candidates.filter(recipients__in=served, sessions__attendances__in=people)
            .order_by("pk")
            .distinct()[0]
        )

    def posting(self, name, client, url, data, saved):
        """A form sent, which must be saved: `saved()` is true of nothing but that."""
        response = {}

        def post():
            response["last"] = client.post(url, data)

        run = Run(name, post)
        with undone():
            assert not saved(), name
            post()
            assert response["last"].status_code == 302, (name, response["last"].status_code)
            assert saved(), name
        run.inside = undone
        return run

    def draft_saving(self):
        """Three of the people of a draft are taken off it, and its topic is changed."""
        draft = self.service(Service.State.DRAFT, after=CLOSED[-1])
        url = reverse("support:service_edit", args=[self.project.slug, draft.pk])
        data = FormReader(self.adviser.get(url)).data | {"act": "draft", "topic": "Nowy temat"}
        data = {
            name: value
            for name, value in data.items()
            if name not in ("roster-0-s0", "roster-1-s0", "roster-2-s0")
        }
        return lambda name: self.posting(
            name,
            self.adviser,
            url,
            data,
            lambda: Service.objects.get(pk=draft.pk).topic == "Nowy temat",
        )

    def approving(self, **days):
        service = self.service(Service.State.SUBMITTED, **days)
        url = reverse("support:service_approve", args=[self.project.slug, service.pk])
        return lambda name: self.posting(
            name,
            self.coordinator,
            url,
            {"editing-reason": "znaleziona karta"},
            lambda: Service.objects.get(pk=service.pk).is_approved,
        )

    def street_edit(self):
        url = reverse("entities:entity_edit", args=[self.entity.pk])
        data = FormReader(self.coordinator.get(url)).data | {"street": "Nowa 1"}
        return lambda name: self.posting(
            name,
            self.coordinator,
            url,
            data,
            lambda: Entity.objects.get(pk=self.entity.pk).street == "Nowa 1",
        )

    def savings(self):
        """With the closed reports against the same without any: they are made drafts meanwhile."""
        made = {
            "saving of a draft": (self.draft_saving(), 1.3),
            "approving after the last closed report": (self.approving(after=CLOSED[-1]), 1.3),
            "edit of an entity's street": (self.street_edit(), 1.3),
            "approving inside a closed report": (self.approving(until=CLOSED[1]), 2),
        }
        runs = {
            state: [make(name) for name, (make, _) in made.items()]
            for state in (Report.State.CLOSED, Report.State.DRAFT)
        }
        queries = {}
        for number in range(self.rounds):
            for state, of_state in runs.items():
                self.reports.update(state=state)
                refresh_judgements()
                for run in of_state:
                    if not number:
                        queries[state, run.name] = run.queries
                    run.once()
        self.reports.update(state=Report.State.CLOSED)
        refresh_judgements()
        for with_reports, without in zip(*runs.values(), strict=True):
            name = with_reports.name
            counts = [queries[state, name] for state in runs]
            self.lines.append(
                Line(
                    f"{name}: {len(self.reports)} closed reports / none",
                    made[name][1],
                    median(with_reports.wall) / median(without.wall),
                    median(with_reports.cpu) / median(without.cpu),
                    f"{_ms(with_reports.wall)} ({_ms(with_reports.cpu)} CPU, {counts[0]} q.)",
                    f"{_ms(without.wall)} ({_ms(without.cpu)} CPU, {counts[1]} q.)",
                )
            )

    def triggers(self):
        service = self.service(Service.State.APPROVED)
        entity = service.recipients.first()
        session = service.sessions.first()
        people = list(self.people_not_at(session)[:1000])

        def bulk():
            Attendance.objects.bulk_create(
                Attendance(session=session, day=session.day, person_id=pk, entity=entity)
                for pk in people
            )

        def new_service():
            copied = Service.objects.get(pk=service.pk)
            copied.pk, copied._state.adding, copied.code = None, True, "U/nowa"
            copied.save()
            Recipient.objects.create(service=copied, entity=entity)
            held = Session(service=copied, day=session.day, minutes=session.minutes)
            held.starts_at, held.ends_at = session.starts_at, session.ends_at
            held.save()
            for pk in people[:3]:
                Attendance.objects.create(session=held, person_id=pk, entity=entity)

        @contextmanager
        def without():
            with undone():
                triggers.uninstall(connection)
                self.warm()
                yield

        @contextmanager
        def with_them():
            with undone():
                self.warm()
                yield

        draft = self.draft_saving()
        for name, act in [
            ("saving of a draft", draft("draft").act),
            ("a service with three people", new_service),
            ("a thousand attendances in bulk", bulk),
        ]:
            self.warm = lambda act=act: _rehearsed(act)
            pair = [Run(name, act, with_them), Run(name, act, without)]
            in_turn(pair, self.rounds)
            self.lines.append(Line.of(*pair, 1.3, f"{name}: with triggers / without"))

    def people_not_at(self, session):
        there = Attendance.objects.filter(session=session).values("person")
        people = Attendance.objects.exclude(person__in=there).order_by("person")
        return people.values_list("person", flat=True).distinct()

    # Counting

    def recount(self):
        ours = Run("recount", lambda: judge(self.scope.indicators, self.scope))
        by_hand = Run("by hand", lambda: counted_by_hand(self.scope))
        in_turn([ours, by_hand], self.rounds)
        self.lines.append(Line.of(ours, by_hand, 1.5, "all indicators recounted / SQL by hand"))

    def closing(self):
        """Of the days since the last closed report, by the function that the worker calls."""
        coordinator = User.objects.get(email=COORDINATOR)

        def act():
            report = Report.objects.create(
                project=self.project,
                kind=Report.Kind.PARTIAL,
                starts_on=CLOSED[-1],
                ends_on=self.project.ends_on,
                created_by=coordinator,
            )
            close(report, coordinator, "pomiar")

        run = Run("closing", act, undone)
        run.once()
        self.lines += [
            Line("closing of a report: seconds", 30, run.wall[0], run.cpu[0]),
            Line("closing of a report: queries", 500, run.queries),
        ]


def _rehearsed(act):
    with undone():
        act()
    # SQLite reads its schema anew after a part of a transaction that changed it is undone.
    Attendance.objects.order_by().first()


def printed(heart, size):
    """The table, in Markdown."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True
    ).stdout.strip()
    yield f"{timezone.localdate():%d.%m.%Y}, {commit}, {connection.vendor}, {size}, "
    yield f"{heart.rounds} rounds, load {os.getloadavg()[0]:.1f}\n\n"
    yield f"Counted: {', '.join(f'{code} {n}' for code, n in heart.numbers.items())}\n\n"
    yield "| line | ratio | of CPU | goal | met | ms | ms of the unit |\n"
    yield "|---|---|---|---|---|---|---|\n"
    for line in heart.lines:
        cpu = "" if line.cpu is None else f"{line.cpu:.2f}"
        goal = "" if line.goal == float("inf") else f"{line.goal:g}"
        met = "" if not goal else ("yes" if line.value <= line.goal else "**no**")
        cells = [line.name, f"{line.value:.2f}", cpu, goal, met, line.run, line.unit]
        yield f"| {' | '.join(cells)} |\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=9)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--keep", type=Path, help="where the ratio of the dashboard is kept")
    parser.add_argument("--against", type=Path, help="a ratio kept so, of a smaller database")
    options = parser.parse_args()
    heart = Heart(options.rounds)
    heart.measure(options.only)
    if options.keep:
        options.keep.write_text(json.dumps(heart.dashboard_ratio))
    if options.against:
        smaller = json.loads(options.against.read_text())
        heart.lines.append(Line("dashboard / that of S", 1.5, heart.dashboard_ratio / smaller))
    size = f"{Project.objects.count()} projects, {Service.objects.count()} services"
    sys.stdout.writelines(printed(heart, size))


if __name__ == "__main__":
    main()
