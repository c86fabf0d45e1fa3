"""Small drawings of an indicator: the same SVG on a page and in a PDF, always beside its table.

On a page the classes of the theme colour them, light and dark; a PDF gives inline SVG no styles,
so every shape carries the colours of print as attributes, over which the classes win.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.html import format_html, format_html_join

from owes.formatting import month_in_short, number

INK, INK_2, LINE = "#1b2422", "#4f5b58", "#b9b5aa"
SERIES, FILL, GOAL = "#0b5c53", "#cfe4df", "#7a4800"
FONT = "Source Sans Pro, DejaVu Sans"


def meter(value: float, target: float | None, due_share: float | None = None) -> str:
    """A bar of the value against the target, with a mark where the plan is (or where the goal is).

    Above the target the bar goes on darker and its length is the value. `due_share` is the share
    of the target that the plan asks for by the day, None after the project's end.
    """
    if not target:
        return ""
    full = max(value, target)
    fill = 100 * min(value, target) / full
    over = 100 - fill if value > target else 0
    plan = 100 * target / full * (1 if due_share is None else due_share)
    return format_html(
        '<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" y="1" width="100" height="6"/>'
        '<rect class="fill" y="1" width="{}" height="6"/>{}'
        '<rect class="plan" x="{}" width="0.6" height="8"/></svg>',
        _n(fill),
        format_html('<rect class="over" x="{}" y="1" width="{}" height="6"/>', _n(fill), _n(over))
        if over
        else "",
        _n(min(plan, 99.4)),
    )


def spark(title: str, values: Sequence[int], target: int | None) -> str:
    """The cumulative values at the ends of months, as a line in a row of a table."""
    frame = Frame(2, 138, 33, 5, len(values), max([*values, target or 0, 1]))
    return format_html(
        '<svg class="spark" viewBox="0 0 144 36" role="img" aria-label="{}">{}{}{}{}</svg>',
        f"{title}: przyrost w kolejnych miesiącach, od 0 do {number(values[-1] if values else 0)}",
        frame.area(values),
        frame.goal(target),
        frame.line(values),
        frame.dot(values, 2.5),
    )


def step_chart(
    title: str,
    months: Sequence[date],
    values: Sequence[int],
    target: int | None,
    *,
    milestones: Sequence[tuple[date, int]] = (),
    changes: Sequence[date] = (),
    is_narrow: bool = False,
) -> str:
    """The cumulative values over months with the goal and the plan, for a page.

    `months` are the first days of the months drawn, `values` belong to the first of them: later
    months are yet to come. The plan runs straight from zero on the first through the milestones,
    `(day, value)`, to the target at the end of the last. An upright line stands at the beginning
    of each day of `changes`.
    """
    width, height, right = (330, 190, 58) if is_narrow else (700, 210, 58)
    step = _axis_step(max([*values, target or 0, 1]))
    top = -(-max([*values, target or 0, 1]) // step) * step
    frame = Frame(34, width - right, height - 26, 12, len(months), top)
    name = "narrow" if is_narrow else "wide"
    return format_html(
        '<svg class="chart chart-{}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "{}{}{}{}{}{}{}{}{}</svg>",
        name,
        width,
        height,
        fact(title, months, values, target),
        frame.grid(step),
        frame.years(months),
        frame.area(values),
        frame.changes_before(months, changes),
        frame.plan(target, [(_place(months, day), value) for day, value in milestones]),
        frame.goal(target),
        frame.line(values),
        frame.dot(values, 3.5),
        frame.labels(values, target),
    )


def report_chart(
    title: str,
    months: Sequence[date],
    values: Sequence[int],
    target: int | None,
    changes: Sequence[date] = (),
) -> str:
    """The same drawing, small, for a PDF: its `title` is the text of the figure.

    Paper answers no pointer, so the axes say their values and months, and each year its end.
    """
    full = max([*values, target or 0, 1])
    frame = Frame(24, 284, 92, 14, len(months), full * 1.05)
    return format_html(
        '<svg class="chart" viewBox="0 0 330 126" role="img"><title>{}</title>'
        "{}{}{}{}{}{}{}{}{}{}{}</svg>",
        fact(title, months, values, target),
        frame.grid(_axis_step(full), size=9),
        frame.area(values),
        frame.changes_before(months, changes),
        frame.axis(),
        frame.months(months, size=9),
        frame.years(months, size=9, below=11),
        frame.goal(target),
        frame.line(values),
        frame.dot(values, 2.5),
        frame.year_ends(months, values, size=9),
        frame.labels(values, target, size=11, small=8.5),
    )


def fact(title: str, months: Sequence[date], values: Sequence[int], target: int | None) -> str:
    """What the drawing shows, in a sentence."""
    if not values:
        return f"{title}: brak danych"
    goal = f", cel {number(target)}" if target else ""
    return (
        f"{title}: od {number(values[0])} w miesiącu {months[0]:%m.%Y} "
        f"do {number(values[-1])} w miesiącu {months[len(values) - 1]:%m.%Y}{goal}"
    )


def _place(months: Sequence[date], day: date) -> float:
    """Where the end of the day stands on the axis of months."""
    first = months[0]
    whole = (day.year - first.year) * 12 + day.month - first.month
    return whole + day.day / monthrange(day.year, day.month)[1]


def _n(value: float) -> str:
    return f"{value:.1f}"


def _axis_step(value: int) -> int:
    """Between the lines of the axis: the first of 1, 2, 5, 10, 20, 50 ... for at most five."""
    step = 1
    while value / step > 5:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step


class Frame:
    """A drawing area: `left` to `right`, `bottom` (zero) up to `top` (the `full` value)."""

    def __init__(
        self, left: float, right: float, bottom: float, top: float, count: int, full: float
    ) -> None:
        self.left, self.right, self.bottom, self.top = left, right, bottom, top
        self.count, self.full = max(count, 1), full

    def x(self, month: float) -> float:
        return self.left + (self.right - self.left) * month / self.count

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.full

    def _steps(self, values: Sequence[int]) -> str:
        """A step for every month: records come on a day, not along a slope."""
        path = [f"M{_n(self.left)} {_n(self.bottom)}"]
        for month, value in enumerate(values):
            path.append(f"V{_n(self.y(value))}H{_n(self.x(month + 1))}")
        return "".join(path)

    def area(self, values: Sequence[int]) -> str:
        shape = f"{self._steps(values)}V{_n(self.bottom)}Z"
        return format_html('<path class="area" fill="{}" d="{}"/>', FILL, shape)

    def line(self, values: Sequence[int]) -> str:
        return format_html(
            '<path class="line" fill="none" stroke="{}" stroke-width="1.5" d="{}"/>',
            SERIES,
            self._steps(values),
        )

    def dot(self, values: Sequence[int], radius: float) -> str:
        if not values:
            return ""
        return format_html(
            '<circle class="dot" fill="{}" cx="{}" cy="{}" r="{}"/>',
            SERIES,
            _n(self.x(len(values))),
            _n(self.y(values[-1])),
            radius,
        )

    def goal(self, target: int | None) -> str:
        if not target:
            return ""
        return format_html(
            '<line class="goal" stroke="{}" stroke-width="0.9" stroke-dasharray="3 2.5"'
            ' x1="{}" x2="{}" y1="{}" y2="{}"/>',
            GOAL,
            _n(self.left),
            _n(self.right),
            *[_n(self.y(target))] * 2,
        )

    def plan(self, target: int | None, milestones: Sequence[tuple[float, int]] = ()) -> str:
        """Through the milestones, `(place on the axis of months, value)`."""
        if not target:
            return ""
        points = [(self.x(place), self.y(value)) for place, value in milestones]
        points.append((self.right, self.y(target)))
        lines = "".join(f"L{_n(x)} {_n(y)}" for x, y in points)
        path = f"M{_n(self.left)} {_n(self.bottom)}{lines}"
        return format_html('<path class="plan" fill="none" stroke="{}" d="{}"/>', INK_2, path)

    def changes_before(self, months: Sequence[date], days: Sequence[date]) -> str:
        """An upright line at the beginning of each day."""
        places = [self.x(_place(months, day - timedelta(days=1))) for day in days]
        return format_html_join(
            "",
            '<line class="change" stroke="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            ((INK_2, _n(x), _n(x), _n(self.bottom), _n(self.top)) for x in places),
        )

    def axis(self) -> str:
        return format_html(
            '<line class="axis" stroke="{}" stroke-width="0.7" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            LINE,
            _n(self.left),
            _n(self.right),
            *[_n(self.bottom)] * 2,
        )

    def grid(self, step: int, size: float = 12) -> str:
        values = range(0, int(self.full) + 1, step)
        return format_html_join(
            "",
            '<line class="grid" stroke="#dedad0" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            '<text font-family="{}" font-size="{}" fill="{}" x="{}" y="{}" text-anchor="end">{}'
            "</text>",
            (
                (
                    _n(self.left),
                    _n(self.right),
                    _n(self.y(value)),
                    _n(self.y(value)),
                    FONT,
                    size,
                    INK_2,
                    _n(self.left - size * 2 / 3),
                    _n(self.y(value) + size / 3),
                    number(value),
                )
                for value in values
            ),
        )

    def months(self, months: Sequence[date], size: float) -> str:
        """The names of months under the axis, of as many as stand clear of one another."""
        wide = 2.4 * size
        steps = (1, 2, 3, 4, 6, 12)
        step = next((step for step in steps if self.x(step) - self.left > wide), steps[-1])
        return format_html_join(
            "",
            '<text class="month" font-family="{}" font-size="{}" fill="{}" x="{}" y="{}"'
            ' text-anchor="middle">{}</text>',
            (
                (
                    FONT,
                    size,
                    INK_2,
                    _n(self.x(at + 0.5)),
                    _n(self.bottom + size + 3),
                    month_in_short(month),
                )
                for at, month in enumerate(months)
                if (month.month - 1) % step == 0
            ),
        )

    def year_ends(self, months: Sequence[date], values: Sequence[int], size: float) -> str:
        """The value at the end of each year but the last one drawn, above its step."""
        ends = [at for at, _ in enumerate(values[:-1]) if months[at].month == 12 and values[at]]
        return format_html_join(
            "",
            '<text class="year-end" font-family="{}" font-size="{}" font-weight="600" fill="{}"'
            ' x="{}" y="{}" text-anchor="end">{}</text>',
            (
                (
                    FONT,
                    size,
                    INK,
                    _n(self.x(at + 1)),
                    _n(self.y(values[at]) - 3),
                    number(values[at]),
                )
                for at in ends
            ),
        )

    def years(self, months: Sequence[date], size: float = 12, below: float = 0) -> str:
        """A tick and a year at its first month shown."""
        firsts = [
            (number, month.year)
            for number, month in enumerate(months)
            if number == 0 or month.month == 1
        ]
        ends = [at for at, _ in firsts[1:]] + [self.count + 9]
        wide_enough = [
            (at, year)
            for (at, year), end in zip(firsts, ends, strict=True)
            if self.x(end) - self.x(at) > 2.6 * size
        ]
        return format_html_join(
            "",
            '<line class="axis" stroke="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            '<text font-family="{}" font-size="{}" fill="{}" x="{}" y="{}">{}</text>',
            (
                (
                    LINE,
                    _n(self.x(at)),
                    _n(self.x(at)),
                    _n(self.bottom),
                    _n(self.bottom + 4),
                    FONT,
                    size,
                    INK_2,
                    _n(self.x(at) + 2),
                    _n(self.bottom + size + 4 + below),
                    year,
                )
                for at, year in wide_enough
            ),
        )

    def labels(
        self, values: Sequence[int], target: int | None, size: float = 12, small: float = 12
    ) -> str:
        """The last value beside the end of its line; the goal beside its own, clear of it."""
        shown = []
        if values:
            end = self.x(len(values))
            at, text = self.y(values[-1]) + 4, number(values[-1])
            shown.append(_label("label", end, at, text, size=size, weight=600, fill=INK))
        if target:
            at = self.y(target) + 4
            if values and self.right - end < 4 * size:
                value_at = self.y(values[-1]) + 4
                if abs(at - value_at) < size + 1:
                    at = value_at + (size + 1 if values[-1] >= target else -size - 1)
            at = min(max(at, small), self.bottom)
            goal = f"cel {number(target)}"
            # Beside the drawing there is room for eight signs.
            size = small if len(goal) <= 8 else round(small * 8 / len(goal), 1)
            shown.append(_label("label-goal", self.right, at, goal, size=size, fill=GOAL))
        return format_html_join("", "{}", ((text,) for text in shown))


def _label(
    name: str, x: float, y: float, text: str, *, size: float, fill: str, weight: int = 400
) -> str:
    return format_html(
        '<text class="{}" font-family="{}" font-size="{}" font-weight="{}" fill="{}"'
        ' x="{}" y="{}">{}</text>',
        name,
        FONT,
        size,
        weight,
        fill,
        _n(x + 7),
        _n(y),
        text,
    )
