"""Tables of the records behind the numbers; details are looked up for the rows of a page only."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django_tables2.utils import OrderByTuple

from entities.models import Entity, LocalGovernment, Person
from indicators.records.labels import record_line, record_name
from owes.formatting import amount, day, icon, in_unit, number, plural
from owes.tables import Column, DayColumn, HoursColumn, NumberColumn, Table
from support.models import Service, Session, StaffMember, Subject

# What a record is called in the head, and the columns it has no data for.
HEADINGS = {
    Entity: "Podmiot",
    Person: "Osoba",
    LocalGovernment: "Samorząd",
    StaffMember: "Kadra",
    Session: "Termin",
    Service: "Usługa",
}
LEFT_OUT = {
    Entity: ["sex", "represented"],
    Person: ["form", "seat"],
    LocalGovernment: ["form", "sex", "seat", "represented", "advisers"],
    StaffMember: ["code", "form", "sex", "seat", "represented", "advisers"],
    Session: ["form", "sex", "seat", "represented"],
    Service: ["form", "sex", "seat", "represented"],
}


class CandidateColumn(Column):
    """The row's heading: the record as the user may call it, a link where it has a page."""

    def render(self, record, table):
        record = table.record_of(record)
        name, url = record_name(record, table.user), table.address(record)
        return format_html(
            '{}<span class="quiet">{}</span>',
            format_html('<a href="{}">{}</a>', url, name) if url else name,
            record_line(record, table.user),
        )

    def value(self, record, table):
        return record_name(table.record_of(record), table.user)


class CandidateTable(Table):
    """A list of records of an indicator; `details` is what `look_up` says of each, by key."""

    shows_caption = True
    is_choosable = False

    def __init__(self, rows, *, indicator, project, user, look_up, **kwargs):
        model, self.unit = indicator.model, indicator.unit
        self.project, self.user, self.look_up, self.details = project, user, look_up, {}
        self.may_write = user.has_perm("support.add_record", project)
        self.opens_registers = user.has_perm("entities.list_registers")
        # The order of names would tell a reader of codes who is who.
        is_nameless = model is Person and not user.has_perm("entities.see_names")
        self.name_order = "code" if is_nameless else "sort_key"
        left_out = LEFT_OUT[model] if indicator.is_sum else [*LEFT_OUT[model], "amount"]
        super().__init__(rows, exclude=left_out, **kwargs)
        self.columns["record"].column.verbose_name = HEADINGS[model]

    @property
    def shown(self):
        """The rows of the page."""
        return [row.record for row in self.page.object_list]

    def look_up_for_file(self, records):
        self.details = self.look_up(records)

    def record_of(self, row):
        return row

    def address(self, record):
        if isinstance(record, StaffMember):
            return self._in_list("staff_list", record.name)
        if isinstance(record, Session | Service):
            return record.get_absolute_url()
        return record.get_absolute_url() if self.may_open(record) else ""

    def may_open(self, record):
        return self.opens_registers

    def _in_list(self, view, text):
        """The record in its list, for those who may not open its form."""
        return f"{reverse(f'support:{view}', args=[self.project.slug])}?{urlencode({'q': text})}"


class RepresentedColumn(Column):
    """The entity that the person represented on the day that decided."""

    def render(self, record, table):
        entity = table.details[record.pk].entity
        return format_html('<a href="{}">{}</a>', entity.get_absolute_url(), entity)

    def value(self, record, table):
        return str(table.details[record.pk].entity)


class DecidingColumn(Column):
    """What made the record count: an adoption, an act or a training, and the service behind it."""

    def render(self, record, table):
        return format_html_join(
            "",
            '<p class="mb-0"><a class="code" href="{}">{}</a> {}<span class="quiet">{}</span></p>',
            (
                (table.address_of(deciding), deciding.code, deciding.kind, deciding.words)
                for deciding in table.details[record.pk].deciding_objects()
            ),
        )

    def value(self, record, table):
        return "; ".join(
            " ".join(filter(None, [deciding.code, deciding.kind, deciding.words]))
            for deciding in table.details[record.pk].deciding_objects()
        )


class DecidingAdvisersColumn(Column):
    def render(self, record, table):
        return ", ".join(table.details[record.pk].advisers)


class ProofsColumn(Column):
    """How many verified documents the record that decided has, a link to them."""

    def render(self, record, table):
        row = table.details[record.pk].deciding
        arguments = [table.project.slug, Subject.of(row).value, row.pk]
        url = reverse("support:record_evidence", args=arguments)
        words = plural(row.proofs, "sprawdzony,sprawdzone,sprawdzonych")
        return format_html('<a href="{}">{}</a>', url, words)

    def value(self, record, table):
        return table.details[record.pk].deciding.proofs


class AmountColumn(NumberColumn):
    """What a record adds to a sum; a number in files, of hours as their decimal."""

    def render(self, value, table):
        return amount(value, table.unit)

    def value(self, value, table):
        return in_unit(value, table.unit)


class CountedTable(CandidateTable):
    caption = "Zaliczone"
    empty_title = "Nic nie jest zaliczone"
    empty_text = "W tych dniach i przy tych filtrach żaden zapis się nie liczy."
    foot = "Dzień decyduje o roku sprawozdania."

    record = CandidateColumn(empty_values=())
    code = Column(verbose_name="Kod", visible=False)
    form = Column(verbose_name="Forma prawna", accessor="get_legal_form_display", visible=False)
    sex = Column(verbose_name="Płeć", visible=False)
    seat = Column(verbose_name="Gmina", order_by=("seat__sort_key", "sort_key"))
    represented = RepresentedColumn(verbose_name="Podmiot", empty_values=(), orderable=False)
    counted_on = DayColumn(verbose_name="Liczy się od")
    amount = AmountColumn(verbose_name="Dodaje")
    deciding = DecidingColumn(
        verbose_name="Co zdecydowało", kind="bare", empty_values=(), orderable=False
    )
    advisers = DecidingAdvisersColumn(verbose_name="Kadra", empty_values=(), orderable=False)
    evidence = ProofsColumn(verbose_name="Dowody", empty_values=(), orderable=False)

    def order_record(self, records, is_descending):
        return records.order_by(f"{'-' if is_descending else ''}{self.name_order}"), True

    def may_open(self, record):
        """Who sees the number may open the records that it is made of."""
        return True

    def order_counted_on(self, records, is_descending):
        day = f"{'-' if is_descending else ''}counted_on"
        return records.order_by(day, self.name_order), True

    def address_of(self, deciding):
        """A service has a page; the other objects have a form, for those who may write."""
        if deciding.list_view is None or self.may_write:
            return deciding.instance.get_absolute_url()
        return self._in_list(deciding.list_view, deciding.code)


class ReasonsColumn(Column):
    """Amber with a sign where it can be mended, grey where it is the rule."""

    def render(self, record, table):
        return format_html_join(
            "",
            '<p class="mb-0"><span class="state is-{}">{}<span>{}</span></span></p>',
            (
                ("watch", icon("watch"), reason.text)
                if reason.is_mendable
                else ("none", icon("dash"), reason.text)
                for reason in table.details[record.pk].reasons
            ),
        )

    def value(self, record, table):
        return " ".join(reason.text for reason in table.details[record.pk].reasons)


class RecordFieldColumn(Column):
    """A field of the record, for files."""

    def __init__(self, name, **kwargs):
        self.name = name
        super().__init__(empty_values=(), **kwargs)

    def render(self, record, table):
        value = getattr(table.record_of(record), self.name)
        return str((value() if callable(value) else value) or "")


class RemediesColumn(Column):
    def render(self, record, table):
        explanation = table.details[record.pk]
        if not explanation.is_mendable:
            return format_html('<span class="quiet">{}</span>', "nic, taka jest reguła")
        return format_html_join(
            "",
            '<p class="mb-0"><a href="{}">{}<span class="visually-hidden">: {}</span></a></p>',
            (
                (reason.url, reason.label, record_name(explanation.record, table.user))
                for reason in explanation.reasons
                if reason.url
            ),
        )


class NotCountedTable(CandidateTable):
    """Its rows are assessments; the records come with their explanations."""

    caption = "Niezaliczone"
    empty_title = "Nie ma tu niezaliczonych"
    empty_text = "Przy tych filtrach wszystkie zapisy się liczą."

    record = CandidateColumn(empty_values=(), order_by="sort_key")
    code = Column(verbose_name="Kod", visible=False)
    form = RecordFieldColumn("get_legal_form_display", verbose_name="Forma prawna", visible=False)
    sex = RecordFieldColumn("get_sex_display", verbose_name="Płeć", visible=False)
    seat = RecordFieldColumn("seat", verbose_name="Gmina", visible=False)
    reasons = ReasonsColumn(
        verbose_name="Dlaczego się nie liczy", kind="bare", empty_values=(), orderable=False
    )
    remedies = RemediesColumn(
        verbose_name="Co można zrobić",
        kind="bare",
        empty_values=(),
        orderable=False,
        exclude_from_export=True,
    )

    def __init__(self, rows, **kwargs):
        super().__init__(rows, **kwargs)
        self.columns["record"].column.order_by = OrderByTuple([self.name_order])

    def record_of(self, row):
        return self.details[row.pk].record

    def may_open(self, record):
        return self.opens_registers or self.details[record.pk].has_evidence


class StandingColumn(Column):
    """What the entity counts in and since when; or a link to the reasons."""

    def render(self, record, table):
        counted = table.standings.of(record)
        if not counted:
            url = reverse("indicators:entity_indicators", args=[record.pk])
            return format_html(
                '<span class="quiet">nie, <a href="{}">dlaczego<span class="visually-hidden">'
                " {} się nie liczy</span></a></span>",
                url,
                record,
            )
        return format_html_join(
            "",
            '<p class="mb-0">{} <span class="quiet inline num">od {}</span></p>',
            ((indicator.label, day(counted_on)) for indicator, counted_on in counted),
        )

    def value(self, record, table):
        counted = table.standings.of(record)
        return "; ".join(f"{indicator.label} od {day(since)}" for indicator, since in counted)


class ServiceCountColumn(NumberColumn):
    """The number of services, a link to them."""

    def render(self, value, record, table):
        if not value:
            return value
        query = urlencode({"entity": record.code} | table.services)
        url = reverse("support:service_list", args=[table.project.slug])
        return format_html('<a href="{}?{}">{}</a>', url, query, number(value))


class ProjectEntityTable(Table):
    caption = "Podmioty"
    empty_title = "Nie ma tu podmiotów"
    empty_text = "Żaden podmiot nie spełnia tych filtrów."
    foot = "Plik zawiera dokładnie te wiersze, ze wszystkich stron."

    name = CandidateColumn(verbose_name="Nazwa", order_by="sort_key", empty_values=())
    code = Column(verbose_name="Kod", visible=False)
    form = Column(verbose_name="Forma prawna", accessor="get_legal_form_display", visible=False)
    seat = Column(verbose_name="Gmina", order_by=("seat__sort_key", "sort_key"))
    standing = StandingColumn(
        verbose_name="Liczy się we wskaźnikach", empty_values=(), orderable=False
    )
    services = ServiceCountColumn(
        verbose_name="Usługi", accessor="service_count", order_by=("service_count", "sort_key")
    )
    minutes = HoursColumn(
        verbose_name="Czas", accessor="support_minutes", order_by=("support_minutes", "sort_key")
    )
    last = DayColumn(
        verbose_name="Ostatnia usługa",
        accessor="last_supported",
        order_by=("last_supported", "sort_key"),
    )

    class Meta(Table.Meta):
        sequence = ("name", "code", "form", "...")

    def __init__(self, entities, *, standings, services, user, **kwargs):
        super().__init__(entities, order_by="name", **kwargs)
        self.project, self.standings, self.user = standings.scope.project, standings, user
        self.services = services
        self.opens_registers = user.has_perm("entities.list_registers")

    def record_of(self, row):
        return row

    def address(self, record):
        if self.opens_registers or record.service_count or self.standings.of(record):
            return record.get_absolute_url()
        return ""
