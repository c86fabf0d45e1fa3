"""Fields that take rows of the registers, as the form of a model uses them."""

import pytest

from entities.lookups import EntityLookup
from owes.choices import LookupField
from tests.factories import EntityFactory


@pytest.mark.parametrize(
    ("typed", "changed"),
    [("P1", False), ("Koło (P1)", False), ("P2", True), ("", True), ("zły", True)],
)
def test_lookup_field_has_changed_when_it_means_another_row(db, typed, changed):
    row, _ = EntityFactory(code="P1"), EntityFactory(code="P2")
    assert LookupField(EntityLookup).has_changed(row.pk, typed) == changed


@pytest.mark.parametrize("nothing", [None, ""])
def test_lookup_field_left_empty_has_not_changed(db, nothing):
    assert not LookupField(EntityLookup).has_changed(nothing, "")
