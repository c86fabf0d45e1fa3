"""Indicators that projects begin with, and the targets of each known contract."""

from django.apps import apps as all_apps
from django.db import transaction

from indicators.catalogue import CATALOGUE, CONTRACT
from support import contracts

# `{slug of a known contract: {code of the indicator: its target}}`
TARGETS = {
    "sputnik-ii": {
        "pes": 45,
        "ps": 5,
        "representatives": 136,
        "new_entities": 5,
        "local_governments": 10,
        "digital": 10,
        "eco": 10,
        "staff": None,
    }
}
BASIS = "umowa"


@transaction.atomic
def load_project(slug):
    """Makes the project of a known contract complete."""
    contracts.load(all_apps, slug)
    load(all_apps)


def load(apps):
    """Indicators and targets of projects of known contracts that have none, from the first day."""
    Project = apps.get_model("support", "Project")
    Target = apps.get_model("indicators", "Target")
    for project in Project.objects.filter(slug__in=TARGETS):
        # The migration that loads targets is older than indicators of projects.
        if "projectindicator" in apps.all_models["indicators"]:
            add_indicators(apps, project, CONTRACT)
        if not Target.objects.filter(project=project).exists():
            Target.objects.bulk_create(
                Target(
                    project=project,
                    indicator=code,
                    value=value,
                    valid_from=project.starts_on,
                    means_of_verification=CATALOGUE[code]["means"],
                )
                for code, value in TARGETS[project.slug].items()
            )


def add_indicators(apps, project, entries):
    """Those of the catalogue that the project lacks, with a rule from its first day."""
    ProjectIndicator = apps.get_model("indicators", "ProjectIndicator")
    IndicatorRule = apps.get_model("indicators", "IndicatorRule")
    rows = ProjectIndicator.objects.filter(project=project)
    codes = set(rows.values_list("code", flat=True))
    for position, entry in enumerate(entries, start=len(codes)):
        if entry["words"]["code"] in codes:
            continue
        indicator = ProjectIndicator.objects.create(
            project=project, position=position, **entry["words"]
        )
        IndicatorRule.objects.create(
            indicator=indicator,
            valid_from=project.starts_on,
            basis=BASIS,
            blocks=entry["blocks"],
            text=entry.get("text", ""),
            summary=entry.get("summary", ""),
        )
