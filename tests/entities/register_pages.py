"""What the forms of the registers are sent: a good form, and an empty set of rows."""


def rows(prefix, *forms):
    """A formset's data of the given new rows."""
    data = {
        f"{prefix}-TOTAL_FORMS": len(forms),
        f"{prefix}-INITIAL_FORMS": 0,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, form in enumerate(forms):
        data |= {f"{prefix}-{number}-{name}": value for name, value in form.items()}
    return data


def entity_form(statuses=(), activities=(), **fields):
    form = {"name": "Koło Łąka", "legal_form": "kgw"} | fields
    return form | rows("statuses", *statuses) | rows("activities", *activities)


def person_form(representations=(), **fields):
    form = {"first_name": "Łucja", "last_name": "Żak", "sex": "K"} | fields
    return form | rows("representations", *representations)


def as_it_stands(response):
    """What the form of a page would send with nothing changed."""
    context = response.context
    parts = [context["form"]]
    for name in ("statuses", "activities", "representations"):
        if name in context:
            parts += [context[name].management_form, *context[name]]
    values = {field.html_name: field.value() for part in parts for field in part}
    ticked = {name: value for name, value in values.items() if value is not False}
    return {name: "" if value is None else value for name, value in ticked.items()}
