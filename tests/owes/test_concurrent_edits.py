import pytest

from owes.concurrent_edits import merge


@pytest.mark.parametrize(
    ("opened", "typed", "saved", "merged"),
    [
        ("one", "one", "one", "one"),
        ("one", "one", "two", "two"),
        ("one", "two", "one", "two"),
        ("one", "two", "three", "two"),
        ("one", "one", None, None),
        ("one", None, "one", None),
        ("one", None, "two", None),
        (None, None, "two", "two"),
        (None, "one", None, "one"),
        (None, "one", "two", "one"),
    ],
)
def test_merge_keeps_what_either_changed_and_the_typed_of_both(opened, typed, saved, merged):
    versions = ({"key": value} if value else {} for value in (opened, typed, saved))
    assert merge(*versions) == ({"key": merged} if merged else {})
