"""Splits of an indicator: a label for each counted record, of the record and its deciding row."""

from typing import Any

from support.models import Session


def by_seat(record: Any, row: dict[str, Any]) -> str:
    return record.seat.powiat.name if record.seat and record.seat.powiat else ""


def by_deciding_powiat(record: Any, row: dict[str, Any]) -> str:
    return row["powiat"]


def by_sex(record: Any, row: dict[str, Any]) -> str:
    return record.sex


def by_own_powiat(record: Any, row: dict[str, Any]) -> str:
    return record.powiat.name if record.powiat else ""


def by_activity(record: Any, row: dict[str, Any]) -> str:
    """Of a service, or of a session of one."""
    service = record.service if isinstance(record, Session) else record
    return service.activity.name if service.activity else ""
