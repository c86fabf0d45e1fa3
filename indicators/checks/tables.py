"""The lists of data control: the rules, and the records that break one."""

from urllib.parse import urlencode

from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import format_html

from indicators.checks.checking import FindingKind, Severity
from indicators.checks.finding_links import FindingLinks
from owes.formatting import day, icon, number, plural
from owes.looks.collecting import saw
from owes.tables import Column, DayColumn, Table
from support.models import Attendance

SIGNS = {
    Severity.ERROR: ("risk", "risk"),
    Severity.REPORT: ("risk", "risk"),
    Severity.WARNING: ("watch", "watch"),
    Severity.NOTE: ("info", "info"),
}


class SeverityColumn(Column):
    def render(self, value):
        return format_html(
            '<span class="state is-{}">{}<span>{}</span></span>',
            SIGNS[value][0],
            icon(SIGNS[value][1]),
            value.label,
        )

    def value(self, value):
        return value.label


class RuleColumn(Column):
    """The rule in words; on the second line its code, and how many were accepted."""

    def render(self, record):
        accepted = f", {number(record.accepted)} przyjęto z powodem" if record.accepted else ""
        return format_html(
            '{}<span class="quiet">{}{}</span>', record.check.sentence, record.check.code, accepted
        )


class CountColumn(Column):
    kind = "n"

    def render(self, record, table):
        query = urlencode(table.query | {"check": record.check.code})
        words = plural(record.count, record.check.noun)
        return format_html('<a href="?{}#zapisy">{}</a>', query, words)


class CheckTable(Table):
    """Few enough to stand on one page; the gravest first."""

    caption = "Reguły"
    shows_caption = True
    empty_title = "Nie ma niezgodności"
    empty_text = "Przy tych filtrach żaden zapis nie łamie reguł kontroli danych."
    is_choosable = False

    rule = RuleColumn(verbose_name="Reguła", empty_values=(), orderable=False)
    severity = SeverityColumn(verbose_name="Waga", accessor="check__severity", orderable=False)
    count = CountColumn(verbose_name="Zapisy", empty_values=(), orderable=False)
    mender = Column(verbose_name="Kto poprawia", accessor="check__mender__label", orderable=False)
    change = Column(verbose_name="Zmiana", orderable=False)

    def __init__(self, lines, *, query, listing, **kwargs):
        self.query = query
        super().__init__(lines, **kwargs)
        if listing.compared_with:
            self.note = f"zmiana od {day(listing.compared_with.on)}"
        else:
            self.columns.hide("change")


class OffenderColumn(Column):
    """The record, with a link to where it is mended."""

    def render(self, record, table):
        offender = record.offender
        is_named_by_code = offender.name == offender.code
        second = FindingKind(offender.kind).label if is_named_by_code else offender.code
        return format_html(
            '<a href="{}">{}</a><span class="quiet">{}</span>',
            table.links.url(record),
            offender.name or offender.code,
            second,
        )

    def value(self, record):
        return record.offender.code


class FindingAdvisersColumn(Column):
    def render(self, record, table):
        return ", ".join(table.links.advisers(record))


class AcceptanceColumn(Column):
    """Why it may stay and who accepted it, or the form by which a coordinator accepts it."""

    def render(self, record, table):
        context = {
            "finding": record,
            "project": table.listing.project,
            "adviser": table.listing.adviser,
            "may_accept": table.may_accept,
            "csrf_token": get_token(table.request),
        }
        # Without the request: the frame of the page is not drawn again in each row.
        return render_to_string("indicators/checks/_finding_acceptance.html", context)


class FindingTable(Table):
    caption = "Zapisy"
    empty_title = "Nie ma takich zapisów"
    empty_text = "Ta reguła niczego już nie znajduje przy tych filtrach."
    is_choosable = False
    foot = "Plik zawiera dokładnie te wiersze, ze wszystkich stron."

    rule = Column(verbose_name="Reguła", accessor="check__code", visible=False)
    words = Column(verbose_name="Co sprawdzono", accessor="check__sentence", visible=False)
    severity = Column(verbose_name="Waga", accessor="check__severity__label", visible=False)
    record = OffenderColumn(verbose_name="Zapis", empty_values=(), order_by="offender__name")
    name = Column(verbose_name="Nazwa", accessor="offender__name", visible=False)
    sentence = Column(
        verbose_name="Co jest nie tak", accessor="offender__sentence", orderable=False
    )
    day = DayColumn(verbose_name="Dzień", accessor="offender__day")
    advisers = FindingAdvisersColumn(verbose_name="Kadra", empty_values=(), orderable=False)
    mender = Column(verbose_name="Kto poprawia", accessor="check__mender__label", visible=False)
    reason = Column(verbose_name="Przyjęto, bo", accessor="acceptance__reason", visible=False)
    by = Column(verbose_name="Kto przyjął", accessor="acceptance__by", visible=False)
    at = Column(verbose_name="Kiedy", accessor="acceptance__at", visible=False)
    acceptance = AcceptanceColumn(
        verbose_name="Przyjęcie",
        kind="bare",
        empty_values=(),
        orderable=False,
        exclude_from_export=True,
    )

    def __init__(self, findings, *, listing, may_accept, **kwargs):
        self.listing, self.may_accept, self.links = listing, may_accept, None
        super().__init__(findings, **kwargs)

    def look_up(self):
        """Links and advisers of the findings of the page."""
        self.look_up_for_file([row.record for row in self.page.object_list])

    def look_up_for_file(self, records):
        self.links = FindingLinks(self.listing.project, records)
        offenders = [record.offender for record in records]
        saw(each.pk for each in offenders if each.kind == FindingKind.PERSON)
        naming = {each.pk for each in offenders if each.warning and each.warning.rule.names_people}
        if naming:
            saw(Attendance.objects.people_of(naming))
