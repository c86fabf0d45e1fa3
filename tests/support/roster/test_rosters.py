"""Two changes of the lists of a service in one."""

from datetime import date, time

from support.roster.lists import ServiceLists, SessionTerm

MORNING, NOON = SessionTerm(time(9), time(11)), SessionTerm(time(12), time(14))
ONE, TWO, THREE, FOUR = (date(2023, 3, day) for day in (1, 2, 3, 4))


def roster(*days, at=(), **lists):
    """Sessions in the morning of the days; `at` are `(day, person)` of who was present."""
    there = {(day, person, 7): "present" for day, person in at}
    return ServiceLists(dict.fromkeys(days, MORNING), there, [7], **lists)


def present(lists):
    return sorted((day, person) for day, person, _ in lists.attendances)


def test_people_follow_a_session_that_either_moved():
    opened = roster(ONE, TWO, at=[(ONE, 1), (ONE, 2)])
    moved = roster(TWO, THREE, at=[(THREE, 1), (THREE, 2)])
    changed = roster(ONE, TWO, at=[(ONE, 1), (ONE, 3)])
    for lists in (moved.merged(opened, changed), changed.merged(opened, moved)):
        assert sorted(lists.terms) == [TWO, THREE]
        assert present(lists) == [(THREE, 1), (THREE, 3)]


def test_a_session_both_moved_stands_where_the_typist_put_it():
    opened = roster(ONE, at=[(ONE, 1), (ONE, 2)])
    typed, saved = roster(TWO, at=[(TWO, 1), (TWO, 2)]), roster(THREE, at=[(THREE, 1)])
    lists = typed.merged(opened, saved)
    assert (list(lists.terms), present(lists)) == ([TWO], [(TWO, 1)])


def test_sessions_added_by_both_are_kept():
    opened = roster(ONE)
    lists = roster(ONE, TWO).merged(opened, roster(ONE, THREE))
    assert sorted(lists.terms) == [ONE, TWO, THREE]


def test_a_session_taken_out_stays_for_who_was_marked_at_it_meanwhile():
    opened, marked = roster(ONE, TWO), roster(ONE, TWO, at=[(TWO, 1)])
    for lists in (roster(ONE).merged(opened, marked), marked.merged(opened, roster(ONE))):
        assert (sorted(lists.terms), present(lists)) == ([ONE, TWO], [(TWO, 1)])


def test_a_recipient_taken_out_stays_for_who_represents_it_meanwhile():
    opened, saved = roster(ONE), roster(ONE, at=[(ONE, 1)])
    lists = ServiceLists({ONE: MORNING}).merged(opened, saved)
    assert lists.recipients == [7]


def test_hours_follow_who_changed_them():
    opened, changed = roster(ONE), ServiceLists({ONE: NOON}, {}, [7])
    assert opened.merged(opened, changed).terms == {ONE: NOON}
    assert changed.merged(opened, opened).terms == {ONE: NOON}


def test_advisers_keep_the_order_of_the_one_who_changed_them():
    opened = roster(ONE, advisers=[1, 2], themes=[5])
    typed = roster(ONE, advisers=[1, 2], themes=[5, 6])
    saved = roster(ONE, advisers=[3, 1], themes=[8])
    lists = typed.merged(opened, saved)
    assert (lists.advisers, lists.themes) == ([3, 1], [6, 8])
    lists = roster(ONE, advisers=[2, 1]).merged(opened, saved)
    assert lists.advisers == [1, 3]
