"""The table of services, and columns shared with the queue."""

from collections import defaultdict

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Length, Lower, NullIf, Right, Substr
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from owes.formatting import day, hours, plural
from owes.tables import Column, DayColumn, HeadingColumn, HoursColumn, NumberColumn, Table
from support.labels import state_badge
from support.models import Recipient, Service, ServiceAdviser

SHOWN_RECIPIENTS = 2


class ChosenColumn(Column):
    """A checkbox for each service that may be chosen, sent with the form with the id `form`."""

    def __init__(self, *, form, **kwargs):
        super().__init__(
            verbose_name="Zaznacz",
            empty_values=(),
            orderable=False,
            exclude_from_export=True,
            kind="check",
            **kwargs,
        )
        self.form = form

    def render(self, record, table):
        if not table.may_choose(record):
            return ""
        return format_html(
            '<input class="form-check-input" type="checkbox" name="service" value="{}" '
            'form="{}" aria-label="Zaznacz: {}, {}"{}>',
            record.pk,
            self.form,
            record.topic,
            day(record.first_day) if record.first_day else "bez terminu",
            mark_safe(" checked") if str(record.pk) in table.chosen_keys else "",
        )


class TopicColumn(HeadingColumn):
    """The topic; that of a cancelled service is struck through."""

    def render(self, value, record):
        if record.is_cancelled:
            value = format_html('<span class="struck">{}</span>', value)
        return super().render(value, record)


class RecipientsColumn(Column):
    def render(self, record):
        names = [str(entity) for entity in record.recipients.all()]
        more = len(names) - SHOWN_RECIPIENTS
        if more > 1:
            return f"{', '.join(names[:SHOWN_RECIPIENTS])} i {more} dalszych"
        return ", ".join(names)

    def value(self, record, table):
        return "; ".join(table.recipients[record.pk])


class AdvisersColumn(Column):
    def render(self, record):
        return ", ".join(str(link.staff_member) for link in record.adviser_links.all())

    def value(self, record, table):
        return ", ".join(table.advisers[record.pk])


class ServiceStateColumn(Column):
    def render(self, record):
        return state_badge(record)

    def value(self, record):
        return record.get_state_display()


def second_line(service):
    mode = service.get_mode_display()
    return ", ".join(part for part in (service.printed_number, str(service.type), mode) if part)


def by(value):
    """A method that orders a table by a database expression; rows without a value come last."""

    def order(table, queryset, is_descending):
        turned = value.desc(nulls_last=True) if is_descending else value.asc(nulls_last=True)
        return queryset.order_by(turned, "sort_key", "-pk"), True

    return order


def steps(column, choices):
    """The place of a value among the choices of its column; None for other values."""
    places = [When(**{column: value}, then=place) for place, value in enumerate(choices.values)]
    return Case(*places)


def _names(pairs):
    """`{key: [name]}` of pairs."""
    names = defaultdict(list)
    for key, name in pairs:
        names[key].append(name)
    return names


FIRST_RECIPIENT = Recipient.objects.filter(service=OuterRef("pk")).order_by("entity__sort_key")
FIRST_ADVISER = ServiceAdviser.objects.filter(service=OuterRef("pk")).order_by("position", "pk")
# The year of a number: "N/2023/10" and "10/2023" are ordered as they were given.
YEAR = Case(
    When(number__gt="", then=Right("number", 4)),
    When(code__startswith="N/", then=Substr("code", 3, 4)),
    default=Value(""),
)
PRINTED = Coalesce(NullIf("number", Value("")), "code")


class ServiceTable(Table):
    caption = "Usługi"
    empty_title = "Nie ma tu usług"
    empty_text = "Zmień filtry albo dodaj pierwszą usługę."

    topic = TopicColumn(
        verbose_name="Usługa",
        second=second_line,
        order_by="sort_key",
        footer=lambda table: f"Razem {plural(table.count, 'usługa,usługi,usług')}",
    )
    chosen = ChosenColumn(form="zlozenie", visible=False, footer="")
    number = Column(verbose_name="Numer", accessor="printed_number", visible=False)
    type = Column(verbose_name="Rodzaj", visible=False)
    # Their names are looked up; the key saves asking each row for its relation.
    recipients = RecipientsColumn(
        verbose_name="Odbiorcy", accessor="pk", empty_values=(), footer=""
    )
    advisers = AdvisersColumn(verbose_name="Kadra", accessor="pk", empty_values=(), footer="")
    first_day = DayColumn(verbose_name="Pierwszy termin", footer="")
    minutes = HoursColumn(
        verbose_name="Czas",
        accessor="total_minutes",
        footer=lambda table: hours(table.total_minutes),
    )
    state = ServiceStateColumn(verbose_name="Stan", footer="")
    activity = Column(verbose_name="Działanie", optional=True, footer="")
    mode = Column(verbose_name="Tryb", optional=True, footer="")
    place = Column(verbose_name="Miejsce", optional=True, footer="")
    last_day = DayColumn(verbose_name="Ostatni termin", optional=True, footer="")
    session_count = NumberColumn(verbose_name="Terminy", optional=True, footer="")
    signed_on = DayColumn(verbose_name="Karta podpisana", optional=True, footer="")
    created_by = Column(verbose_name="Kto zapisał", optional=True, footer="")

    order_type = by(F("type__name"))
    order_recipients = by(Subquery(FIRST_RECIPIENT.values("entity__sort_key")[:1]))
    order_advisers = by(Subquery(FIRST_ADVISER.values("staff_member__sort_key")[:1]))
    order_state = by(steps("state", Service.State))
    order_activity = by(F("activity__folded_name"))
    order_mode = by(steps("mode", Service.Mode))
    order_place = by(NullIf(Lower("place"), Value("")))
    order_last_day = by(F("last_day"))
    order_session_count = by(F("session_count"))
    order_signed_on = by(F("signed_on"))
    order_created_by = by(F("created_by__name"))

    class Meta(Table.Meta):
        sequence = ("topic", "chosen", "number", "type", "...")
        row_attrs = {"class": lambda record: "is-off" if record.is_cancelled else ""}

    def __init__(self, services, count, start=None, end=None, **kwargs):
        """Counts the hours of the sessions from `start` to `end`, days or None."""
        self.count = count
        self.total_minutes = services.total_minutes(start, end)
        self.chosen_keys, self.submittable = set(), set()
        super().__init__(services.for_list(start, end), **kwargs)
        self.know_count(count)

    def offer_submitting(self, own):
        """Shows a checkbox at each service of the page that is in `own` and may be submitted."""
        shown = [row.record for row in self.page.object_list] if self.page else []
        editable = [service.pk for service in shown if service.state in Service.EDITABLE]
        if editable:
            self.submittable = set(own.filter(pk__in=editable).values_list("pk", flat=True))
        if self.submittable:
            self.columns.show("chosen")
            self.is_wide = True

    def for_file(self, rows):
        """Without a copy of its project, kind and author in each row: a file has many rows."""
        once = ("project", "type", "activity", "created_by")
        return rows.select_related(None).prefetch_related(None).prefetch_related(*once)

    def look_up_for_file(self, records):
        """`{service: names}` of the recipients and of the staff, in the order of a page."""
        keys = [record.pk for record in records]
        recipients = Recipient.objects.filter(service__in=keys)
        recipients = recipients.order_by("entity__sort_key", "entity__code")
        self.recipients = _names(recipients.values_list("service", "entity__name"))
        advisers = ServiceAdviser.objects.filter(service__in=keys)
        self.advisers = _names(advisers.values_list("service", "staff_member__name"))

    def may_choose(self, record):
        return record.pk in self.submittable

    def order_number(self, queryset, is_descending):
        keys = (YEAR, Length(PRINTED), PRINTED, F("pk"))
        turned = [key.desc() if is_descending else key.asc() for key in keys]
        return queryset.order_by(*turned), True

    def order_first_day(self, queryset, is_descending):
        day = F("first_day")
        by = day.desc(nulls_first=True) if is_descending else day.asc(nulls_last=True)
        return queryset.order_by(by, "-pk"), True

    def order_minutes(self, queryset, is_descending):
        time = F("total_minutes")
        by = time.desc(nulls_last=True) if is_descending else time.asc(nulls_first=True)
        return queryset.order_by(by, "-pk"), True
