"""The contracts that the program knows: each a project that one command or one button makes."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Contract:
    """`project` holds fields of the project, `area` codes of powiats.

    `evidence` has a line for each requirement: record, kind of service or None, documents of
    which one is enough, whether it is required.
    """

    project: dict[str, Any]
    area: list[str]
    evidence: list[tuple[str, str | None, list[str], bool]]


# By the sources named in the offer of the contract.
SPUTNIK_II_EVIDENCE = [
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

KNOWN = {
    "sputnik-ii": Contract(
        project={
            "name": "SPUTNIK II",
            "title": "SPUTNIK II",
            "funder": "Województwo Mazowieckie",
            "contractor": "[nazwa realizatora], Płock",
            "legal_citation": (
                "ustawa z dnia 24 kwietnia 2003 r. o działalności pożytku publicznego "
                "i o wolontariacie"
            ),
            "funding_sentence": (
                "Zadanie publiczne „SPUTNIK II” jest finansowane ze środków Samorządu Województwa "
                "Mazowieckiego."
            ),
            "logotypes": "znak województwa\nznak realizatora\nznak OWES",
            "starts_on": date(2022, 4, 5),
            "ends_on": date(2024, 12, 31),
            "documents_kept_until": date(2029, 12, 31),
        },
        area=["1462", "1419", "1427", "1404"],
        evidence=SPUTNIK_II_EVIDENCE,
    )
}


def load(apps, slug):
    """The project of a known contract; adds what is missing, what people have changed stays."""
    contract = KNOWN[slug]
    Project = apps.get_model("support", "Project")
    LocalGovernment = apps.get_model("entities", "LocalGovernment")
    project, _ = Project.objects.get_or_create(slug=slug, defaults=contract.project)
    if not project.area.exists():
        project.area.set(LocalGovernment.objects.filter(code__in=contract.area))
    add_evidence_requirements(apps, project, contract.evidence)


def add_evidence_requirements(apps, project, evidence):
    """To a project that has none."""
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
        for subject, name, documents, is_required in evidence
        if name is None or name in types
    )
