"""The sentence of a finding, or of a reason, on the page that its link opened.

The address carries a code and never a sentence: a sentence names people, and addresses are kept
in histories and logs.
"""

from indicators.checks.declarations import CHECKS
from indicators.counting.scope import Scope
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
    if (current_project := project(request)) is None:
        return ""
    scope = Scope.of(current_project)
    if (indicator := scope.indicator(indicator)) is None:
        return ""
    rules = [*indicator.conditions(scope), *indicator.counting_source.steps(scope)]
    sentence = next((rule.sentence for rule in rules if rule.code == reason), "")
    return sentence and f"{indicator.short_name}: {sentence}"
