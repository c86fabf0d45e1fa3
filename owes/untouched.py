"""What the second editor left alone is shown as the first one saved it.

Otherwise saving again would take back changes of fields that this person never touched.
"""

from django.forms import ModelForm

from owes import versions


def take_over(conflict, record, parts, version, forms):
    """Brings what the bound forms show of rows of the record to what is saved."""
    opened = versions.rows_at(record, parts, version)
    for form in (form for part in forms for form in getattr(part, "forms", [part])):
        if isinstance(form, ModelForm):
            row = opened.get((form._meta.model, form.instance.pk))
            if row:
                _take_over(form, row, conflict)


def _take_over(form, opened, conflict):
    """`opened` is the row as the form showed it at first; `instance` has what is typed."""
    form.data = form.data.copy()
    saved = type(form.instance)._base_manager.get(pk=form.instance.pk)
    theirs = {one.label for one in conflict.differences if one.is_theirs}
    for field in [*saved._meta.concrete_fields, *saved._meta.many_to_many]:
        if field.name not in form.fields:
            continue
        if field.many_to_many:
            is_theirs = versions.label_of(field) in theirs
        else:
            first, typed, now = (
                getattr(row, field.attname) for row in (opened, form.instance, saved)
            )
            is_theirs = first == typed != now
        if is_theirs:
            _show(form, field.name, field.value_from_object(saved))


def _show(form, name, value):
    value = form.fields[name].prepare_value(value)
    if isinstance(value, bool):
        value = ["on"] if value else []
    elif not isinstance(value, list):
        value = ["" if value is None else str(value)]
    form.data.setlist(form.add_prefix(name), value)
