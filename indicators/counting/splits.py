"""Splits of an indicator: a label for each counted record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Subquery

from indicators.counting.engine import Indicator

if TYPE_CHECKING:
    from indicators.scope import Scope


def by_seat(indicator: Indicator, scope: Scope) -> F:
    return F("seat__powiat__name")


def by_deciding_powiat(indicator: Indicator, scope: Scope) -> Subquery:
    return indicator.counting_source.deciding_detail(scope, "powiat")


def by_sex(indicator: Indicator, scope: Scope) -> F:
    return F("sex")


def by_own_powiat(indicator: Indicator, scope: Scope) -> F:
    return F("powiat__name")
