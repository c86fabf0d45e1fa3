"""The form of the centre: what pages show of it, and what it asks of those who sign in."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.files.uploadedfile import UploadedFile

from owes.form_layout import laid_out, section
from owes.models import Centre
from owes.pictures import cleaned_picture


class CentreForm(forms.ModelForm):
    class Meta:
        model = Centre
        fields = ["name", "address", "logo", "asks_second_factor"]
        help_texts = {"logo": "PNG albo JPEG, najwyżej 2 MB; stoi obok nazwy na każdej stronie."}
        widgets = {"logo": forms.FileInput(attrs={"accept": "image/png,image/jpeg"})}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_logo(self) -> Any:
        file = self.cleaned_data["logo"]
        if isinstance(file, UploadedFile):
            return cleaned_picture(file, "logo")
        return file

    @property
    def helper(self) -> FormHelper:
        return laid_out(
            section("Ośrodek", name=4, address=8, logo=12),
            section("Logowanie", asks_second_factor=12),
        )
