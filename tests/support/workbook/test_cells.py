import pytest
from django.core.exceptions import ValidationError

from entities.models import LegalForm
from owes.exports import safe_cell
from support.models import EvidenceRequirement, ServiceType, StaffMember
from support.workbook.cells import Known, as_text, choice_of, service_type, staff_names


@pytest.mark.parametrize("text", ["=1+1", "-5", "'=1+1", "''@x", "'wzór", "＝1", "Koło"])
def test_a_text_of_an_export_comes_back_as_it_was(text):
    assert as_text(safe_cell(text)) == text


@pytest.fixture
def known(db):
    for name in ("Ewa Piórkowska", "Kinga Łącka", "Jan Wilk", "Wilk Jan"):
        StaffMember.objects.create(name=name)
    return Known.load()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ewa Piórkowska", ("Ewa Piórkowska",)),
        ("PIORKOWSKA Ewa", ("Ewa Piórkowska",)),
        ("mgr inż. Ewa Piórkowska", ("Ewa Piórkowska",)),
        ("Łącka Kinga, Ewa Piórkowska", ("Kinga Łącka", "Ewa Piórkowska")),
        ("Kinga Łącka; kinga lacka", ("Kinga Łącka",)),
        ("Wilk Jan", ("Wilk Jan",)),
    ],
)
def test_staff_is_known_however_the_name_is_written(known, text, names):
    assert staff_names(text, known) == names


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("E. Piórkowska", " Czy to Ewa Piórkowska?"),
        ("Ewa Piurkowska", " Czy to Ewa Piórkowska?"),
        ("Zenon Obcy", ""),
        ("jan wilk", " Czy to Wilk Jan?"),  # two are called so
    ],
)
def test_a_name_that_is_not_of_the_staff_is_refused(known, text, hint):
    with pytest.raises(ValidationError) as refusal:
        staff_names(text, known)
    assert refusal.value.messages == [
        f"Nie ma w kadrze: „{text}”.{hint} Popraw nazwisko albo dopisz tę osobę do kadry."
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("doradztwo biznes", " Może chodziło o: Doradztwo biznesowe."),
        ("Doradztwo bizneswoe", " Może chodziło o: Doradztwo biznesowe."),
        ("zagraniczna", " Może chodziło o: Wizyta zagraniczna."),
        ("xyz", " Może być: Doradztwo biznesowe, Wizyta zagraniczna."),
    ],
)
def test_a_word_that_no_dictionary_has_gets_the_nearest(db, text, hint):
    EvidenceRequirement.objects.all().delete()
    ServiceType.objects.all().delete()
    for name in ("Doradztwo biznesowe", "Wizyta zagraniczna"):
        ServiceType.objects.create(name=name)
    with pytest.raises(ValidationError) as caught:
        service_type(text, Known.load())
    assert caught.value.messages == [f"Nie ma takiej wartości w słowniku: „{text}”.{hint}"]


def test_a_word_near_a_legal_form_is_offered_beside_no_other():
    read = choice_of(LegalForm)
    with pytest.raises(ValidationError) as caught:
        read("kolo gospodyn", None)
    assert caught.value.message.endswith("Może chodziło o: koło gospodyń wiejskich.")
