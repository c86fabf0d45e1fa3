"""A project made from a file: each part of it is read by one function, errors name the field.

The shape of the file is in `docs/nowy_projekt.md`.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form

from indicators.contract.indicator_file import add_indicator
from support.evidence.requirement_forms import EvidenceRequirementForm
from support.models import EvidenceRequirement, Membership, Project, ServiceType
from support.project.forms import AreaField
from support.project.reporting_forms import ReportingForm
from support.project.setup_forms import ContractForm, ScheduleForm
from support.project.team_forms import InvitationForm

CONTRACT = "contract"


@transaction.atomic
def create_project(content: Any) -> Project:
    """All or nothing. Raises `ValidationError`, a line for each error: `area: ...`."""
    _demand_kind(content, dict, "plik", "obiekt JSON")
    if unknown := content.keys() - {CONTRACT, *PARTS}:
        raise ValidationError([f"{key}: nie ma takiej części pliku." for key in sorted(unknown)])
    project = _contract(content.get(CONTRACT, {}))
    errors: list[str] = []
    for name, read in PARTS.items():
        try:
            read(project, content.get(name, []))
        except ValidationError as error:
            errors += error.messages
    if errors:
        raise ValidationError(errors)
    return project


def _contract(given: Any) -> Project:
    _demand_kind(given, dict, CONTRACT, "obiekt z polami umowy")
    return _saved(ContractForm(given), given, CONTRACT)


def _area(project: Project, given: Any) -> None:
    _demand_kind(given, list, "area", "lista kodów albo nazw gmin, powiatów i województw")
    try:
        project.area.set(AreaField().clean([str(text) for text in given]))
    except ValidationError as error:
        raise ValidationError([f"area: {sentence}" for sentence in error.messages]) from None


def _indicators(project: Project, given: Any) -> None:
    for row, place in _rows(given, "indicators"):
        steps = [step for step, _ in _rows(row.get("milestones", []), f"{place}.milestones")]
        try:
            add_indicator(project, row, steps)
        except ValidationError as error:
            raise ValidationError([f"{place}.{told}" for told in error.messages]) from None


def _activities(project: Project, given: Any) -> None:
    _demand_kind(given, list, "activities", "lista nazw działań")
    typed = {"activities": "\n".join(map(str, given))}
    form = ScheduleForm(typed, project=project, sources=Project.objects.none())
    _saved(form, {}, "activities")


def _reporting(project: Project, given: Any) -> None:
    """Periods and due days; what is left out is as in every new project."""
    given = given or {}
    _demand_kind(given, dict, "reporting", "obiekt z polami")
    usual = {name: getattr(project, name) for name in ReportingForm.base_fields}
    days = given.get("own_period_ends", [])
    _demand_kind(days, list, "reporting.own_period_ends", "lista dni")
    typed = usual | given | {"own_period_ends": ", ".join(map(str, days))}
    _saved(ReportingForm(typed, instance=project), given, "reporting")


def _evidence(project: Project, given: Any) -> None:
    types = {kind.name: kind.pk for kind in ServiceType.objects.all()}
    for row, place in _rows(given, "evidence"):
        name = row.get("service_type")
        if name and name not in types:
            raise ValidationError(f"{place}.service_type: nie ma rodzaju usługi „{name}”.")
        documents = row.get("documents", [])
        _demand_kind(documents, list, f"{place}.documents", "lista nazw dokumentów")
        typed = {
            "subject": row.get("subject", ""),
            "service_type": types.get(name, ""),
            "documents": "\n".join(map(str, documents)),
            "is_required": row.get("is_required", True),
        }
        form = EvidenceRequirementForm(typed, instance=EvidenceRequirement(), project=project)
        _saved(form, {key: value for key, value in row.items() if key not in typed}, place)


def _team(project: Project, given: Any) -> None:
    """No letters are sent: links to set a password go from the page of the team."""
    roles = Membership.Role.values
    for row, place in _rows(given, "team"):
        if row.get("role") not in roles:
            raise ValidationError(f"{place}.role: podaj jedną z ról: {', '.join(roles)}.")
        _saved(InvitationForm(row, project=project, by=None), row, place)
    if not Membership.objects.coordinating(project).exists():
        raise ValidationError("team: podaj koordynatora (role: coordinator).")


# Parts of the file after the contract, in the order in which they are read.
PARTS: dict[str, Callable[[Project, Any], None]] = {
    "area": _area,
    "indicators": _indicators,
    "activities": _activities,
    "reporting": _reporting,
    "evidence": _evidence,
    "team": _team,
}


def _rows(given: Any, name: str) -> Any:
    """`(row, its place)`: `evidence[2]` is the second row."""
    _demand_kind(given, list, name, "lista obiektów")
    for number, row in enumerate(given, start=1):
        place = f"{name}[{number}]"
        _demand_kind(row, dict, place, "obiekt z polami")
        yield row, place


def _demand_kind(value: Any, kind: type, place: str, words: str) -> None:
    if not isinstance(value, kind):
        raise ValidationError(f"{place}: tu ma być {words}.")


def _saved(form: Form, given: dict[str, Any], place: str) -> Any:
    """What the form saves; a field it does not have is an error as one filled in wrongly."""
    errors = [
        f"{place}.{key}: nie ma takiego pola." for key in given if key not in form.fields
    ] + [
        f"{place}.{name}: {sentence}" if name in form.fields else f"{place}: {sentence}"
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    if errors:
        raise ValidationError(errors)
    return form.save()  # type: ignore[attr-defined]
