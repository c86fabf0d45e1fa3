"""The next project: set up in the browser from nothing, and counted by rules of its own."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from indicators.counting.verifying import differences
from indicators.models import Report
from owes.periods import Period
from support.models import Project
from tests.factories import EntityFactory, PersonFactory, jst, sputnik

pytestmark = pytest.mark.browser
SLUG, YEAR = "kuznia", date.today().year - 1
ADVISER = "Dorota Próbna"


def url(name, *args):
    return reverse(name, args=[SLUG, *args])


def of_sputnik():
    """Its numbers with their records, and what its closed reports hold.

    Not those who are not counted: an entity that is new in the register is one of them.
    """
    output = StringIO()
    arguments = ("--project=sputnik-ii", "--on=2024-12-31", "--records", "--format=json")
    call_command("indicators", *arguments, stdout=output)
    numbers = json.loads(output.getvalue())
    for line in numbers["indicators"]:
        del line["not_counted"]
    reports = Report.objects.filter(project=sputnik()).order_by("pk")
    return numbers, list(reports.values_list("pk", "state", "document"))


def save(page, name="Zapisz i przejdź dalej"):
    with page.expect_event("load"):
        page.get_by_role("button", name=name, exact=True).click()


def set_up(watched):
    page = watched.page
    watched.open(reverse("support:project_create"))
    page.fill("input[name=name]", "Kuźnia")
    page.fill("input[name=slug]", SLUG)
    page.fill("input[name=title]", "Kuźnia Ekonomii Społecznej")
    page.fill("input[name=starts_on]", f"1.01.{YEAR}")
    page.fill("input[name=ends_on]", f"31.12.{YEAR + 3}")
    save(page, "Załóż projekt i przejdź dalej")
    # A row for the next place comes when the last is filled in.
    for number, place in enumerate(["1462", "1427", "141908"]):
        page.locator("input[name=area]").nth(number).fill(place)
    save(page)


def add_indicators(watched):
    """From the third step, to which every form leads back."""
    page = watched.page
    follow(page, "Dodaj z katalogu")
    for code in ("women", "groups", "staff"):
        page.locator(f"input[name=chosen][value={code}]").check()
    save(page, "Zapisz")
    compose(page, "podmioty objęte wsparciem", "PES po dwóch usługach", services_1="2")
    compose(page, "osoby obecne na usługach", "Osoby do 35 lat", at_most="35")
    follow(page, "Osoby do 35 lat")
    follow(page, "Krok 3: wskaźniki i cele")
    expect(page.get_by_role("heading", name="Wskaźniki i cele", level=1)).to_be_visible()


def follow(page, name):
    with page.expect_event("load"):
        page.get_by_role("link", name=name, exact=True).click()


def compose(page, base, name, **fields):
    """Composes an indicator; what it would count is shown before it is saved."""
    follow(page, "Ułóż wskaźnik")
    page.get_by_label(base).check()
    for field, text in fields.items():
        page.fill(f"input[name={field}]", text)
    for field in ("name", "short_name"):
        page.fill(f"input[name={field}]", name)
    page.fill("input[name=label]", name[:20])
    expect(page.locator("#podglad")).to_contain_text("na koniec projektu")
    are_usual = base.startswith("podmioty")
    for condition in ("pes_form", "in_area"):
        expect(page.locator(f"input[name={condition}]")).to_be_checked(checked=are_usual)
    save(page, "Zapisz")


def set_targets(page):
    """All in one table; the first target is given its plan before the step is left."""
    page.get_by_label("PES po dwóch usługach, cel").fill("2")
    page.get_by_label("Kobiety objęte wsparciem, cel").fill("10")
    save(page, "Zapisz cele")
    follow(page, "Podaj wartości pośrednie: PES po dwóch usługach")
    save(page, "Rozłóż równo na okresy sprawozdawcze")
    save(page, "Zapisz")
    expect(page.get_by_text(f"1 do 31.12.{YEAR + 1}")).to_be_visible()
    save(page)


def set_schedule_and_team(page):
    """The last two steps; after them the page says what comes first."""
    page.fill("textarea[name=activities]", "Doradztwo")
    page.select_option("select[name=reporting_cycle]", label="kwartały")
    save(page)
    page.fill("input[name=email]", "doradca.kuzni@example.org")
    page.fill("input[name=name]", ADVISER)
    page.select_option("select[name=role]", label="kadra")
    save(page, "Dodaj osobę")
    follow(page, "Dalej, zespół jest gotowy")
    expect(page.get_by_text("zrobione 6 z 7")).to_be_visible()


def serve(watched, entity, person, day):
    """A visit is entered, handed in and approved."""
    page = watched.page
    watched.open(url("support:visit_create"))
    page.select_option("#id_adviser", label=ADVISER)
    page.select_option("#id_type", label="doradztwo ogólne")
    page.select_option("#id_mode", label="stacjonarnie")
    for field, text in {"day": day, "hours": "9-11", "topic": "Statut"}.items():
        page.fill(f"#id_{field}", text)
    page.fill("#id_recipient", entity.code)
    page.fill("#id_others_0", person.code)
    save(page, "Złóż do zatwierdzenia")
    save(page, "Zatwierdź")
    expect(page.get_by_text("zatwierdzona").first).to_be_visible()


def close_quarter(watched):
    page = watched.page
    watched.open(url("indicators:report_create"))
    page.fill("input[name=starts_on]", f"1.01.{YEAR}")
    page.fill("input[name=ends_on]", f"31.03.{YEAR}")
    save(page, "Zapisz")
    page.fill("#id_reason", "karty w segregatorze")
    save(page, "Zamknij sprawozdanie")
    expect(page.locator("main")).to_contain_text("Zamknięto: Raport częściowy nr 1.")


def test_the_next_project_is_set_up_counted_and_reported_and_the_first_stays(signed_in):
    before = of_sputnik()
    with signed_in("coordinator") as coordinator:
        set_up(coordinator)
        add_indicators(coordinator)
        project = Project.objects.get(slug=SLUG)
        area = project.area.order_by("code")
        assert list(area.values_list("code", flat=True)) == ["141908", "1427", "1462"]
        codes = project.indicators.values_list("code", flat=True)
        assert set(codes) == {
            "women",
            "groups",
            "staff",
            "pes_po_dwoch_uslugach",
            "osoby_do_35_lat",
        }
        set_targets(coordinator.page)
        assert set(project.targets.values_list("indicator", "value")) == {
            ("women", 10),
            ("pes_po_dwoch_uslugach", 2),
        }
        set_schedule_and_team(coordinator.page)
        entity = EntityFactory(code="K-1", seat=jst("1462"))
        person = PersonFactory(code="KO-1", sex="K", birth_year=YEAR - 30, birth_date=None)
        for day in (11, 12):
            serve(coordinator, entity, person, f"{day}.01.{YEAR}")
        coordinator.open(url("indicators:dashboard"))
        ledger = coordinator.page.locator("table").first
        for name, value in (("PES po dwóch usługach", "1"), ("Kobiety objęte wsparciem", "1")):
            expect(ledger.get_by_role("row", name=name)).to_contain_text(value)
        expect(coordinator.page.get_by_text("Nie osiągnięto jeszcze żadnego")).to_be_visible()
        close_quarter(coordinator)
        assert coordinator.troubles == []
    report = Report.objects.get(project=project, state="closed")
    assert report.period == Period(date(YEAR, 1, 1), date(YEAR, 3, 31))
    values = {line.indicator: line.cumulative for line in report.lines.all()}
    assert values == {
        "women": 1,
        "groups": 0,
        "staff": 0,
        "pes_po_dwoch_uslugach": 1,
        "osoby_do_35_lat": 1,
    }
    assert list(differences(project)) == []
    assert of_sputnik() == before
