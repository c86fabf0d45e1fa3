"""Whom answers show, and who of them does not stand in the log of looks; asked by test_records."""

import io
import re
import zipfile

import pytest
from django.db.models import Max

from owes.models import Look, LookedAt
from owes.pdf import load_weasyprint
from tests.conftest import Undrawn

# Some of the pages and documents that are known to show people, by the role of the reader.
SHOWING = {
    "coordinator": {
        *("entities:person_list", "entities:person_detail", "entities:person_looks"),
        *("support:service_detail", "support:service_card", "support:attendance_list"),
        *("support:queue", "indicators:report_detail", "indicators:indicator_detail"),
    },
    "auditor": {"indicators:report_detail", "indicators:indicator_detail"},
}
MARK = re.compile(r"Znak(\d+)kanz")


@pytest.fixture
def drawn(monkeypatch, undrawn):
    """Texts of the documents that were to be drawn since they were last read."""
    texts = []
    html = load_weasyprint().HTML

    def render(self, **options):
        texts.append("".join(self.etree_element.itertext()))
        return Undrawn()

    monkeypatch.setattr(html, "render", render)
    return texts


def marked(people):
    """Names and codes that say whose they are wherever they are shown, as long as they were."""
    for person in people:
        for name in ("first_name", "last_name", "code"):
            was = getattr(person, name)
            mark = f"Znak{person.pk}kanz"
            setattr(person, name, mark + was[len(mark) :])
        person.save()


def text_of(content):
    if not content.startswith(b"PK"):
        return content.decode(errors="ignore")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode(errors="ignore") for name in book.namelist())


class SeenPeople:
    """The looks at what one reader opens: each page is told with whom it showed unseen."""

    def __init__(self, drawn):
        self.drawn, self.unseen, self.showing = drawn, {}, set()
        self.last = self._newest()

    def _newest(self):
        return Look.objects.aggregate(last=Max("pk"))["last"] or 0

    def ask(self, name, query, content):
        text = text_of(content) + "".join(self.drawn)
        self.drawn.clear()
        shown = {int(key) for key in MARK.findall(text)}
        if not shown:
            return
        self.showing.add(name)
        looks = LookedAt.objects.filter(look__gt=self.last)
        if unseen := shown - set(looks.values_list("person", flat=True)):
            self.unseen[f"{name} {query}"] = unseen
        self.last = self._newest()
