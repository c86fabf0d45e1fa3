"""Trial controls in a line: begun, asked some papers, and with what was found."""

from datetime import date

from indicators.control import trial
from indicators.control.outcomes import outcomes_of
from indicators.control.recount import recount
from indicators.models import ControlledDocument, TrialControl
from support.models import EvidenceRequirement
from tests.factories import sputnik


def begun(user, **fields):
    asked = {"on": date(2024, 12, 31), "size": 5, "seed": "a"} | fields
    control = TrialControl(project=sputnik(), created_by=user, **asked)
    trial.begin(control)
    return control


def ask_only(*asked):
    """What the project requires: `(subject, document)` and nothing else."""
    EvidenceRequirement.objects.all().delete()
    for subject, documents in asked:
        EvidenceRequirement.objects.create(project=sputnik(), subject=subject, documents=documents)


def find(control, verdict, **which):
    """Writes the outcome of some papers of a control, as its page does."""
    ControlledDocument.objects.filter(record__control=control, **which).update(
        verdict=verdict, note="x"
    )
    recount(control)


def standing(control, indicator):
    return {line.indicator.code: line for line in outcomes_of(control)}[indicator]
