"""Merges two concurrent edits: fields that the second editor left alone get the saved values.

Otherwise saving again would take back changes of fields that this person never touched.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.forms import ModelForm

from owes import versions


def take_over(record: Any, parts: Sequence[str], version: str, forms: Iterable) -> None:
    """Sets untouched fields of valid forms to the saved values and cleans the forms again.

    Fields, plain or of many rows, and rows of formsets. A page with grids of another kind has
    `take_over(opened, saved)`, called with the rows of both versions as of `versions.rows_at`.
    """
    rows = versions.rows_at(record, parts, version)
    if not rows:
        return
    opened, saved = versions.state(record, *parts, version=version), versions.state(record, *parts)
    for part in forms:
        for form in getattr(part, "forms", [getattr(part, "form", part)]):
            row = isinstance(form, ModelForm) and rows.get((type(form.instance), form.instance.pk))
            if row and (untouched := _untouched(form, row, opened, saved)):
                form.data = form.data.copy()
                for name, value in untouched.items():
                    _show(form, name, value)
                form.full_clean()
        if hasattr(part, "take_over"):
            part.take_over(rows, versions.rows_at(record, parts, None))


def merge(opened: dict, typed: dict, saved: dict) -> dict:
    """A three-way merge of dictionaries: a key that was not touched gets the saved value.

    What both changed is as typed; the page asks about it. A key that is gone has no value.
    """
    merged = {}
    for key in dict.fromkeys([*typed, *saved]):
        is_untouched = typed.get(key) == opened.get(key)
        if (value := (saved if is_untouched else typed).get(key)) is not None:
            merged[key] = value
    return merged


def _untouched(form: ModelForm, row: Any, opened: dict, saved: dict) -> dict[str, Any]:
    """`{name: value saved}`; `row` is the row as the form showed it, `instance` has the typed."""
    now = type(form.instance)._base_manager.get(pk=form.instance.pk)
    values = {}
    for field in [*now._meta.concrete_fields, *now._meta.many_to_many]:
        label = versions.label_of(field)
        if field.name not in form.fields or (field.many_to_many and label not in opened):
            continue
        if field.many_to_many:
            chosen = form.cleaned_data[field.name]
            first, typed, last = map(sorted, (opened[label], map(str, chosen), saved[label]))
        else:
            rows = (row, form.instance, now)
            first, typed, last = (getattr(version, field.attname) for version in rows)
        if first == typed != last:
            values[field.name] = field.value_from_object(now)
    return values


def _show(form: Any, name: str, value: Any) -> None:
    value = form.fields[name].prepare_value(value)
    if isinstance(value, bool):
        value = ["on"] if value else []
    elif not isinstance(value, list):
        value = ["" if value is None else str(value)]
    form.data.setlist(form.add_prefix(name), value)
