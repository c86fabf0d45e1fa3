"""Indicators that a project takes of another: by their last rules, from its own first day."""

from typing import Any

from django.apps import apps

from indicators.catalogue import CATALOGUE
from indicators.counting.ruleset import Ruleset, rules_of
from indicators.models import IndicatorRule, Target
from indicators.reference import add_indicators
from support.models import Project

WORDS = ("code", "name", "short_name", "label", "source", "noun", "lacks")
WORDS += ("achieved", "achieved_noun")


def is_of_catalogue(rule: IndicatorRule) -> bool:
    """Whether the catalogue offers the same."""
    entry = CATALOGUE.get(rule.indicator.code)
    own = (rule.indicator.name, rule.blocks)
    return entry is not None and (entry["words"]["name"], entry["blocks"]) == own


def entry_of(rule: IndicatorRule) -> dict[str, Any]:
    """As an entry of the catalogue: its own where equal, which has no words of one contract."""
    if is_of_catalogue(rule):
        return CATALOGUE[rule.indicator.code]
    return {
        "words": {name: getattr(rule.indicator, name) for name in WORDS},
        "blocks": rule.blocks,
        "text": rule.text,
        "summary": rule.summary,
    }


def last_rules(projects: list[Project]) -> dict[Project, tuple[IndicatorRule, ...]]:
    """Of each project, those in force on its last day, in the order of its contract; a query."""
    rules = rules_of([project.pk for project in projects])
    return {
        project: Ruleset.in_force(rules.get(project.pk, ()), project.ends_on).rules
        for project in projects
    }


def copy_indicators(source: Project, project: Project) -> None:
    """With the last targets; milestones are not copied, their days are of the other period."""
    rules = last_rules([source])[source]
    add_indicators(apps, project, [entry_of(rule) for rule in rules])
    targets = Target.objects.in_force(source, source.ends_on)
    for rule in rules:
        if target := targets.get(rule.indicator.code):
            Target.objects.create(
                project=project,
                indicator=target.indicator,
                value=target.value,
                valid_from=project.starts_on,
                means_of_verification=target.means_of_verification,
            )
