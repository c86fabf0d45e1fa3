"""What to do first: in a new installation, and in a new project."""

from dataclasses import dataclass

from django.urls import reverse

from entities.models import Entity
from owes.models import Centre
from support.contracts import KNOWN
from support.models import Membership, Project, Service
from support.project.steps import steps


@dataclass(frozen=True)
class FirstStep:
    """`action` opens `url`; without one `note` says when or by whom it is done."""

    title: str
    about: str
    is_done: bool
    url: str = ""
    action: str = ""
    note: str = ""


ENTITIES = ("Podmioty i osoby", "ręcznie albo ze skoroszytu; przed zapisem widać, co się zmieni")
SERVICE = ("Pierwsza usługa", "krótki formularz wizyty wystarczy")


def of_installation():
    """The steps of an administrator, from an installation that is nobody's to a first service."""
    project = Project.objects.first()
    has_team = Membership.objects.filter(is_active=True).exists()
    after = "po założeniu projektu"
    yield FirstStep(
        "Ośrodek",
        "nazwa, adres i znak, które pokazuje każda strona",
        Centre.objects.exists(),
        reverse("owes:centre_settings"),
        "Uzupełnij dane ośrodka",
    )
    yield FirstStep(
        "Słowniki i samorządy",
        "rodzaje usług, zagadnienia, gminy i powiaty z rejestru TERYT",
        True,
        note="gotowe z instalacją",
    )
    yield FirstStep(
        "Projekt",
        "umowa, okres i obszar; od nich zależy, co się liczy",
        project is not None,
        reverse("support:project_create"),
        "Załóż projekt",
    )
    yield FirstStep(
        "Zespół",
        "koordynator i kadra; każdy dostaje list z linkiem do hasła",
        has_team,
        reverse("support:team_settings", args=[project.slug]) if project else "",
        "Dodaj osoby" if project else "",
        note=after,
    )
    yield FirstStep(*ENTITIES, Entity.objects.exists(), note="wczyta koordynator")
    yield FirstStep(*SERVICE, Service.objects.exists(), note="wpisze kadra")


def of_project(project, user):
    """The steps of the people of a project: those of its setting up, then its first records."""
    for step in steps():
        yield FirstStep(step.title, step.about, step.is_done(project), step.url(project), "Otwórz")
    arguments = [project.slug]
    if user.has_perm("support.import_records", project):
        url, action = reverse("support:import_list", args=arguments), "Wczytaj skoroszyt"
    else:
        url = action = ""
    yield FirstStep(*ENTITIES, Entity.objects.exists(), url, action, "wczyta koordynator")
    url = action = ""
    if user.has_perm("support.add_record", project):
        url, action = reverse("support:visit_create", args=arguments), "Wpisz usługę"
    yield FirstStep(*SERVICE, project.services.exists(), url, action, "wpisze kadra")


def contracts_to_load():
    """`(slug, name)` of the known contracts without a project."""
    held = set(Project.objects.filter(slug__in=KNOWN).values_list("slug", flat=True))
    return [
        (slug, contract.project["name"]) for slug, contract in KNOWN.items() if slug not in held
    ]
