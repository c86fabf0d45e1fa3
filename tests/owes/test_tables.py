"""How every list is drawn: row headings, labels for a phone, order and pages in the address."""

import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from owes.models import User
from owes.samples import SAMPLES, SampleTable
from owes.tables import Column, DayColumn, HoursColumn, NumberColumn, Table, paged
from tests.factories import UserFactory
from tests.markup import tight


def rendered(address="/", rows=SAMPLES, per_page=3, **kwargs):
    request = RequestFactory().get(address)
    table = paged(request, SampleTable(rows, **kwargs), per_page=per_page)
    page = render_to_string("components/table.html", {"table": table}, request=request)
    return tight(page.replace("\u00a0", " ").replace("&amp;", "&"))


def topics(page):
    return re.findall(r'rowheader"><a href="[^"]+">([^<]+)</a>', page)


def test_first_cell_is_the_row_heading_with_a_quiet_second_line():
    page = rendered(per_page=25)
    assert (
        '<th scope="row" role="rowheader"><a href="/components/">Strona w internecie</a>'
        '<span class="quiet">N/2024/4</span></th>'
    ) in page
    assert page.count('scope="row"') == len(SAMPLES)


def test_first_cell_has_no_label_whatever_its_column():
    class Plain(Table):
        code = Column(verbose_name="Kod")
        minutes = HoursColumn(verbose_name="Czas")

    request = RequestFactory().get("/")
    page = render_to_string("components/table.html", {"table": Plain(SAMPLES)}, request=request)
    assert re.findall(r'data-label="(\w+)"', page) == ["Czas"] * len(SAMPLES)


def test_cells_carry_their_kind_and_the_name_of_their_column():
    page = rendered()
    assert '<td role="cell" class="d" data-label="Dzień">10.02.2024</td>' in page
    assert '<td role="cell" class="n" data-label="Czas">1 h 30 min</td>' in page


def test_row_keeps_the_class_the_table_gives_it():
    classes = re.findall(r'<tr role="row" class="([^"]*)"', rendered(per_page=25))
    assert [name.split()[0] for name in classes] == ["even", "odd", "is-off", "odd", "even"]


@pytest.mark.parametrize(
    ("address", "first", "sort"),
    [("/", "Księgowość w spółdzielni", "descending"), ("/?sort=day", "Montaż", "ascending")],
)
def test_order_is_a_link_and_is_said_by_the_head(address, first, sort):
    page = rendered(address)
    assert topics(page)[0].startswith(first)
    assert re.findall(r'aria-sort="(\w+)"', page) == [sort]


def test_sorting_begins_at_the_first_page_and_keeps_the_filters():
    page = rendered("/?q=laka&page=2&sort=-day")
    assert 'href="?q=laka&sort=minutes"' in page


def test_pages_keep_the_filters_and_say_which_rows_they_show():
    page = rendered("/?q=laka&page=2")
    assert topics(page) == ["Statut i uchwały", "Montaż finansowy inwestycji"]
    assert "<p>4–5 z 5</p>" in page
    assert 'href="?q=laka&page=1">poprzednia</a>' in page
    assert 'href="?q=laka&page=2" aria-label="strona 2" aria-current="page"' in page


@pytest.mark.parametrize(("number", "shown"), [("99", "4–5 z 5"), ("x", "1–3 z 5")])
def test_page_that_is_none_is_the_nearest_one(number, shown):
    assert f"<p>{shown}</p>" in rendered(f"/?page={number}")


def test_two_tables_on_a_page_turn_their_pages_apart():
    page = rendered("/?a-page=2&b-page=2", prefix="a-")
    assert "<p>4–5 z 5</p>" in page
    assert 'href="?a-page=1&b-page=2">poprzednia</a>' in page
    assert "<p>1–3 z 5</p>" in rendered("/?a-page=2", prefix="c-")


def test_list_of_one_page_has_no_links_to_pages():
    page = rendered(per_page=25)
    assert "pagination" not in page
    assert "<p>1–5 z 5</p>" in page


def test_empty_list_says_what_it_is_and_the_first_step():
    page = rendered(rows=[])
    assert page.strip() == (
        '<div class="empty"><h2 class="h3">Nie ma jeszcze usług</h2>'
        '<p class="quiet">Usługa to jedno spotkanie albo cykl. Dodaj pierwszą.</p></div>'
    )


def test_empty_values_stay_empty():
    class Dated(Table):
        name = Column(verbose_name="Nazwa")
        day = DayColumn(verbose_name="Dzień")
        count = NumberColumn(verbose_name="Ile")

    row = Dated([{"name": "A", "day": None, "count": None}]).rows[0]
    assert [str(cell) for cell in row.cells] == ["A", "", ""]
    filled = Dated([{"name": "A", "day": date(2024, 3, 9), "count": 12345}]).rows[0]
    assert [str(cell) for cell in filled.cells] == ["A", "09.03.2024", "12\u00a0345"]


class Choosable(Table):
    caption = "Usługi"

    topic = Column(verbose_name="Usługa")
    code = Column(verbose_name="Nr", visible=False)
    day = DayColumn(verbose_name="Dzień")
    minutes = HoursColumn(verbose_name="Czas", optional=True)


def chosen(address):
    request = RequestFactory().get(address)
    table = paged(request, Choosable(SAMPLES[:1]))
    page = render_to_string("components/table.html", {"table": table}, request=request)
    return table, tight(page)


def heads(table):
    return [column.header for column in table.columns]


@pytest.mark.parametrize(
    ("address", "shown", "in_file"),
    [
        ("/", ["Usługa", "Dzień"], ["Usługa", "Nr", "Dzień"]),
        (
            "/?columns=minutes&columns=code",
            ["Usługa", "Nr", "Czas"],
            ["Usługa", "Nr", "Czas (min)"],
        ),
        ("/?columns=nonsense", ["Usługa", "Dzień"], ["Usługa", "Nr", "Dzień"]),
    ],
)
def test_chosen_columns_are_shown_and_are_those_of_a_file(address, shown, in_file):
    table, _ = chosen(address)
    assert heads(table) == shown
    assert next(iter(table.file_rows())) == in_file


def test_choosing_columns_keeps_what_else_is_asked():
    _, page = chosen("/?q=%C5%82%C4%85ka&sort=day&columns=day&page=1")
    assert re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page) == [
        ("q", "łąka"),
        ("sort", "day"),
    ]
    assert re.findall(r'value="(\w+)" id="columns-\w+"( checked)?', page) == [
        ("code", ""),
        ("day", " checked"),
        ("minutes", ""),
    ]
    assert 'href="?q=%C5%82%C4%85ka&amp;sort=day&amp;page=1">Kolumny domyślne' in page


def test_a_list_may_keep_its_columns():
    assert "Kolumny" not in rendered()


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("sort", ["name", "-name"])
def test_equal_rows_are_each_on_one_page(sort):
    class People(Table):
        name = Column(verbose_name="Nazwa")

    made = [UserFactory(name="Jan Kowalski").pk for _ in range(5)]
    # A row that is changed moves to the end of its table on PostgreSQL.
    for pk in made[:2]:
        User.objects.filter(pk=pk).update(is_active=False)
    shown = []
    for number in range(1, 6):
        request = RequestFactory().get(f"/?sort={sort}&page={number}")
        table = paged(request, People(User.objects.all()), per_page=1)
        shown += [row.record.pk for row in table.page.object_list]
    assert shown == made
