"""The table of services that wait for the coordinator."""

from django.utils.html import format_html

from owes.formatting import day, hours, icon, period
from owes.periods import Period
from owes.tables import Column, HeadingColumn, Table
from support.labels import missing_evidence
from support.models import EvidenceRequirement
from support.services.tables import AdvisersColumn, ChosenColumn, RecipientsColumn
from support.services.warnings import merge_days, warnings_of


class TermColumn(Column):
    """The day or days, with the time on a quiet second line."""

    def render(self, record):
        days = (
            day(record.first_day)
            if record.first_day == record.last_day
            else period(Period(record.first_day, record.last_day))
        )
        return format_html('{}<span class="quiet">{}</span>', days, hours(record.total_minutes))


class RemarksColumn(Column):
    """What the coordinator should know: the last remark, missing evidence, warnings."""

    def render(self, record, table):
        remarks = table.remarks.get(record.pk, "")
        if not record.last_remark:
            return remarks
        mark = '<span class="state is-none">{}<span>po zwrocie: {}</span></span>{}'
        return format_html(mark, icon("back"), record.last_remark, remarks)


class QueueTable(Table):
    caption = "Usługi złożone do zatwierdzenia"
    empty_title = "Nic nie czeka na zatwierdzenie"
    empty_text = "Tu pojawią się usługi złożone do zatwierdzenia."
    is_choosable = False

    topic = HeadingColumn(
        verbose_name="Usługa",
        orderable=False,
        second=lambda service: f"{service.printed_number}, {service.type}",
    )
    chosen = ChosenColumn(form="kolejka")
    recipients = RecipientsColumn(verbose_name="Odbiorcy", empty_values=(), orderable=False)
    advisers = AdvisersColumn(verbose_name="Kadra", empty_values=(), orderable=False)
    term = TermColumn(verbose_name="Termin", empty_values=(), orderable=False, kind="d")
    state_by = Column(verbose_name="Kto złożył", orderable=False, default="z importu")
    remarks = RemarksColumn(verbose_name="Uwagi", empty_values=(), orderable=False, kind="bare")

    def __init__(self, services, *, user, **kwargs):
        self.user, self.remarks, self.chosen_keys = user, {}, set()
        super().__init__(services, **kwargs)

    def may_choose(self, record):
        return True

    def keys(self):
        """Keys of the services on the page."""
        return [str(row.record.pk) for row in self.page.object_list] if self.page else []

    def add_remarks(self, project):
        """Adds remarks to the services on the page; the number of queries does not grow."""
        services = [row.record.pk for row in self.page.object_list] if self.page else []
        requirements = EvidenceRequirement.objects.filter(project=project, subject="service")
        missing = {}
        for row in requirements.missing(records=services) if services else []:
            missing.setdefault(row["row"], []).append(row["requirement"])
        by_key = {requirement.pk: requirement for requirement in requirements}
        for service, keys in missing.items():
            self.remarks[service] = missing_evidence([by_key[key] for key in keys])
        for service, warnings in warnings_of(services).items():
            for warning in merge_days(warnings):
                if not warning.accepted:
                    look = "risk" if warning.blocks else "watch"
                    remark = format_html(
                        '<span class="state is-{}">{}<span>{}</span></span>',
                        look,
                        icon(look),
                        warning.sentence,
                    )
                    before = self.remarks.get(service, "")
                    self.remarks[service] = format_html("{}{}", before, remark)
