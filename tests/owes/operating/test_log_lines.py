import json
import logging
import sys

import pytest
from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import resolve

from owes.operating.log_lines import JsonLines, logging_settings, mask


def line(message, *arguments, logger="owes.jobs", **extra):
    """What is written of a record, read back."""
    record = logging.getLogger(logger).makeRecord(
        logger, logging.WARNING, "x.py", 1, message, arguments, extra.pop("exc_info", None)
    )
    record.__dict__ |= extra
    return json.loads(JsonLines().format(record))


def raised(error):
    try:
        raise error
    except type(error):
        return sys.exc_info()


def test_a_line_tells_when_what_and_how_bad():
    told = line("Praca %s", 7)
    assert told.pop("at").endswith("+00:00")
    assert told == {"level": "WARNING", "logger": "owes.jobs", "message": "Praca 7"}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GET /people/?q=Kowalska HTTP/1.1", "GET /people/?… HTTP/1.1"),
        ("od ewa.kowalska+1@example.org do", "od <e-mail> do"),
        ("PESEL 44051401359 i tel. 601 202 303", "PESEL <numer> i tel. <numer>"),
        ("/calendar/Zk3J-x_91mQpWv7hLrT2bN.ics", "/calendar/<klucz>.ics"),
        ("owes.jobs.requeue_stale_of_everybody (7,)", "owes.jobs.requeue_stale_of_everybody (7,)"),
    ],
)
def test_what_may_be_personal_or_secret_is_masked(text, masked):
    assert mask(text) == masked


def test_an_exception_is_told_by_its_type_and_its_place():
    told = line("Nie zapisano %s", "x", exc_info=raised(IntegrityError("Key (Jan Nowak) exists")))
    assert told["error"] == "IntegrityError"
    assert told["where"][0].startswith("tests/owes/operating/test_log_lines.py:")
    assert "Nowak" not in json.dumps(told, ensure_ascii=False)


def test_an_error_of_celery_is_told_without_its_words():
    error = ValueError("Jan Nowak")
    told = line(
        "Task %(name)s raised: %(exc)s",
        {"name": "owes.jobs.run", "exc": repr(error)},
        exc_info=raised(error),
    )
    assert told["message"] == "Task owes.jobs.run raised: ValueError"


def test_words_of_an_exception_given_as_an_argument_are_left_out():
    assert line("not published: %s", OSError("Jan Nowak"))["message"] == "not published: OSError"


def test_an_address_is_told_by_its_pattern():
    request = RequestFactory().get("/people/7/")
    request.resolver_match = resolve("/people/7/")
    told = line("%s: %s", "Not Found", request.path, request=request)
    assert told["message"] == "Not Found: /people/<int:pk>/"
    request.resolver_match = None
    told = line("%s: %s", "Not Found", "/Nowak/", request=request)
    assert told["message"] == "Not Found: nieznany adres"


@pytest.mark.parametrize(
    ("is_readable", "kind", "level"), [(True, "format", "WARNING"), (False, "()", "INFO")]
)
def test_a_person_reads_plain_lines_and_none_of_each_page(is_readable, kind, level):
    told = logging_settings(is_readable)
    assert kind in told["formatters"]["line"]
    of_pages = [told["loggers"][name]["level"] for name in ("owes.pages", "gunicorn.error")]
    assert of_pages == [level] * 2
