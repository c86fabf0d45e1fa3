"""Forms that sign, submit or decide about many services at once."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from owes import drafts
from owes.fields import DayField
from support.models import EvidenceRequirement, Service
from support.services.warnings import warnings_of

UNFINISHED = "W formularzu tej usługi jest niezapisany wpis: zapisz go albo odrzuć."


def form_of(service):
    """The address of the form of a service."""
    return reverse("support:service_edit", args=[service.project.slug, service.pk])


def short_form_of(service):
    """The address of the form of a visit; it redirects what is more than a visit to the other."""
    return reverse("support:visit_edit", args=[service.project.slug, service.pk])


def forms_of(service):
    """The addresses of both forms; either may hold an unsaved draft."""
    return form_of(service), short_form_of(service)


@dataclass(frozen=True)
class Unproven:
    """How many services of a `total` lack required evidence, and which, in words."""

    count: int
    total: int
    words: str


class ChosenServices(forms.Form):
    """Services chosen from a list; each is changed under its own lock."""

    service = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        error_messages={
            "required": "Zaznacz choć jedną usługę.",
            "invalid_choice": "Na liście zaznaczonych jest usługa, której tu nie ma.",
            "invalid_pk_value": "Zaznacz usługi z listy.",
        },
    )
    use_required_attribute = False

    def __init__(self, data, *, services):
        super().__init__(data)
        self.fields["service"].queryset = services

    def for_each(self, act):
        """`(services, sentences about those refused)` of `act(service)` called for each."""
        done, refused = [], []
        for service in self.cleaned_data["service"].select_related("project").order_by("pk"):
            try:
                act(service)
            except ValidationError as error:
                reasons = format_html_join(" ", "{}", ((text,) for text in error.messages))
                refused.append(format_html("{}: {}", self.naming(service), reasons))
            else:
                done.append(service)
        return done, refused

    def naming(self, service):
        """The beginning of a sentence about a refused service."""
        return service.printed_number


class SignaturesForm(ChosenServices):
    """The days on which many signed cards came back; an empty field changes nothing.

    A card has a day of its own, or is ticked and takes the common day of all ticked cards.
    """

    day = DayField(label="Dzień podpisania zaznaczonych", required=False)

    def __init__(self, data, *, services, unsigned):
        """`services` are those that the user may sign, `unsigned` those that the page shows."""
        super().__init__(data, services=services)
        self.fields["service"].required = False
        self.unsigned = {f"signed-{service.pk}": service for service in unsigned}
        for name, service in self.unsigned.items():
            self.fields[name] = DayField(
                label=f"Karta {service.printed_number} podpisana", required=False
            )

    def clean(self):
        ticked = self.cleaned_data.get("service")
        for name, service in self.unsigned.items():
            self._check(name, service.first_day)
        self._check("day", None)
        day = self.cleaned_data.get("day")
        if day and not ticked and "service" not in self.errors:
            self.add_error("day", "Zaznacz karty podpisane tego dnia.")
        elif ticked and not day and "day" not in self.errors:
            self.add_error("day", "Podaj dzień podpisania zaznaczonych kart.")

    def _check(self, name, first_day):
        try:
            Service.check_signing(self.cleaned_data.get(name), first_day)
        except ValidationError as error:
            self.add_error(name, error)

    def months(self):
        """`[(month, [(service, field)])]` of the cards shown, the oldest month first."""
        ticked = self.data.getlist("service") if self.is_bound else []
        rows = [(service, self[name]) for name, service in self.unsigned.items()]
        for service, _ in rows:
            service.is_ticked = str(service.pk) in ticked
        return [(month, list(group)) for month, group in groupby(rows, key=_month)]

    def save(self):
        """`(services signed, sentences about those refused)`."""
        days = {
            service.pk: self.cleaned_data[name]
            for name, service in self.unsigned.items()
            if self.cleaned_data.get(name)
        }
        chosen = Q(pk__in=days) | Q(pk__in=self.cleaned_data["service"].values("pk"))
        self.cleaned_data["service"] = self.fields["service"].queryset.filter(chosen)
        return self.for_each(
            lambda service: service.sign(days.get(service.pk) or self.cleaned_data["day"])
        )


def _month(row):
    return row[0].last_day.replace(day=1)


class SubmitForm(ChosenServices):
    """The user's own services chosen to be submitted."""

    def submit(self, by):
        with_draft = self._with_draft(by)

        def act(service):
            if service.pk in with_draft:
                raise ValidationError(UNFINISHED)
            service.submit(by)

        return self.for_each(act)

    def naming(self, service):
        return format_html('<a href="{}">{}</a>', service.get_absolute_url(), service)

    def _with_draft(self, by):
        """Keys of the chosen services whose form has an unsaved draft; one query."""
        services = self.cleaned_data["service"].select_related("project")
        chosen = {url: service.pk for service in services for url in forms_of(service)}
        keys = drafts.waiting(by).filter(key__in=chosen).values_list("key", flat=True)
        return {chosen[key] for key in keys}


def _listed(counts, of):
    """ "karta podpisana, lista obecności (2)": a number only where not all lack it."""
    return ", ".join(
        name if count == of else f"{name} ({count})" for name, count in sorted(counts.items())
    )


class QueueForm(ChosenServices):
    """Services chosen to be approved, or returned with one comment."""

    reason = forms.CharField(
        label="Co poprawić",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )

    def clean(self):
        if self.data.get("act") == "return" and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", "Napisz, co poprawić.")

    @property
    def is_chosen(self):
        self.is_valid()
        return bool(self.cleaned_data.get("service"))

    def unproven(self, project):
        """The chosen services that lack required evidence."""
        keys = [service.pk for service in self.cleaned_data["service"]]
        requirements = EvidenceRequirement.objects.filter(project=project, subject="service")
        rows = list(requirements.missing(records=keys))
        names = {requirement.pk: str(requirement) for requirement in requirements}
        each = Counter(names[row["requirement"]] for row in rows)
        return Unproven(len({row["row"] for row in rows}), len(keys), _listed(each, len(keys)))

    def rehearse(self):
        """Approves the chosen services that can be approved, in a transaction rolled back."""
        waiting = self.cleaned_data["service"].waiting()
        warnings = warnings_of(waiting.values_list("pk", flat=True))
        blocked = [key for key, rows in warnings.items() if any(row.blocks for row in rows)]
        waiting.exclude(pk__in=blocked).update(state=Service.State.APPROVED)

    def decide(self, by, act):
        """`(services decided, sentences about those refused)`; each under its own lock."""
        if act == "approve":
            return self.for_each(lambda service: service.approve(by))
        return self.for_each(lambda service: service.send_back(by, self.cleaned_data["reason"]))
