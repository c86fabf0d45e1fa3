from dataclasses import replace
from datetime import date, timedelta

import pytest

from indicators.counting.progress import Progress, elapsed_share, verdict
from indicators.counting.series import Series
from owes.periods import Period
from tests.indicators.rules import declared

PROJECT = Period(date(2022, 4, 5), date(2024, 12, 31))
HALF = date(2023, 8, 18)  # the 501st of 1002 days


def line(value=0, target=10, on=HALF, code="eco", day=PROJECT.start, milestones=()):
    return Progress(
        indicator=declared(code),
        series=Series({day: value} if value else {}),
        target=target,
        period=PROJECT,
        on=on,
        candidates=value + 3,
        milestones=milestones,
    )


@pytest.mark.parametrize(
    ("on", "share"),
    [
        (PROJECT.start - timedelta(days=1), 0),
        (PROJECT.start - timedelta(days=40), 0),
        (PROJECT.start, 1 / 1002),
        (HALF, 0.5),
        (date(2023, 6, 30), 452 / 1002),
        (PROJECT.end - timedelta(days=1), 1001 / 1002),
        (PROJECT.end, 1),
        (date(2030, 1, 1), 1),
    ],
)
def test_elapsed_share_counts_the_day_itself_and_stays_between_0_and_1(on, share):
    assert elapsed_share(PROJECT, on) == share


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (5, "ok", "zgodnie z planem, 5 wobec 5"),
        (4, "watch", "wolniej niż plan, 4 wobec 5"),
        (3, "risk", "zagrożony, 3 wobec 5"),
        (0, "risk", "zagrożony, 0 wobec 5"),
        (10, "ok", "osiągnięty 05.04.2022"),
        (12, "ok", "osiągnięty 05.04.2022, 2 ponad cel"),
    ],
)
def test_state_while_the_project_runs(value, kind, words):
    state = line(value).state
    assert (state.kind, state.words) == (kind, words)


def test_what_was_due_is_on_plan_also_when_a_part_of_a_record_more_is_asked_for():
    # 14.4 of 36 are due, which is 14 records.
    on = PROJECT.start + timedelta(days=400)
    assert line(14, 36, on).state.words == "zgodnie z planem, 14 wobec 14"
    assert line(13, 36, on).state.words == "wolniej niż plan, 13 wobec 14"


@pytest.mark.parametrize(("value", "pace"), [(4, 0.8), (5, 1.0), (6, 1.2)])
def test_pace_is_the_share_of_the_target_over_the_share_of_the_days(value, pace):
    assert line(value).pace == pytest.approx(pace)


def test_state_before_the_start_has_no_pace():
    early = line(on=PROJECT.start - timedelta(days=1))
    assert (early.pace, early.state.words) == (None, "projekt jeszcze się nie zaczął")


def test_state_is_too_early_to_tell_until_the_plan_asks_for_the_first_record():
    assert line(on=PROJECT.start).state.words == "za mało danych"
    assert line(on=PROJECT.start + timedelta(days=100)).state.words == "zagrożony, 0 wobec 1"
    assert line(1, on=PROJECT.start).state.words == "zgodnie z planem, 1 wobec 0"


def test_state_on_the_day_before_the_end_still_has_pace():
    eve = line(9, on=PROJECT.end - timedelta(days=1))
    assert eve.state.words == "wolniej niż plan, 9 wobec 10"


@pytest.mark.parametrize("on", [PROJECT.end, PROJECT.end + timedelta(days=400)])
@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (9, "watch", "nieosiągnięty, brakuje 1"),
        (0, "watch", "nieosiągnięty, brakuje 10"),
        (10, "ok", "osiągnięty 05.04.2022"),
        (11, "ok", "osiągnięty 05.04.2022, 1 ponad cel"),
    ],
)
def test_state_from_the_last_day_is_the_outcome(on, value, kind, words):
    late = line(value, on=on)
    assert (late.pace, late.due_share) == (None, None)
    assert (late.state.kind, late.state.words) == (kind, words)


@pytest.mark.parametrize("on", [PROJECT.start - timedelta(days=1), HALF, PROJECT.end])
def test_state_without_a_target_has_no_share_and_no_pace(on):
    free = line(5, target=None, on=on)
    assert (free.share, free.pace, free.state.kind) == (None, None, "none")
    assert free.state.words == "brak wartości docelowej"


def test_share_above_the_target_is_as_it_is():
    assert line(47, target=45).share == pytest.approx(47 / 45)


def test_value_counts_the_days_up_to_the_day_asked_for():
    day = date(2023, 3, 9)
    assert line(4, on=day, day=day).value == 4
    assert line(4, on=day - timedelta(days=1), day=day).value == 0
    assert line(4, on=day - timedelta(days=1), day=day).not_counted == 7


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([line(10), line(10)], "Wszystkie cele osiągnięto."),
        (
            [line(9, on=PROJECT.end), *[line(10, on=PROJECT.end)] * 6],
            "Sześć z siedmiu celów osiągnięto. Brakuje 1 podmiotu z działaniami ekologicznymi.",
        ),
        (
            [line(8, on=PROJECT.end), line(0, 5, PROJECT.end, "ps")],
            "Nie osiągnięto jeszcze żadnego z dwóch celów. Brakuje 2 podmiotów z działaniami "
            "ekologicznymi i 5 przedsiębiorstw społecznych.",
        ),
        ([line(10), line(5)], "Jeden z dwóch celów osiągnięto."),
        ([line(target=None)], "Projekt nie ma jeszcze wartości docelowych."),
        ([line(on=date(2022, 4, 4))], "Projekt jeszcze się nie zaczął."),
    ],
)
def test_verdict_answers_in_a_sentence(lines, sentence):
    assert verdict(lines).sentence == sentence


def test_verdict_names_what_runs_behind_the_worst_first():
    answer = verdict([line(5), line(4, code="digital"), line(1, code="ps"), line(10, code="pes")])
    assert (answer.kind, answer.icon) == ("risk", "risk")
    assert answer.detail == (
        "Zagrożone: PS objęte wsparciem. Wolniej niż plan: Rozwiązania cyfrowe w PES i PS. "
        "Zgodnie z planem: Działania ekologiczne w PES i PS."
    )


def test_verdict_of_many_goals_not_reached_names_three_in_the_sentence():
    codes = ["pes", "ps", "eco", "digital", "new_entities"]
    answer = verdict([line(9, on=PROJECT.end, code=code) for code in codes])
    assert answer.sentence.count("1 ") == 3
    assert answer.detail == "Nie osiągnięto też: Rozwiązania cyfrowe w PES i PS, Nowe PES i PS."


YEARS = ((date(2022, 12, 31), 2), (date(2023, 12, 31), 7))


@pytest.mark.parametrize(
    ("on", "value", "words"),
    [
        (date(2022, 12, 30), 2, "zgodnie z planem, 2 wobec 2"),
        (date(2022, 12, 31), 2, "zgodnie z planem, 2 wobec 2"),
        (date(2022, 12, 31), 1, "zagrożony, 1 wobec 2"),
        (date(2023, 12, 31), 6, "wolniej niż plan, 6 wobec 7"),
        (date(2023, 12, 31), 7, "zgodnie z planem, 7 wobec 7"),
        (date(2024, 12, 31), 9, "nieosiągnięty, brakuje 1"),
        (date(2024, 12, 31), 10, "osiągnięty 05.04.2022"),
    ],
)
def test_state_is_measured_by_what_was_due_by_the_day(on, value, words):
    assert line(value, on=on, milestones=YEARS).state.words == words


def test_a_milestone_of_nothing_asks_for_nothing_yet():
    late = ((date(2022, 12, 31), 0),)
    assert line(1, on=date(2022, 12, 31), milestones=late).state.words == (
        "zgodnie z planem, 1 wobec 0"
    )
    assert line(0, on=date(2022, 12, 31), milestones=late).state.words == "za mało danych"


def proofless(number, **given):
    return replace(line(10, **given), unproven=Series({PROJECT.start: number}))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([proofless(0), line(10)], "Wszystkie cele osiągnięto."),
        ([proofless(1), line(10)], "Wszystkie cele osiągnięto; z pełnym dowodem: jeden."),
        ([proofless(1)], "Wszystkie cele osiągnięto; z pełnym dowodem: żaden."),
        (
            [*[proofless(3)] * 2, *[line(10)] * 4, line(9)],
            "Sześć z siedmiu celów osiągnięto; z pełnym dowodem: cztery.",
        ),
        (
            [replace(line(12), unproven=Series({PROJECT.start: 2}))],
            "Wszystkie cele osiągnięto.",  # ten with a proof are enough
        ),
    ],
)
def test_verdict_tells_how_many_are_reached_by_records_with_proof_alone(lines, sentence):
    assert verdict(lines).sentence == sentence


def test_a_record_counted_after_the_day_lacks_no_proof_on_it():
    late = replace(line(10, day=HALF), unproven=Series({HALF: 4}))
    assert (late.without_proof, late.is_proven) == (4, False)
    assert replace(late, on=HALF - timedelta(days=1)).without_proof == 0
