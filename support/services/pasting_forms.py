"""The form in which rows of a spreadsheet are pasted to a service."""

from functools import cached_property

from django import forms
from django.utils.datastructures import MultiValueDict

from support.models import Session
from support.roster.lists import MOST_ROWS
from support.services.pasting import Paste

LONGEST = 200_000
ANSWERS = ("person-", "entity-", "phone-", "email-", "skip-")


class SessionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, session):
        return str(session)


class PasteForm(forms.Form):
    """Rows of a spreadsheet for the roster of one service."""

    rows = forms.CharField(
        label="Wiersze z arkusza",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text="Kolumny: imię i nazwisko, podmiot, płeć (K albo M), telefon, e-mail. "
        "Inną kolejność mówi wiersz nagłówka. Pusty podmiot to jedyny odbiorca usługi.",
        error_messages={"required": "Wklej choć jeden wiersz."},
    )
    sessions = SessionsField(
        Session.objects.none(), label="Terminy", widget=forms.CheckboxSelectMultiple
    )
    adds_recipients = forms.BooleanField(
        label="Dopisz podmioty z wierszy do odbiorców", required=False, initial=True
    )
    by_first_name = forms.BooleanField(
        label="Płeć, gdy jej nie podano, przyjmij według imienia (sprawdź w podglądzie)",
        required=False,
    )
    use_required_attribute = False

    def __init__(self, data, *, service, session=""):
        """The rows are proposed for the session of this key, else for all."""
        sessions = service.sessions.all()
        last = service.paste_batches.exclude(left="").first()
        keys = [each.pk for each in sessions]
        initial = {
            "rows": last.left if last else "",
            "sessions": [key for key in keys if str(key) == session] or keys,
        }
        super().__init__(data, initial=initial)
        self.service = service
        self.fields["sessions"].queryset = sessions

    def clean_rows(self):
        text = self.cleaned_data["rows"]
        if len(text.splitlines()) > MOST_ROWS:
            raise forms.ValidationError(f"Wklej najwyżej {MOST_ROWS} wierszy naraz.")
        return text

    @cached_property
    def pasted(self):
        """The `Paste` of the form, or of the rows left when it opens; None when it has errors."""
        waiting = {
            "rows": [self.initial["rows"]],
            "sessions": self.initial["sessions"],
            "adds_recipients": ["on"],
        }
        typed_in = self.data if self.is_bound else MultiValueDict(waiting)
        # A draft is shown without its errors, so another form reads it.
        form = PasteForm(typed_in, service=self.service)
        if not form.is_valid():
            return None
        return Paste(
            form.cleaned_data["rows"],
            self.service,
            list(form.cleaned_data["sessions"]),
            {name: value for name, value in typed_in.items() if name.startswith(ANSWERS)},
            adds_recipients=form.cleaned_data["adds_recipients"],
            by_first_name=form.cleaned_data["by_first_name"],
        )
