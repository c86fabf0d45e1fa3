import pytest

from entities.lookups import EntityLookup
from tests.factories import EntityFactory

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("text", ["NP0001", "np0001", "Koło (np0001)", " Np0001 "])
def test_a_code_is_read_in_any_case(text):
    entity = EntityFactory(code="NP0001")
    assert EntityLookup([text]).one(text) == entity


def test_a_code_as_it_is_written_comes_first():
    small, large = EntityFactory(code="p1"), EntityFactory(code="P1")
    assert EntityLookup(["p1", "P1"]).one("p1") == small
    assert EntityLookup(["p1", "P1"]).one("P1") == large
