"""By what judgements are made, as it is kept beside them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from indicators.models.reading import Reading

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


def terms_of(reading: Reading) -> str:
    """The terms of a reading as judgements keep them."""
    return ",".join(str(int(term)) for term in reading.terms)


def version_of(scope: Scope) -> str:
    """What judgements depend on besides the records: how it is counted, facts of the scope."""
    return f"{rules()}.{hashlib.sha256(str(scope.facts).encode()).hexdigest()[:24]}"


@cache
def rules() -> str:
    """A digest of the code of counting: a release that counts otherwise judges all anew."""
    code = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:24]
