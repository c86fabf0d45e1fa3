"""A trial control whose one entity and one person are asked one paper each."""

from indicators.control import trial
from indicators.models import TrialControl
from support.models import EvidenceRequirement
from tests.factories import EntityFactory, PersonFactory, sputnik
from tests.indicators.given import DAY, supported


def control_of(user):
    EvidenceRequirement.objects.all().delete()
    for subject, document in [("entity", "odpis KRS"), ("person", "deklaracja")]:
        EvidenceRequirement.objects.create(project=sputnik(), subject=subject, documents=document)
    person = PersonFactory(code="O-1", first_name="Jan", last_name="Sekretny")
    supported(DAY, person=person, entity=EntityFactory(code="P-1", name="Fundacja Sad"))
    control = TrialControl(project=sputnik(), created_by=user, on=DAY, size=5, seed="pismo 7")
    trial.begin(control)
    return control


def documents_of(control):
    """The paper of the entity and that of the person."""
    return [
        control.records.get(indicator=code).documents.get() for code in ("pes", "representatives")
    ]
