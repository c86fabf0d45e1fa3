"""What the contract of SPUTNIK II asks for: its indicators, and their targets."""

from indicators.catalogue import CATALOGUE, CONTRACT

TARGETS = {
    "pes": 45,
    "ps": 5,
    "representatives": 136,
    "new_entities": 5,
    "local_governments": 10,
    "digital": 10,
    "eco": 10,
    "staff": None,
}
BASIS = "umowa"


def load(apps):
    """Indicators and targets of the first project, if it has none, from its first day."""
    Project = apps.get_model("support", "Project")
    project = Project.objects.filter(slug="sputnik-ii").first()
    if not project:
        return
    # The migration that loads targets is older than indicators of projects.
    if "projectindicator" in apps.all_models["indicators"]:
        add_indicators(apps, project, CONTRACT)
    Target = apps.get_model("indicators", "Target")
    if not Target.objects.filter(project=project).exists():
        Target.objects.bulk_create(
            Target(
                project=project,
                indicator=code,
                value=value,
                valid_from=project.starts_on,
                means_of_verification=CATALOGUE[code]["means"],
            )
            for code, value in TARGETS.items()
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
