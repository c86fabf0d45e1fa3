from django import forms

from support.models import Session
from support.pasting import MOST_ROWS, Pasted

LONGEST = 200_000


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

    def __init__(self, data, *, service):
        sessions = service.sessions.all()
        last = service.paste_batches.exclude(left="").first()
        initial = {"rows": last.left if last else "", "sessions": [one.pk for one in sessions]}
        super().__init__(data, initial=initial)
        self.service = service
        self.fields["sessions"].queryset = sessions

    def clean_rows(self):
        text = self.cleaned_data["rows"]
        if len(text.splitlines()) > MOST_ROWS:
            raise forms.ValidationError(f"Wklej najwyżej {MOST_ROWS} wierszy naraz.")
        return text

    def pasted(self):
        """The rows read, after the form itself is right."""
        answers = {name: value for name, value in self.data.items() if name.startswith("twin-")}
        return Pasted(
            self.cleaned_data["rows"],
            self.service,
            list(self.cleaned_data["sessions"]),
            answers,
            adds_recipients=self.cleaned_data["adds_recipients"],
            by_first_name=self.cleaned_data["by_first_name"],
        )
