"""Rules that counting is tried by: those of the contract, and as annexes change them."""

from datetime import date
from typing import NamedTuple

from indicators.catalogue import CATALOGUE, CONTRACT
from indicators.counting.engine import Indicator
from indicators.counting.ruleset import Ruleset
from indicators.counting.scope import Scope
from indicators.models import IndicatorRule, ProjectIndicator
from tests.factories import sputnik

CODES = [entry["words"]["code"] for entry in CONTRACT]
FIRST = date(2022, 4, 5)
CHANGED = ("pes", "ps", "representatives")


class Terms(NamedTuple):
    """In what contracts of the same eight indicators differ."""

    ps_within_pes: bool = False
    least_services: int = 1
    least_minutes: int = 0
    founders_count: bool = False

    def blocks(self, code):
        blocks = CATALOGUE[code]["blocks"]
        if code == "representatives":
            whom = {"whom": "pes_or_group"} if self.founders_count else {}
            return [{"block": "present"} | whom]
        if code == "pes" and self.ps_within_pes:
            blocks = [block for block in blocks if block["block"] != "ps_status"]
        least = {"services": self.least_services, "minutes": self.least_minutes}
        asks = code in CHANGED and (self.least_services > 1 or self.least_minutes > 0)
        return [*blocks, {"block": "at_least", **least}] if asks else blocks


def indicator(code):
    return Scope.of(sputnik()).indicator(code)


def declared(code):
    """An indicator of the catalogue that no project has."""
    entry = CATALOGUE[code]
    rule = IndicatorRule(valid_from=FIRST, basis="umowa", blocks=entry["blocks"])
    return Indicator.of(ProjectIndicator(**entry["words"]), rule)


def annex(valid_from=FIRST, basis="aneks nr 1", project=None, **terms):
    """Writes the rules of an annex, those it does not touch among them."""
    for code in CHANGED:
        IndicatorRule.objects.update_or_create(
            indicator=(project or sputnik()).indicators.get(code=code),
            valid_from=valid_from,
            defaults={
                "basis": basis,
                "blocks": Terms(**terms).blocks(code),
                "text": "",
                "summary": "",
            },
        )


def by(terms, scope=None):
    """The project by rules that nobody wrote."""
    scope = scope or Scope.of(sputnik())
    rules = tuple(
        IndicatorRule(
            indicator=rule.indicator,
            valid_from=FIRST,
            basis="próba",
            blocks=terms.blocks(rule.indicator.code),
        )
        for rule in scope.ruleset.rules
    )
    return scope.ruled_by(Ruleset(rules))
