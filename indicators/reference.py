"""What each known contract asks of each indicator, and what proves it."""

from django.apps import apps as all_apps
from django.db import transaction

from support import contracts

SPUTNIK_II = [
    ("pes", 45, "formularze zgłoszeniowe, karty doradztwa, listy obecności"),
    (
        "ps",
        5,
        "formularze zgłoszeniowe, karty doradztwa, listy obecności, dokument potwierdzający "
        "status PS",
    ),
    ("representatives", 136, "listy obecności, karty doradztwa, deklaracje uczestników"),
    ("new_entities", 5, "odpis KRS albo wpis do ewidencji, karty doradztwa grupy"),
    ("local_governments", 10, "porozumienia, listy intencyjne, protokoły i notatki ze spotkań"),
    ("digital", 10, "oświadczenie o wdrożeniu, karta usługi"),
    ("eco", 10, "oświadczenie o wdrożeniu, karta usługi"),
    ("staff", None, "zaświadczenia o ukończeniu szkoleń"),
]

TARGETS = {"sputnik-ii": SPUTNIK_II}


@transaction.atomic
def load_project(slug):
    """Makes the project of a known contract complete."""
    contracts.load(all_apps, slug)
    load(all_apps)


def load(apps):
    """Targets of the projects of known contracts without any; they hold from the first day."""
    Project = apps.get_model("support", "Project")
    Target = apps.get_model("indicators", "Target")
    for project in Project.objects.filter(slug__in=TARGETS):
        if not Target.objects.filter(project=project).exists():
            Target.objects.bulk_create(
                Target(
                    project=project,
                    indicator=code,
                    value=value,
                    valid_from=project.starts_on,
                    means_of_verification=means,
                )
                for code, value, means in TARGETS[project.slug]
            )
