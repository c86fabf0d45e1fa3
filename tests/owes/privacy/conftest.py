from datetime import date

import pytest

from support.models import Declaration
from tests.factories import PersonFactory, sputnik


@pytest.fixture
def person_kept(db):
    """Somebody with a declaration that must be kept until the end of 2029."""
    person = PersonFactory()
    project = sputnik()
    Declaration.objects.create(project=project, person=person, signed_on=date(2023, 1, 9))
    return person
