"""What the contract of SPUTNIK II asks of each indicator, and what proves it."""

TARGETS = [
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


def load(apps):
    """Targets of the first project, if it has none yet; they hold from its first day."""
    Project = apps.get_model("support", "Project")
    Target = apps.get_model("indicators", "Target")
    project = Project.objects.filter(slug="sputnik-ii").first()
    if project and not Target.objects.filter(project=project).exists():
        Target.objects.bulk_create(
            Target(
                project=project,
                indicator=code,
                value=value,
                valid_from=project.starts_on,
                means_of_verification=means,
            )
            for code, value, means in TARGETS
        )
