"""The drawings, read back as XML: what they say, where they stand, and that nothing is cut off."""

import xml.etree.ElementTree as ET
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owes.charts import meter, report_chart, spark, step_chart

MONTHS = [date(2022 + month // 12, month % 12 + 1, 1) for month in range(3, 36)]
VALUES = [month * 47 // 32 for month in range(33)]
NARROW, WIDE = {"is_narrow": True}, {}
series = st.lists(st.integers(0, 400), min_size=1, max_size=33).map(sorted)
targets = st.none() | st.integers(1, 400)


def shapes(svg, name):
    return [item for item in ET.fromstring(svg).iter() if item.get("class") == name]


def numbers(shape, *names):
    return [float(shape.get(name)) for name in names]


def words(svg):
    return [item.text for item in ET.fromstring(svg).iter("text")]


@pytest.mark.parametrize(
    ("value", "target", "due_share", "fill", "over", "plan"),
    [
        (9, 10, None, 90, None, 99.4),  # after the end the mark is the goal
        (10, 10, None, 100, None, 99.4),
        (12, 10, None, 83.3, 16.7, 83.3),
        (5, 10, 0.8, 50, None, 80),
        (12, 10, 0.6, 83.3, 16.7, 50),
        (0, 10, 0, 0, None, 0),
    ],
)
def test_meter_is_the_value_against_the_target(value, target, due_share, fill, over, plan):
    svg = meter(value, target, due_share)
    assert numbers(shapes(svg, "fill")[0], "width") == [fill]
    assert [numbers(rest, "x", "width") for rest in shapes(svg, "over")] == (
        [] if over is None else [[fill, over]]
    )
    assert numbers(shapes(svg, "plan")[0], "x") == [plan]


def test_indicator_without_a_target_has_no_meter():
    assert meter(5, None) == ""


def test_spark_says_what_it_shows():
    svg = spark("PES", VALUES, 45)
    assert ET.fromstring(svg).get("aria-label") == (
        "PES: przyrost w kolejnych miesiącach, od 0 do 47"
    )
    assert (len(shapes(svg, "goal")), len(shapes(spark("Kadra", VALUES, None), "goal"))) == (1, 0)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_step_chart_says_its_fact_and_labels_the_end_of_the_line(size):
    svg = step_chart("PES", MONTHS, VALUES, 45, **size)
    assert ET.fromstring(svg).get("aria-label") == (
        "PES: od 0 w miesiącu 04.2022 do 47 w miesiącu 12.2024, cel 45"
    )
    assert [label.text for label in shapes(svg, "label")] == ["47"]
    assert [label.text for label in shapes(svg, "label-goal")] == ["cel 45"]
    assert {"2022", "2023", "2024"} <= set(words(svg))


def test_step_chart_climbs_at_the_end_of_each_step():
    line = shapes(step_chart("PES", MONTHS[:2], [1, 3], 5), "line")[0].get("d")
    # 34 to 642 wide, 184 (zero) up to 12 (five): a value stands over the whole of its month.
    assert line == "M34.0 184.0V149.6H338.0V80.8H642.0"


def test_plan_runs_to_the_target_at_the_end_of_the_project():
    svg = step_chart("PES", MONTHS, VALUES[:15], 50)
    assert shapes(svg, "plan")[0].get("d") == "M34.0 184.0L642.0 12.0"


def test_months_to_come_are_left_empty():
    svg = step_chart("PES", MONTHS, VALUES[:11], 45)
    end = 34 + 608 * 11 / 33
    assert numbers(shapes(svg, "dot")[0], "cx") == [round(end, 1)]
    assert numbers(shapes(svg, "label")[0], "x") == [round(end + 7, 1)]
    assert "do 14 w miesiącu 02.2023" in ET.fromstring(svg).get("aria-label")


def test_nothing_yet_is_said_to_be_nothing():
    assert ET.fromstring(step_chart("PES", MONTHS, [], 45)).get("aria-label") == (
        "PES: brak danych"
    )


@pytest.mark.parametrize(
    ("value", "labels"),
    [
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (12, [0, 5, 10, 15]),
        (47, [0, 10, 20, 30, 40, 50]),
        (141, [0, 50, 100, 150]),
        (251, [0, 100, 200, 300]),
    ],
)
def test_axis_begins_at_zero_and_has_even_whole_steps(value, labels):
    svg = step_chart("PES", MONTHS, [value], None)
    texts = [item.text for item in ET.fromstring(svg).iter("text") if item.get("text-anchor")]
    assert texts == [str(label) for label in labels]


def test_label_of_the_goal_keeps_clear_of_the_value():
    svg = step_chart("PES", MONTHS, VALUES, 45)
    value, goal = (numbers(shapes(svg, name)[0], "y")[0] for name in ("label", "label-goal"))
    assert goal - value >= 12


def test_report_chart_carries_the_colours_of_print_and_a_title():
    svg = report_chart("PES", MONTHS, VALUES, 45)
    root = ET.fromstring(svg)
    assert root[0].tag == "title"
    assert root[0].text == "PES: od 0 w miesiącu 04.2022 do 47 w miesiącu 12.2024, cel 45"
    coloured = [item for item in root.iter() if item.tag in ("path", "line", "circle", "text")]
    assert [item for item in coloured if not (item.get("fill") or item.get("stroke"))] == []


def test_report_chart_says_its_months_its_values_and_the_end_of_each_year():
    svg = report_chart("PES", MONTHS, VALUES, 45)
    months = [item.text for item in shapes(svg, "month")]
    assert months == [*["kwi", "lip", "paź"], *["sty", "kwi", "lip", "paź"] * 2]
    assert [item.text for item in shapes(svg, "year-end")] == ["11", "29"]
    for label in ("0", "10", "20", "30", "40", "2022", "2023", "2024", "47", "cel 45"):
        assert label in words(svg)


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (2, ["kwi", "maj"]),
        (24, ["maj", "lip", "wrz", "lis", "sty", "mar"] * 2),
        (60, ["lip", *["sty", "lip"] * 4, "sty"]),
    ],
)
def test_months_of_a_report_chart_stand_clear_of_one_another(count, names):
    months = [date(2022 + month // 12, month % 12 + 1, 1) for month in range(3, 3 + count)]
    names_shown = shapes(report_chart("PES", months, [1], None), "month")
    places = [numbers(item, "x")[0] for item in names_shown]
    assert [item.text for item in names_shown] == names
    assert min(right - left for left, right in pairwise(places)) > 19


@given(series, targets)
def test_all_of_a_drawing_stands_inside_its_frame(values, target):
    for svg in [
        spark("PES", values, target),
        step_chart("PES", MONTHS, values, target),
        step_chart("PES", MONTHS, values, target, is_narrow=True),
        report_chart("PES", MONTHS, values, target),
    ]:
        root = ET.fromstring(svg)
        _, _, width, height = (float(side) for side in root.get("viewBox").split())
        for item in root.iter("text"):
            size = float(item.get("font-size", 12))
            x, y = numbers(item, "x", "y")
            length = 0.6 * size * len(item.text)
            left = x - length * {"end": 1, "middle": 0.5}.get(item.get("text-anchor"), 0)
            assert left >= 0
            assert left + length <= width
            assert size * 0.7 <= y <= height
        for item in root.iter("circle"):
            x, y, radius = numbers(item, "cx", "cy", "r")
            assert radius <= x <= width - radius
            assert radius <= y <= height - radius


def test_drawings_keep_the_content_policy():
    for svg in [meter(12, 10), spark("P", VALUES, 45), step_chart("P", MONTHS, VALUES, 45)]:
        assert "style" not in svg
        assert "<script" not in svg


def test_name_of_an_indicator_is_text():
    svg = step_chart('<b>"PES"</b>', MONTHS, VALUES, 45)
    assert ET.fromstring(svg).get("aria-label").startswith('<b>"PES"</b>: od 0')


def test_the_plan_of_a_chart_goes_through_the_milestones():
    months = [date(2022, month, 1) for month in range(1, 13)]
    steps = [(date(2022, 6, 30), 2), (date(2022, 9, 15), 10)]
    svg = step_chart("PES", months, VALUES[:12], 45, milestones=steps)
    path = shapes(svg, "plan")[0].get("d")
    points = [tuple(map(float, point.split())) for point in path[1:].split("L")]
    (start, floor), (end, top) = points[0], points[-1]
    places = [(x - start) / (end - start) * 12 for x, _ in points]
    heights = [(floor - y) / (floor - top) * 45 for _, y in points]
    assert places == pytest.approx([0, 6, 8.5, 12], abs=0.01)
    assert heights == pytest.approx([0, 2, 10, 45], abs=0.05)


@pytest.mark.parametrize("chart", [step_chart, report_chart])
def test_an_upright_line_stands_where_a_rule_changes(chart):
    months = [date(2022, month, 1) for month in range(1, 13)]
    svg = chart("PES", months, VALUES[:12], 45, changes=[date(2022, 7, 1)])
    [line] = shapes(svg, "change")
    frame = shapes(svg, "goal")[0]
    left, right = float(frame.get("x1")), float(frame.get("x2"))
    assert line.get("x1") == line.get("x2")
    assert float(line.get("x1")) == pytest.approx((left + right) / 2, abs=0.1)
    assert shapes(chart("PES", months, VALUES[:12], 45), "change") == []
