"""Whatever answer shows a person, that person stands in the log of looks."""

import io
import re
import zipfile

import pytest
from django.db.models import Max

from entities.models import Person
from owes.models import Look, LookedAt
from owes.pdf import load_weasyprint
from tests.conftest import Undrawn
from tests.test_records import addresses, users, worlds

__all__ = ["users", "worlds"]
pytestmark = [pytest.mark.once, pytest.mark.long]

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
    """Names and codes that say whose they are wherever they are shown."""
    for person in people:
        mark = f"Znak{person.pk}kanz"
        person.first_name = person.last_name = person.code = mark
        person.save()


def text_of(answer):
    content = b"".join(answer) if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return content.decode(errors="ignore")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode(errors="ignore") for name in book.namelist())


def seen_since(look):
    return set(LookedAt.objects.filter(look__gt=look).values_list("person", flat=True))


@pytest.mark.parametrize("role", ["coordinator", "auditor"])
def test_an_answer_that_shows_people_is_a_look_at_them(client, users, worlds, drawn, role):
    """The records of `pelny` alone: each page is walked once."""
    marked(Person.objects.all())
    client.force_login(users[role])
    missing, showing = {}, set()
    for name, url, query in addresses(worlds["pelny"]):
        last = Look.objects.aggregate(last=Max("pk"))["last"]
        text = text_of(client.get(url, query)) + "".join(drawn)
        drawn.clear()
        shown = {int(key) for key in MARK.findall(text)}
        if shown:
            showing.add(name)
        if unseen := shown - seen_since(last):
            missing[f"{name} {query}"] = unseen
    assert missing == {}
    assert showing >= SHOWING[role]
