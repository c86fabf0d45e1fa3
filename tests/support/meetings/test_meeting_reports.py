"""Who was at a meeting, read from the files of five programs in their own layout."""

from datetime import date

import pytest

from support.meetings.reports import MeetingReport, NoReport, Participant, day_of, length_of
from support.workbook.files import read_table
from tests.support.meetings.files import FORMS, REPORTS, written

DAY = date(2024, 5, 14)


def read(path):
    return MeetingReport.of(read_table(path).rows)


@pytest.mark.parametrize("program", REPORTS)
def test_each_program_tells_who_was_there_for_how_long(program, tmp_path):
    report = read(written(tmp_path, program))
    assert [(person.name, person.email, person.minutes) for person in report.people] == [
        ("Wanda Próbna", "wanda@example.org", 125),
        ("Jan Wzór", "", 30),
    ]
    assert report.days in ({DAY}, set())


def test_answers_of_a_form_tell_of_no_time_but_of_the_entity(tmp_path):
    assert read(written(tmp_path, FORMS)).people == [
        Participant(
            name="Wanda Próbna",
            email="wanda@example.org",
            phone="600100200",
            sex="Kobieta",
            entity="KGW Zagon",
        )
    ]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *[("2 godz. 5 min 28 s", 125), ("1 godz. 59 min", 119), ("30 min", 30), ("45 s", 1)],
        *[("1h 2m 3s", 62), ("1 hr 2 min", 62), ("02:02", 122), ("00:45:40", 46), ("62", 62)],
        *[("1,5", 2), ("", None), ("Uczestnik", None), ("-", None)],
    ],
)
def test_a_length_is_read_as_programs_write_it(text, minutes):
    assert length_of(text) == minutes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *[("14.05.2024, 09:58:12", DAY), ("14-05-2024 09:58", DAY), ("2024-05-14 09:58", DAY)],
        *[("05/06/2024 09:58", None), ("31.02.2024", None), ("9:58", None)],
    ],
)
def test_a_day_of_one_reading_is_known(text, day):
    assert day_of(text) == day


def test_those_present_for_a_time_not_told_are_present():
    people = [Participant(name, minutes=minutes) for name, minutes in [("A", 59), ("B", 60)]]
    report = MeetingReport([*people, Participant("C")])
    long, short = report.at_least(60)
    assert [person.name for person in long] == ["B", "C"]
    assert [person.name for person in short] == ["A"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "W pliku nie ma kolumny z imieniem i nazwiskiem"),
        ([["Czas trwania", "Rola"], ["62", "Gość"]], "W pliku nie ma kolumny"),
        ([["Imię i nazwisko", "Czas trwania"], ["", ""]], "W pliku nie ma nikogo"),
    ],
)
def test_a_file_that_tells_of_nobody_is_refused(rows, sentence):
    with pytest.raises(NoReport, match=sentence):
        MeetingReport.of(rows)
