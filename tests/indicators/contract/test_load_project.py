"""The command that makes the project of a known contract."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from support.models import EvidenceRequirement, Project

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def nobodys(db):
    """An installation without a project."""
    Project.objects.all().delete()


def test_contract_is_made_complete(nobodys):
    call_command("load_project", "sputnik-ii", verbosity=0)
    project = Project.objects.get()
    assert (project.name, project.starts_on, project.ends_on) == (
        "SPUTNIK II",
        date(2022, 4, 5),
        date(2024, 12, 31),
    )
    assert set(project.area.values_list("code", flat=True)) == {"1404", "1419", "1427", "1462"}
    assert project.evidence_requirements.count() == 11
    assert dict(project.targets.values_list("indicator", "value")) == {
        "pes": 45,
        "ps": 5,
        "representatives": 136,
        "new_entities": 5,
        "local_governments": 10,
        "digital": 10,
        "eco": 10,
        "staff": None,
    }


def test_what_people_changed_stays(project):
    Project.objects.update(funder="Gmina Miasto Płock", ends_on=date(2025, 6, 30))
    project.area.set(project.area.filter(code="1462"))
    requirement = project.evidence_requirements.first()
    project.evidence_requirements.exclude(pk=requirement.pk).delete()
    project.targets.filter(indicator="pes").update(value=50)
    call_command("load_project", "sputnik-ii", verbosity=0)
    project = Project.objects.get()
    assert (project.funder, project.ends_on) == ("Gmina Miasto Płock", date(2025, 6, 30))
    assert [powiat.code for powiat in project.area.all()] == ["1462"]
    assert list(EvidenceRequirement.objects.all()) == [requirement]
    assert project.targets.get(indicator="pes").value == 50


def test_what_is_missing_is_added(project):
    project.evidence_requirements.all().delete()
    project.targets.all().delete()
    project.area.clear()
    call_command("load_project", "sputnik-ii", verbosity=0)
    assert project.evidence_requirements.count() == 11
    assert (project.targets.count(), project.area.count()) == (8, 4)


def test_unknown_contract_is_refused_with_the_known_ones(nobodys):
    with pytest.raises(CommandError) as refused:
        call_command("load_project", "sputnik-iii")
    assert str(refused.value) == "Nie ma umowy o skrócie sputnik-iii. Znane: sputnik-ii."
    assert refused.value.returncode == 1
    assert not Project.objects.exists()
