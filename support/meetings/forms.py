"""The form in which the report of a meeting is given to a service."""

import tempfile

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from owes.formatting import day
from support.evidence.forms import save_with_file
from support.evidence.uploads import check_file
from support.meetings.reports import MeetingReport, NoReport
from support.models import Document, Evidence, PasteBatch, Service, Session
from support.roster.lists import MOST_ROWS
from support.workbook.files import read_table
from support.workbook.packages import UnreadableFile

SUFFIXES = ("csv", "xlsx")


class MeetingReportForm(forms.Form):
    """A report read at once: it becomes rows to be pasted, and evidence of the service.

    `people` are those present long enough, `short` those who were not.
    """

    file = forms.FileField(
        label="Raport albo lista odpowiedzi",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text="Plik z Teams, Zoom, ClickMeeting, Google Meet albo odpowiedzi z Formularzy "
        "Google, csv albo xlsx, taki, jak go program zapisał.",
        error_messages={"required": "Wybierz plik.", "empty": "Plik jest pusty."},
    )
    session = forms.ModelChoiceField(
        queryset=Session.objects.none(),
        label="Termin",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Wskaż termin."},
    )
    use_required_attribute = False

    def __init__(self, *args, service, **kwargs):
        super().__init__(*args, **kwargs)
        self.service = service
        sessions = service.sessions.all()
        self.fields["session"].queryset = sessions
        self.fields["session"].initial = next(iter(sessions), None)

    def clean_file(self):
        file = self.cleaned_data["file"]
        self.checked = check_file(file, SUFFIXES)
        try:
            self.report = MeetingReport.of(_rows(file))
        except (UnreadableFile, NoReport) as error:
            raise ValidationError(str(error)) from None
        if len(self.report.people) > MOST_ROWS:
            raise ValidationError(f"W raporcie może być najwyżej {MOST_ROWS} osób.")
        return file

    def clean(self):
        data = super().clean()
        session, report = data.get("session"), getattr(self, "report", None)
        if session and report and report.days and session.day not in report.days:
            days = ", ".join(day(each) for each in sorted(report.days))
            self.add_error(
                "session",
                f"Raport jest z {days}, a termin z {day(session.day)}. Wskaż termin z tego dnia "
                "albo najpierw dopisz go do usługi.",
            )
        if session and report and "session" not in self.errors:
            share = self.service.project.meeting_presence_share / 100
            self.people, self.short = report.at_least(share * session.minutes)
        return data

    @transaction.atomic
    def save(self, by):
        """Keeps the file as evidence, and the people as rows that wait to be pasted.

        Raises `ValidationError` of a service that was submitted meanwhile.
        """
        Service.objects.select_for_update().get(pk=self.service.pk).check_state(Service.EDITABLE)
        evidence = Evidence(
            project=self.service.project,
            service=self.service,
            kind=Document.ATTENDANCE.value,
            added_by=by,
        )
        save_with_file(evidence, self.cleaned_data["file"], self.checked)
        rows = "\n".join(person.row for person in self.people)
        PasteBatch.objects.create(service=self.service, by=by, left=rows)


def _rows(file):
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        rows = read_table(copy.name).rows
    file.seek(0)
    return rows
