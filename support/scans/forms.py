"""Scans sent, their codes typed, and the day the papers in them were signed."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from owes.fields import DayField
from owes.jobs import order
from owes.validators import not_ahead
from support.evidence.forms import FilesField, save_with_file
from support.evidence.uploads import SCANS
from support.models import Declaration, Scan, Service
from support.papers.scanning import type_code
from support.services.work_forms import ChosenServices

SHOWN = 100


class ScansForm(forms.Form):
    files = FilesField(
        suffixes=SCANS,
        label="Skany",
        help_text="PDF albo zdjęcia PNG i JPG, do 10 MB każdy, najlepiej każdy dokument osobno.",
        error_messages={"required": "Wybierz plik."},
    )
    use_required_attribute = False

    def save(self, project, by):
        """`(added, known)`: names of new and of known files; the new ones are read by a job."""
        added, known = [], []
        for file, checked in self.cleaned_data["files"]:
            scan = Scan(project=project, added_by=by)
            if save_with_file(scan, file, checked):
                order("scan_reading", params={"scan": scan.pk}, owner=by, key=str(scan.pk))
                added.append(checked.name)
            else:
                known.append(checked.name)
        return added, known


class ScannedCardsForm(ChosenServices):
    """One day of signing for all ticked services whose card is scanned."""

    day = DayField(label="Dzień podpisania zaznaczonych")

    def __init__(self, data=None, *, services):
        super().__init__(data, services=services)
        self.shown = list(services.for_list().order_by("last_day", "pk")[:SHOWN])
        ticked = self.data.getlist("service") if self.is_bound else None
        for service in self.shown:
            service.is_ticked = ticked is None or str(service.pk) in ticked

    def save(self):
        """`(services signed, sentences about those refused)`."""
        return self.for_each(lambda service: service.sign(self.cleaned_data["day"]))


class CodeForm(forms.Form):
    """The code printed beside the QR sign, typed by a person."""

    code = forms.CharField(
        label="Kod z wydruku",
        max_length=300,
        help_text="Na przykład KD-3JXA-K. Wielkość liter i kreski nie mają znaczenia; "
        "kilka kodów oddziel przecinkami.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "Wpisz kod z wydruku."},
    )
    use_required_attribute = False

    def attach(self, scan, by):
        """Whether the scan was attached; otherwise the error is at the field."""
        try:
            type_code(scan, self.cleaned_data["code"], by)
        except ValidationError as error:
            self.add_error("code", error)
            return False
        return True


class SignedForm(forms.Form):
    """The day the papers of a scan were signed, for its records that have none yet."""

    signed_on = DayField(label="Dzień podpisania", validators=[not_ahead])
    use_required_attribute = False

    def __init__(self, data=None, *, scan, user):
        self.scan = scan
        self.services = unsigned_services(scan, user)
        self.people = undeclared_people(scan)
        super().__init__(data)

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        for service in self.services:
            Service.check_signing(day, service.first_day)
        return day

    @transaction.atomic
    def save(self):
        """How many records got the day."""
        day, project = self.cleaned_data["signed_on"], self.scan.project
        for service in self.services:
            service.sign(day)
        for person in self.people:
            Declaration.objects.create(
                project=project,
                person=person,
                signed_on=day,
                clause_version=project.clause_version_on(day),
            )
        return len(self.services) + len(self.people)


def unsigned_services(scan, user):
    """Services without a day of signing whose card or list this is, if the user may sign them."""
    signed = scan.evidence.signed_papers().values("service")
    rows = Service.objects.filter(pk__in=signed, signed_on=None)
    rows = rows.exclude(state=Service.State.CANCELLED)
    rows = rows.with_dates().prefetch_related("advisers")
    return [service for service in rows if user.has_perm("support.sign_service", service)]


def undeclared_people(scan):
    """People whose declaration the scan is, and whose day of signing is not known yet."""
    rows = scan.evidence.filter(person__isnull=False).select_related("person")
    signed = scan.project.declarations.values("person")
    return [row.person for row in rows.exclude(person__in=signed)]
