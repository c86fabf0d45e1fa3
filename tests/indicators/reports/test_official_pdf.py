"""The official report on paper: the fields of annex 5 in order, the same bytes on any day."""

import hashlib
from decimal import Decimal

import pytest
import time_machine
from pytest_django.asserts import assertRedirects

from indicators.closing import closing
from indicators.models import Report, ReportCost, ReportSource, ReportText
from indicators.reports.builder import build_report
from indicators.reports.files import render_official
from owes import pdf
from support.models import Service
from support.papers.printing import UNAVAILABLE
from tests.factories import ActivityFactory, EntityFactory, PersonFactory
from tests.indicators.closing.test_closing import attachments
from tests.indicators.given import DAY, supported
from tests.indicators.reports.report_pages import draft_of, url
from tests.indicators.reports.test_report import pdf_text

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.pdf]
# The form of annex 5, from its title to the signatures.
FIELDS = [
    "Sprawozdanie z wykonania zadania publicznego, o którym mowa w art. 18 ust. 4",
    "Pouczenie co do sposobu wypełniania sprawozdania.",
    "Rodzaj sprawozdania",
    "Okres, za jaki jest składane sprawozdanie",
    "Tytuł zadania publicznego",
    "Nazwa Zleceniobiorcy(-ców)",
    "Data zawarcia umowy",
    "Numer umowy, o ile został nadany",
    "Część I. Sprawozdanie merytoryczne",
    "1. Opis osiągniętych rezultatów wraz z liczbowym określeniem skali działań",
    "2. Szczegółowy opis wykonania poszczególnych działań",
    "Część II. Sprawozdanie z wykonania wydatków",
    "1. Rozliczenie wydatków za rok 2023",
    "I Koszty realizacji działań",
    "Suma kosztów realizacji zadania",
    "II Koszty administracyjne",
    "Suma kosztów administracyjnych",
    "Suma wszystkich kosztów realizacji zadania",
    "2. Rozliczenie ze względu na źródło finansowania zadania publicznego",
    "Kwota dotacji",
    "Odsetki bankowe od dotacji",
    "Inne przychody",
    "Środki finansowe własne",
    "Świadczenia pieniężne od odbiorców zadania publicznego",
    "Środki finansowe z innych źródeł publicznych",
    "Pozostałe",
    "Wkład osobowy",
    "Wkład rzeczowy",
    "Udział kwoty dotacji w całkowitych kosztach zadania publicznego",
    "Udział innych środków finansowych w stosunku do otrzymanej kwoty dotacji",
    "Udział wkładu osobowego i wkładu rzeczowego w stosunku do otrzymanej kwoty dotacji",
    "3. Informacje o świadczeniach pieniężnych pobranych",
    "Część III. Dodatkowe informacje",
    "Oświadczam(-my), że:",
    "nie zmienił się status prawny Zleceniobiorcy(-ców)",
    "są zgodne z aktualnym stanem prawnym i faktycznym",
    "złożyły stosowne oświadczenia zgodnie z przepisami o ochronie danych osobowych",
    "podpis osoby upoważnionej",
]


@pytest.fixture
def draft(coordinator):
    activity = ActivityFactory(name="Doradztwo")
    supported(DAY, person=PersonFactory(), entity=EntityFactory(), activity=activity)
    draft = draft_of(coordinator)
    ReportText.objects.create(report=draft, part="durable", text="Sieć <b>kół</b> gospodyń.")
    ReportCost.objects.create(
        report=draft, year=2023, activity=activity, name="Doradcy", planned=1000, actual=900
    )
    ReportCost.objects.create(report=draft, year=2023, name="Biuro", planned=200, actual="100.50")
    ReportSource.objects.create(
        report=draft, source="grant", planned=1200, actual=Decimal("1000.50")
    )
    return draft


def words(content):
    return " ".join(pdf_text(content, "-raw").replace("\u00a0", " ").split())


def gathered(draft):
    return build_report(draft.project, draft.kind, draft.period).drafted(draft)


def test_every_field_of_the_form_stands_in_its_place(draft):
    text = words(render_official(gathered(draft)))
    places = []
    for field in FIELDS:
        places.append(text.find(field, places[-1] if places else 0))
        assert places[-1] >= 0, field
    assert "wersja robocza" in text
    assert "Sieć <b>kół</b> gospodyń." in text
    assert "Objęto wsparciem 1 PES, tj. 2,2% wartości docelowej (45)" in text
    assert "I.1.1 Doradcy 1000,00 900,00" in text
    assert "Suma wszystkich kosztów realizacji zadania 1200,00 1000,50" in text
    assert "100,00% 100,00%" in text


def test_closing_keeps_it_and_any_day_renders_the_same_bytes(draft, coordinator, client):
    closed = closing.close(draft, coordinator, "próba")
    first = closing.render_closed_official(closed)
    ReportText.objects.filter(report=closed).update(text="Zmienione.")
    Service.objects.update(state="cancelled")
    with time_machine.travel("2029-12-31 23:30Z"):
        assert closing.render_closed_official(Report.objects.get()) == first
    stored = closing.keep_file(closed)
    assert stored.official_sha256 == hashlib.sha256(first).hexdigest()
    assert list(attachments(first)) == ["dane.json"]
    client.force_login(coordinator)
    answer = client.get(url("report_official", stored.pk))
    assert b"".join(answer.streaming_content) == first


def test_a_draft_downloads_as_a_working_copy(draft, coordinator, client):
    client.force_login(coordinator)
    answer = client.get(url("report_official", draft.pk))
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="sputnik-ii-sprawozdanie-robocze.pdf"'
    )
    assert "wersja robocza" in words(answer.content)


def test_a_machine_without_the_libraries_says_what_is_missing(
    draft, coordinator, client, monkeypatch
):
    def missing(*args):
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "_laid_out", missing)
    client.force_login(coordinator)
    answer = client.get(url("report_official", draft.pk), follow=True)
    assertRedirects(answer, draft.get_absolute_url())
    [message] = answer.context["messages"]
    assert str(message) == UNAVAILABLE.format(pdf.PdfUnavailable())


def test_part_two_left_to_accounting_says_so(draft):
    draft.leaves_costs_to_accounting = True
    draft.costs.all().delete()
    assert "Część II wypełnia księgowość poza programem" in words(render_official(gathered(draft)))
