"""An indicator of a project that is made from a file, with its rule, target and milestones."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict

from indicators.catalogue import CATALOGUE
from indicators.contract.dictionary_rules import unknown_keys
from indicators.contract.indicator_forms import IndicatorWordsForm
from indicators.contract.milestone_forms import milestone_rows, with_steps
from indicators.counting.blocks import blocks_of
from indicators.counting.units import unit_of
from indicators.models import IndicatorRule, ProjectIndicator, Target
from indicators.reference import BASIS
from owes.formatting import HOURS
from owes.parsing.days import read_date
from owes.parsing.hours import read_hour_sum
from support.models import Project

WORDS = ("name", "short_name", "label", "noun", "lacks", "achieved", "achieved_noun")
# Fields of a target, as the file calls them.
PLACES = {"value": "target", NON_FIELD_ERRORS: "target", "means_of_verification": "means"}
FIELDS = {"code", "blocks", "basis", "target", "means", "milestones", *WORDS}


def add_indicator(project: Project, row: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    """Of the catalogue by `code`, or composed, with `blocks` and names of its own.

    Raises `ValidationError`, a line for each error: `blocks: ...`.
    """
    if unknown := row.keys() - FIELDS:
        raise ValidationError([f"{key}: nie ma takiego pola." for key in sorted(unknown)])
    entry = _composed(row) if "blocks" in row else CATALOGUE.get(row.get("code", ""))
    if entry is None:
        raise ValidationError(f"code: nie ma w katalogu wskaźnika „{row.get('code', '')}”.")
    indicator = _indicator(project, entry["words"])
    rule = IndicatorRule(
        indicator=indicator,
        valid_from=project.starts_on,
        basis=row.get("basis", BASIS),
        blocks=entry["blocks"],
        text=entry.get("text", ""),
        summary=entry.get("summary", ""),
    )
    _save(rule)
    target = Target(
        project=project,
        indicator=indicator.code,
        value=_asked(row.get("target"), unit_of(indicator)),
        valid_from=project.starts_on,
        means_of_verification=row.get("means", entry.get("means", "")),
    )
    _save(target)
    _save_milestones(target, steps, unit_of(indicator))


def _asked(value, unit):
    """A target of a file, in the unit of its indicator: hours are typed as hours."""
    if unit != HOURS or value is None:
        return value
    try:
        return read_hour_sum(value if isinstance(value, str) else f"{value:g}")
    except ValidationError as error:
        raise ValidationError(f"target: {error.messages[0]}") from None


def _composed(row):
    try:
        blocks = blocks_of(row["blocks"])
    except ValidationError as error:
        raise ValidationError([f"blocks: {told}" for told in error.messages]) from None
    if unknown := unknown_keys(blocks):
        raise ValidationError([f"blocks: {told}" for told in unknown])
    words = {name: row[name] for name in WORDS if name in row}
    return {"words": words, "blocks": [block.as_json() for block in blocks]}


def _indicator(project, words):
    """By the form of names, which also gives a code to one that has none."""
    form = IndicatorWordsForm(words, instance=ProjectIndicator(), project=project)
    if not form.is_valid():
        raise ValidationError(
            [f"{name}: {told}" for name, sentences in form.errors.items() for told in sentences]
        )
    indicator = form.save(commit=False)
    indicator.code = words.get("code", indicator.code)
    indicator.source = words.get("source", "")
    _save(indicator)
    return indicator


def _save(record):
    try:
        record.full_clean()
    except ValidationError as error:
        raise ValidationError(
            [
                f"{PLACES.get(name, name)}: {told}"
                for name, sentences in error.message_dict.items()
                for told in sentences
            ]
        ) from None
    record.save()


def _save_milestones(target, steps, unit):
    """By the table of milestones of the target's page."""
    try:
        days = [(read_date(str(step.get("day", ""))), step.get("value", "")) for step in steps]
    except ValidationError as error:
        raise ValidationError(f"milestones: {error.messages[0]}") from None
    rows = milestone_rows(with_steps(QueryDict(mutable=True), days), target, unit=unit)
    if not rows.is_valid():
        raise ValidationError(
            [
                f"milestones[{number}].{name}: {told}"
                for number, form in enumerate(rows.forms, start=1)
                for name, sentences in form.errors.items()
                for told in sentences
            ]
        )
    rows.save()
