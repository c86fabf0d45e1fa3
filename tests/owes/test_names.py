import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from entities.models import Entity, Person
from owes.names import NameField
from owes.parsing.days import read_date
from owes.parsing.text import read_text
from tests.entities.register_pages import entity_form

FIELD = NameField("nazwa", max_length=50)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anna\u200b Łącka", "Anna Łącka"),
        ("\u202eakcaŁ\u202c Anna", "akcaŁ Anna"),
        ("\ufeffKGW „Zorza”", "KGW „Zorza”"),
        ("Spółdziel\u00adnia 7", "Spółdzielnia 7"),
        ("Їжак Ґава-Дем’яненко", "Їжак Ґава-Дем’яненко"),
    ],
)
def test_what_nobody_sees_is_dropped(typed, kept):
    assert FIELD.clean(typed, None) == kept


@pytest.mark.parametrize("typed", ["—", "...", "\u200b-", "🙂"])
def test_a_name_of_no_letters_is_refused(typed):
    with pytest.raises(ValidationError, match="Podaj nazwę z literami albo cyframi"):
        FIELD.clean(typed, None)


def test_a_name_of_nothing_visible_is_empty():
    with pytest.raises(ValidationError, match="Uzupełnij to pole"):
        FIELD.clean("\u200b\u202e", None)


def test_the_form_keeps_the_name_that_is_seen(client, staff):
    client.force_login(staff)
    client.post(reverse("entities:entity_create"), entity_form(name="\u202eSpółdzielnia\u200b"))
    assert Entity.objects.get().name == "Spółdzielnia"
    nameless = {"first_name": "Marta", "last_name": "\u200b", "gender": "K"}
    answer = client.post(reverse("entities:person_create"), nameless)
    assert "last_name" in answer.context["form"].errors
    assert not Person.objects.exists()


def test_readers_of_values_take_what_is_seen():
    assert read_text("\ufeff P001\u200b ") == "P001"
    assert read_date("5.4.2022\u200e").isoformat() == "2022-04-05"


def test_the_column_is_that_of_a_plain_text():
    assert NameField(max_length=5).deconstruct()[1] == "django.db.models.CharField"
    assert isinstance(Entity._meta.get_field("name"), NameField)
