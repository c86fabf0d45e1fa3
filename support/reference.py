"""The dictionaries of the exchange workbook and the first project, SPUTNIK II."""

from datetime import date

# name, counts as support, needs attendance, is an open event, minutes of an hour
SERVICE_TYPES = [
    ("doradztwo ogólne", True, True, False, 60),
    ("doradztwo kluczowe", True, True, False, 60),
    ("doradztwo prawne", True, True, False, 60),
    ("doradztwo księgowo-podatkowe", True, True, False, 60),
    ("doradztwo finansowe", True, True, False, 60),
    ("doradztwo marketingowe", True, True, False, 60),
    ("doradztwo cyfrowe", True, True, False, 60),
    ("doradztwo ekologiczne", True, True, False, 60),
    ("doradztwo biznesowe", True, True, False, 60),
    ("szkolenie", True, True, False, 45),
    ("warsztat", True, True, False, 45),
    ("webinarium", True, True, False, 45),
    ("coaching", True, True, False, 60),
    ("mentoring", True, True, False, 60),
    ("tutoring", True, True, False, 60),
    ("wizyta studyjna", True, True, False, 60),
    ("spotkanie animacyjne", True, True, False, 60),
    ("spotkanie sieciujące", True, True, False, 60),
    ("diagnoza potrzeb", True, True, False, 60),
    ("asysta", True, False, False, 60),
    ("informacja i promocja", False, False, True, 60),
    ("spotkanie informacyjne dla mieszkańców", False, False, True, 60),
]

THEMES = [
    ("cyfryzacja", "digital"),
    ("ekologia", "eco"),
    ("zapobieganie likwidacji", "liquidation"),
    ("ekonomizacja", "economisation"),
    ("tworzenie PES", "creation"),
    ("współpraca z JST", ""),
]

# The evidence of a record, by the sources named in the offer of the contract: record, kind of
# service, documents of which one is enough, whether it is required.
EVIDENCE = [
    ("service", None, ["karta podpisana", "lista obecności"], True),
    ("service", "szkolenie", ["program szkolenia"], False),
    ("service", "szkolenie", ["ankiety"], False),
    (
        "partnership",
        None,
        ["porozumienie z JST", "list intencyjny", "notatka ze spotkania", "lista obecności"],
        True,
    ),
    ("adoption", None, ["oświadczenie o wdrożeniu"], True),
    ("adoption", None, ["zrzut ekranu albo zdjęcie", "protokół wdrożenia"], True),
    ("staff_training", None, ["zaświadczenie", "lista obecności"], True),
    ("status", None, ["dokument potwierdzający status PS"], True),
    ("entity", None, ["formularz zgłoszeniowy"], True),
    ("entity", None, ["odpis KRS", "wpis do ewidencji"], True),
    ("person", None, ["deklaracja uczestnika"], True),
]

AREA = ["1462", "1419", "1427", "1404"]

SPUTNIK_II = {
    "name": "SPUTNIK II",
    "title": "SPUTNIK II",
    "funder": "Województwo Mazowieckie",
    "contractor": "[nazwa realizatora], Płock",
    "legal_citation": (
        "ustawa z dnia 24 kwietnia 2003 r. o działalności pożytku publicznego i o wolontariacie"
    ),
    "funding_sentence": (
        "Zadanie publiczne „SPUTNIK II” jest finansowane ze środków Samorządu Województwa "
        "Mazowieckiego."
    ),
    "logotypes": "znak województwa\nznak realizatora\nznak OWES",
    "starts_on": date(2022, 4, 5),
    "ends_on": date(2024, 12, 31),
    "documents_kept_until": date(2029, 12, 31),
}


def load(apps):
    """Adds what is missing; what people have changed since stays."""
    ServiceType = apps.get_model("support", "ServiceType")
    Theme = apps.get_model("support", "Theme")
    Project = apps.get_model("support", "Project")
    LocalGovernment = apps.get_model("entities", "LocalGovernment")
    if not ServiceType.objects.exists():
        ServiceType.objects.bulk_create(
            ServiceType(
                name=name,
                counts_as_support=counts,
                needs_attendance=attendance,
                is_open_event=is_open,
                hour_kind=hour,
                position=position,
            )
            for position, (name, counts, attendance, is_open, hour) in enumerate(SERVICE_TYPES)
        )
    if not Theme.objects.exists():
        Theme.objects.bulk_create(
            Theme(name=name, goal=goal, position=position)
            for position, (name, goal) in enumerate(THEMES)
        )
    project, created = Project.objects.get_or_create(slug="sputnik-ii", defaults=SPUTNIK_II)
    if created:
        project.area.set(LocalGovernment.objects.filter(code__in=AREA))
    # The migration that loads the dictionaries is older than this model.
    if "evidencerequirement" in apps.all_models["support"]:
        load_evidence_requirements(apps, project)


def load_evidence_requirements(apps, project):
    EvidenceRequirement = apps.get_model("support", "EvidenceRequirement")
    ServiceType = apps.get_model("support", "ServiceType")
    if EvidenceRequirement.objects.filter(project=project).exists():
        return
    types = {kind.name: kind for kind in ServiceType.objects.all()}
    EvidenceRequirement.objects.bulk_create(
        EvidenceRequirement(
            project=project,
            subject=subject,
            service_type=types.get(name),
            documents="\n".join(documents),
            is_required=is_required,
        )
        for subject, name, documents, is_required in EVIDENCE
        if name is None or name in types
    )
