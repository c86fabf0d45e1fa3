import pytest
from django.db import connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from owes import versions
from owes.versions import conflict, state, version_of
from support.models import ServiceType
from tests.factories import (
    AdoptionFactory,
    AttendanceFactory,
    EntityFactory,
    ServiceFactory,
    UserFactory,
    jst,
    sputnik,
)

pytestmark = pytest.mark.usefixtures("db")
SERVICE = (
    "sessions",
    "sessions__attendances",
    "recipient_links",
    "adviser_links",
    "theme_links",
)


def test_version_changes_with_the_record_and_with_each_row_under_it():
    attendance = AttendanceFactory()
    service, seen = attendance.session.service, set()

    def has_changed():
        version = version_of(service, *SERVICE)
        is_new = version not in seen
        seen.add(version)
        return is_new

    assert (has_changed(), has_changed()) == (True, False)
    service.save()
    assert has_changed()
    attendance.session.save()
    assert has_changed()
    attendance.delete()
    assert has_changed()
    service.recipient_links.get().delete()
    assert has_changed()
    ServiceFactory()
    assert not has_changed()


def test_version_asks_once(django_assert_num_queries):
    service = ServiceFactory()
    with django_assert_num_queries(1):
        version_of(service, *SERVICE)


def test_state_is_told_in_words_now_and_as_it_was():
    entity = EntityFactory(name="Koło", nip="7762909959", seat=jst("141908"))
    entity.statuses.create(basis="owes", valid_from="2023-01-01", granting_body="OWES")
    version = version_of(entity, "statuses")
    entity.name, entity.seat = "Krąg", None
    entity.save()
    entity.statuses.get().delete()
    before, now = state(entity, "statuses", version=version), state(entity, "statuses")
    assert [before["Nazwa"], before["Gmina siedziby"], before["NIP"]] == [
        ["Koło"],
        ["Mała Wieś (wiejska)"],
        ["7762909959"],
    ]
    assert [now["Nazwa"], now["Gmina siedziby"]] == [["Krąg"], []]
    assert now["Statusy PS"] == []
    [status] = before["Statusy PS"]
    assert "01.01.2023" in status


def test_state_of_a_service_is_told_with_as_many_queries_however_many_came():
    service = AttendanceFactory().session.service
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            lines = state(service, *SERVICE)
        counts.append(len(queries))
        for _ in range(3):
            AttendanceFactory(session=service.sessions.get())
    assert len(set(counts)) == 1
    assert len(lines["Obecności"]) == 4
    day = f"{service.sessions.get().day:%d.%m.%Y}"
    assert [line.split(", ")[0] for line in lines["Obecności"]] == [day] * 4
    assert lines["Obecności"][0].endswith(", obecność")


def test_conflict_tells_who_saved_what_and_where_both_meant_something_else():
    entity = EntityFactory(name="Koło", phone="1", email="a@b.pl")
    version = version_of(entity)
    for name, value in (("phone", "2"), ("name", "Krąg")):
        setattr(entity, name, value)
        entity._history_user = UserFactory(name=f"Kto zmienił {name}")
        entity.save()
    typed = state(entity) | {"Nazwa": ["Kółko"], "E-mail": ["c@d.pl"]}
    typed["Telefon"] = ["1"]
    shown = conflict(entity, (), version, typed)
    rows = {row.label: row for row in shown.differences}
    assert list(rows) == ["Nazwa", "Telefon", "E-mail"]
    name, phone, email = rows.values()
    assert (name.opened, name.saved, name.typed) == (["Koło"], ["Krąg"], ["Kółko"])
    assert (name.by, phone.by, email.by) == ("Kto zmienił name", "Kto zmienił phone", "")
    assert [row.is_collision for row in rows.values()] == [True, False, False]
    assert (shown.by, shown.at) == (name.by, name.at)


def test_conflict_of_lists_leaves_out_lines_that_are_alike():
    stays, goes, comes = ServiceFactory.create_batch(3)
    adoption = AdoptionFactory(services=[stays, goes])
    version = version_of(adoption, "service_links")
    adoption.sync_services([stays])
    typed = state(adoption, "service_links") | {
        "Usługi": sorted([str(stays), str(goes), str(comes)])
    }
    [row] = [
        row for row in conflict(adoption, ("service_links",), version, typed).differences if row.at
    ]
    assert (row.opened, row.saved, row.typed) == ([str(goes)], [], [str(goes), str(comes)])


def test_conflict_shows_a_row_of_the_reference_data_as_it_first_was():
    kind = ServiceType.objects.get(name="asysta")
    opened = version_of(kind)
    with transaction.atomic():
        assert versions.lock(kind) == opened
        kind.name = "asysta urzędowa"
        kind.save()
    [row] = conflict(kind, (), opened).differences
    assert (row.label, row.opened, row.saved) == ("Nazwa", ["asysta"], ["asysta urzędowa"])


def test_conflict_speaks_of_the_area_of_a_project():
    project = sputnik()
    project.save()
    version = version_of(project)
    project.area.set([jst("1462")])
    [row] = conflict(project, (), version).differences
    assert (row.label, len(row.opened), row.saved) == ("Obszar", 3, [])


def test_lock_of_a_record_merged_away_is_a_page_that_is_not_there():
    entity = EntityFactory.build(pk=1)
    with transaction.atomic(), pytest.raises(Http404):
        versions.lock(entity)
