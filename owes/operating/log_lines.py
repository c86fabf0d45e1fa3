"""Lines of the program's log: JSON for machines, without personal data and without secrets.

A message of an exception may hold what somebody typed, so a line tells its type and where it was
raised, never its words. What a library writes passes `mask`, the second net.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from django.http import HttpRequest

HOUSE = Path(__file__).resolve().parents[2]
UNKNOWN_PAGE = "nieznany adres"

# The number of the request that is being answered, and whose it is.
request_id: ContextVar[str] = ContextVar("request_id", default="")
user_id: ContextVar[int | None] = ContextVar("user_id", default=None)

SECRETS = [
    (re.compile(r"\?[^\s\"']+"), "?…"),
    (re.compile(r"[^\s\"'<>:=,;(]+@[^\s\"'<>,;)]+"), "<e-mail>"),
    # Keys of calendars, invitations, sessions; names of code have dots and few digits.
    (re.compile(r"\b(?=[\w-]*\d)[\w-]{20,}"), "<klucz>"),
    (re.compile(r"\b\d{9,}\b|\b\d{3}[ -]\d{3}[ -]\d{3}\b"), "<numer>"),
]


def mask(text: str) -> str:
    """The text without queries of addresses, e-mails, long keys, PESELs and phone numbers."""
    for pattern, sign in SECRETS:
        text = pattern.sub(sign, text)
    return text


def page_of(request: HttpRequest) -> str:
    """The pattern of the address: what stands in its place may be a name or a key."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else UNKNOWN_PAGE


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(_message(record)),
            "request": request_id.get(),
            "user": user_id.get(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = _chain(record.exc_info[1])
            line["where"] = _frames(record.exc_info[2])
        return json.dumps(
            {name: value for name, value in line.items() if value not in ("", None)},
            ensure_ascii=False,
            default=str,
        )


def _message(record: logging.LogRecord) -> str:
    """The words of the record: a pattern for an address, a type for the words of an exception."""
    error = record.exc_info[1] if record.exc_info else None
    request = getattr(record, "request", None)
    arguments: Any = record.args
    if isinstance(arguments, dict) and "exc" in arguments:  # of Celery
        arguments = arguments | {"exc": type(error).__name__}
    elif isinstance(arguments, tuple):
        arguments = tuple(_plain(argument, request) for argument in arguments)
    text = str(record.msg)
    text = text % arguments if arguments else text
    for words in (repr(error), str(error)) if error else ():
        text = text.replace(words, type(error).__name__) if words else text
    return text


def _plain(argument: object, request: HttpRequest | None) -> object:
    if isinstance(argument, BaseException):
        return type(argument).__name__
    if isinstance(request, HttpRequest) and str(argument).startswith("/"):
        return page_of(request)
    return argument


def _chain(error: BaseException | None) -> str:
    """Types of the error and of what caused it; the code of an error of PostgreSQL."""
    names = []
    while error is not None:
        code = getattr(error, "pgcode", None) or getattr(error, "sqlite_errorname", None)
        names.append(f"{type(error).__name__}{f' {code}' if code else ''}")
        error = error.__cause__ or error.__context__
    return " < ".join(names)


def _frames(trace: TracebackType | None) -> list[str]:
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]


def _short(path: str) -> str:
    if path.startswith(f"{HOUSE}/") and "site-packages" not in path:
        return path.removeprefix(f"{HOUSE}/")
    return path.rpartition("site-packages/")[2]


def logging_settings(is_readable: bool) -> dict[str, Any]:
    """For Django and for gunicorn; on one's own machine readable, without a line of each page."""
    readable = {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    lines = {"()": "owes.operating.log_lines.JsonLines"}
    usual = "WARNING" if is_readable else "INFO"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": readable if is_readable else lines},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "owes": {"level": "INFO"},
            "owes.pages": {"level": usual},
            "celery": {"level": "WARNING"},
            # What was refused is told by the line of the page.
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"handlers": [], "level": usual, "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            # Scanners of the internet; the answer 400 is enough.
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        },
    }
