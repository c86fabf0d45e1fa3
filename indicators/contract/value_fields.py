"""Fields in which values of an indicator are typed, in its unit."""

from typing import Any

from owes.fields import HourSumField, ReadField, WholeField
from owes.formatting import HOURS

LARGEST = 1_000_000


def value_field(unit: str, *, min_value: int | None = None, **kwargs: Any) -> ReadField:
    """Minutes, typed as hours, where the unit is hours."""
    if unit == HOURS:
        return HourSumField(**kwargs)
    return WholeField(min_value=min_value, max_value=LARGEST, **kwargs)
