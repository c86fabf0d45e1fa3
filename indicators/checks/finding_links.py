"""Where findings are mended, and who leads the services they are about."""

from collections import defaultdict

from django.urls import reverse

from indicators.checks.checking import FindingKind
from owes.links import with_query
from support.models import Service, ServiceAdviser

# Parts of a service: where each is on the form, and where on its page.
PARTS = {
    "basics": ("id_topic", "usluga"),
    "adviser": ("id_topic", "usluga"),
    "sessions": ("terminy", "terminy"),
    "recipients": ("odbiorcy", "odbiorcy"),
    "people": ("uczestnicy", "uczestnicy"),
    "signature": ("terminy", "dzialania"),
}
FIRST_STATUS = "statuses-0-valid_from"


class FindingLinks:
    """Addresses and advisers of the findings shown; two queries for any number of them."""

    def __init__(self, project, findings):
        self.slug = project.slug
        services = {
            finding.offender.pk
            for finding in findings
            if finding.offender.kind == FindingKind.SERVICE
        }
        rows = Service.objects.filter(pk__in=services, state__in=Service.EDITABLE)
        self.editable = set(rows.order_by().values_list("pk", flat=True))
        concerned = {pk for finding in findings for pk in finding.offender.services}
        links = ServiceAdviser.objects.filter(service__in=concerned).order_by("position", "pk")
        self.leading = defaultdict(list)
        for service, name in links.values_list("service", "staff_member__name"):
            self.leading[service].append(name)

    def advisers(self, finding):
        """Names of those who lead the services of a finding, each once."""
        names = [name for pk in finding.offender.services for name in self.leading[pk]]
        return list(dict.fromkeys(names))

    def url(self, finding):
        """The page, and the place on it, where the record is corrected."""
        return with_query(self._url(finding), finding=finding.check.code)

    def _url(self, finding):
        offender, field = finding.offender, finding.field
        match offender.kind:
            case FindingKind.SERVICE:
                on_form, on_page = PARTS.get(field, PARTS["basics"])
                if offender.pk in self.editable:
                    return self._of_project("support:service_edit", offender.pk, anchor=on_form)
                return self._of_project("support:service_detail", offender.pk, anchor=on_page)
            case FindingKind.ENTITY | FindingKind.PERSON if field == "duplicates":
                return reverse(f"entities:{offender.kind}_duplicates")
            case FindingKind.ENTITY | FindingKind.PERSON if field in ("enrolment", "declaration"):
                return self._of_project(f"support:{field}_edit", offender.pk)
            case FindingKind.ENTITY | FindingKind.PERSON:
                anchor = FIRST_STATUS if field == "statuses" else field or "name"
                return (
                    f"{reverse(f'entities:{offender.kind}_edit', args=[offender.pk])}#id_{anchor}"
                )
            case FindingKind.PARTNERSHIP | FindingKind.ADOPTION | FindingKind.STAFF_TRAINING:
                name = f"support:{offender.kind}_edit"
                return self._of_project(name, offender.pk, anchor=f"id_{field}")
            case FindingKind.REPORT | FindingKind.TRIAL_CONTROL:
                return self._of_paper(offender, field)
            case FindingKind.INDICATOR:
                return self._of_project("indicators:indicator_detail", offender.code)
            case FindingKind.PROJECT if field == "reports":
                return self._of_project("indicators:report_list")
        return self._of_project("support:project_settings", anchor=f"id_{field}")

    def _of_paper(self, offender, field):
        """A text of a draft where it is written; of a closed report the page that corrects it."""
        if offender.kind == FindingKind.TRIAL_CONTROL:
            return self._of_project("indicators:control_record_edit", offender.pk)
        match field:
            case "":
                return self._of_project("indicators:report_detail", offender.pk)
            case "costs":
                return self._of_project("indicators:report_cost_edit", offender.pk)
            case "other_public_body":
                name = "indicators:report_cost_edit"
            case _:
                name = "indicators:report_text_edit"
        return self._of_project(name, offender.pk, anchor=f"id_{field}")

    def _of_project(self, name, *arguments, anchor=""):
        address = reverse(name, args=[self.slug, *arguments])
        return f"{address}#{anchor}" if anchor else address
