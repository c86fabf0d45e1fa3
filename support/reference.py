"""The dictionaries of the exchange workbook: all that a new installation holds of support."""

from support import contracts

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

# Of which group a type is, by the first word of its name.
GROUPS = {
    "doradztwo": "doradztwo",
    "szkolenie": "szkolenia",
    "warsztat": "szkolenia",
    "webinarium": "szkolenia",
}

THEMES = [
    ("cyfryzacja", "digital"),
    ("ekologia", "eco"),
    ("zapobieganie likwidacji", "liquidation"),
    ("ekonomizacja", "economisation"),
    ("tworzenie PES", "creation"),
    ("współpraca z JST", ""),
]

# key, name, name in sentences, name in a statement, whether a service leads to it
ADOPTION_KINDS = [
    (
        "digital",
        "cyfrowe",
        "wdrożenie cyfrowe",
        "rozwiązanie cyfrowe, usprawniające pracę",
        True,
    ),
    (
        "eco",
        "ekologiczne",
        "wdrożenie ekologiczne",
        "działanie na rzecz środowiska i klimatu",
        True,
    ),
    ("assumptions", "wypracowanie założeń PES", "", "", False),
    ("potential", "zwiększenie potencjału", "", "", False),
]


def load(apps):
    """Adds what is missing; what people have changed since stays."""
    ServiceType = apps.get_model("support", "ServiceType")
    Theme = apps.get_model("support", "Theme")
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
        # The migration that loads types is older than groups.
        if any(field.name == "group" for field in ServiceType._meta.fields):
            add_groups(apps)
    if not Theme.objects.exists():
        Theme.objects.bulk_create(
            Theme(name=name, goal=goal, position=position)
            for position, (name, goal) in enumerate(THEMES)
        )
    # The migration that loads the rest is older than kinds of adoptions.
    if "adoptionkind" in apps.all_models["support"]:
        add_adoption_kinds(apps)


def add_adoption_kinds(apps):
    AdoptionKind = apps.get_model("support", "AdoptionKind")
    if not AdoptionKind.objects.exists():
        AdoptionKind.objects.bulk_create(
            AdoptionKind(
                id=key,
                name=name,
                full_name=full_name,
                statement=statement,
                needs_service=needs_service,
                position=position,
            )
            for position, (key, name, full_name, statement, needs_service) in enumerate(
                ADOPTION_KINDS
            )
        )


def add_groups(apps):
    ServiceType = apps.get_model("support", "ServiceType")
    for service_type in ServiceType.objects.filter(group=""):
        if group := GROUPS.get(service_type.name.partition(" ")[0]):
            ServiceType.objects.filter(pk=service_type.pk).update(group=group)


def load_evidence_requirements(apps, project):
    """For the migration that made their model, where the project is older than it."""
    contracts.add_evidence_requirements(apps, project, contracts.KNOWN[project.slug].evidence)
