"""What was wrong, repeated on the page that a link of data control or of a reason opened.

The address carries a code and never a sentence: a sentence names people, and addresses are kept
in histories and logs.
"""

from indicators.checks.declarations import CHECKS
from indicators.counting.definitions import INDICATORS
from indicators.scope import Scope
from support.frame import project


def finding(request):
    """Context processor: the rule of the check, or the reason of the indicator, in words."""
    code = request.GET.get("finding", "")
    if not code or not request.user.is_authenticated:
        return {}
    return {"finding_notice": _sentence(request, code)}


def _sentence(request, code):
    if check := CHECKS.get(code):
        return f"{check.sentence} ({check.code})."
    indicator, _, reason = code.partition(".")
    indicator, here = INDICATORS.get(indicator), project(request)
    if indicator is None or here is None:
        return ""
    scope = Scope.of(here)
    rules = [*indicator.conditions(scope), *indicator.evidence.steps(scope)]
    missing = next((rule.missing for rule in rules if rule.code == reason), "")
    return missing and f"{indicator.short_name}: {missing}"
