"""Run by `manage.py shell`: anonymises the person T16, as a worker would."""

from entities.models import Person
from owes.models import Anonymisation, User
from owes.privacy.carrying_out import carry_out

row = Anonymisation.objects.create(
    model="entities.person",
    record=Person.objects.get(code="T16").pk,
    words="osoba T16",
    basis="wniosek",
    is_early=True,
    proposed_by=User.objects.get(email="admin@example.org"),
    approved_by=User.objects.get(email="faults@example.org"),
)
carry_out([row.pk], lambda done, total: None)
