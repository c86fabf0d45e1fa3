"""The file of all data of a person: tables, history, and who looked, as JSON or PDF."""

import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from entities.models import Kind, Person, joined_keys
from owes.formatting import moment
from owes.models import Look
from owes.pdf import render
from owes.privacy.access import AccessTable, tables_about

TYPES = {"json": "application/json", "pdf": "application/pdf"}


def access_file(person: Person, kind: str) -> bytes:
    """`kind` is one of `TYPES`."""
    keys = joined_keys(Kind.PERSON, person.pk)
    tables = [*tables_about(Person, keys), *_looks(keys)]
    made_at = moment(timezone.now())
    if kind == "json":
        told: dict[str, Any] = {"osoba": person.code, "sporządzono": made_at}
        told["dane"] = [table.as_json() for table in tables]
        return json.dumps(told, ensure_ascii=False, indent=1).encode()
    context = {"person": person, "tables": tables, "made_at": made_at}
    context |= {"mark": "Dane przykładowe" * settings.DEMO}
    return render(render_to_string("entities/person_data_pdf.html", context))


def _looks(keys: list[int]) -> list[AccessTable]:
    """Who saw the person's data, as the log keeps it."""
    rows = [
        [
            ("kto", str(look.user or "nikt zalogowany")),
            ("kiedy", moment(look.at)),
            ("w czym", look.get_kind_display()),
            ("po co", look.get_purpose_display()),
        ]
        for look in Look.objects.of_people(keys)
    ]
    return [AccessTable("wglądy w dane", rows)] if rows else []
