"""By what judgements are made, as it is kept beside them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


def version_of(scope: Scope) -> str:
    """What judgements depend on besides the records: the code, facts of the scope, its rules."""
    facts = f"{scope.facts} {scope.terms}"
    return f"{rules()}.{hashlib.sha256(facts.encode()).hexdigest()[:24]}"


@cache
def rules() -> str:
    """A digest of the code of counting: a release that counts otherwise judges all anew."""
    code = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:24]
