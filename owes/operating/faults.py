"""Which errors pass by themselves, and which are holes of the program.

A database that restarts, a lock somebody holds too long, two writers that met and a full disk are
answered by a sentence and "try again"; a missing table stays an error of the program.
"""

import errno
import logging
import random
import time
from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

logger = logging.getLogger(__name__)

TRIES = 8
FIRST_WAIT = 0.1  # seconds; each next one is up to twice as long


class Fault(Enum):
    """What failed; the value is how many seconds the next try is to wait."""

    AWAY = 10
    BUSY = 5
    FULL = 60


# Codes of PostgreSQL and beginnings of names of SQLite. After a collision the transaction may be
# done again as a whole.
COLLISIONS = ("40001", "40P01")
CODES = {
    Fault.BUSY: (*COLLISIONS, "55P03", "57014", "25P03", "SQLITE_BUSY", "SQLITE_LOCKED"),
    Fault.FULL: ("53100", "SQLITE_FULL"),
    Fault.AWAY: ("08", "53300", "57P", "SQLITE_CANTOPEN", "SQLITE_IOERR"),
}
NO_PLACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def fault_of(error: BaseException | None) -> Fault | None:
    """None of an error that would come again."""
    if isinstance(error, OSError):
        return Fault.FULL if error.errno in NO_PLACE else None
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    code = code_of(error)
    for fault, beginnings in CODES.items():
        if code.startswith(beginnings):
            return fault
    # A server of PostgreSQL that is gone gives no code.
    is_gone = isinstance(error, OperationalError | InterfaceError) and not code
    return Fault.AWAY if is_gone and connection.vendor == "postgresql" else None


def code_of(error: BaseException) -> str:
    cause = error.__cause__
    return getattr(cause, "pgcode", None) or getattr(cause, "sqlite_errorname", None) or ""


def again_after_collision(
    work: Callable[Parameters, Result],
) -> Callable[Parameters, Result]:
    """Does a whole transaction again when another one changed what it had read."""

    @wraps(work)
    def done(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        for number in range(1, TRIES):
            try:
                return work(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or code_of(error) not in COLLISIONS:
                    raise
                logger.warning("%s collided, try %d", work.__name__, number)
                time.sleep(FIRST_WAIT * 2**number * random.random())
        return work(*args, **kwargs)

    return done
