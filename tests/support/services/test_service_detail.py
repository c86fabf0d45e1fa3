from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from support.models import Attendance, Service, ServiceType
from support.services.warnings import warnings_of
from tests.factories import (
    AttendanceFactory,
    MembershipFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.parallel import at_once


def page(service, act="detail"):
    return reverse(f"support:service_{act}", args=[service.project.slug, service.pk])


def complete(staff, day=date(2023, 3, 9), **fields):
    """A draft that may be submitted."""
    fields = {"code": f"N/{day.year}/{Service.objects.count() + 1}", "created_by": staff} | fields
    service = ServiceFactory(**fields)
    service.adviser_links.create(staff_member=StaffMemberFactory())
    person = PersonFactory(first_name="Kamila", last_name="Kubiak")
    AttendanceFactory(session=SessionFactory(service=service, day=day), person=person)
    return service


@pytest.fixture
def draft(staff):
    return complete(staff)


@pytest.fixture
def submitted(draft, staff):
    draft.submit(staff)
    return draft


@pytest.fixture
def approved(submitted, coordinator):
    submitted.approve(coordinator)
    return submitted


def state_of(service):
    return Service.objects.get(pk=service.pk).state


def test_service_detail_shows_what_was_done(client, staff, draft):
    client.force_login(staff)
    response = client.get(page(draft))
    assertContains(response, "Kamila Kubiak")
    assertContains(response, "09:00–11:00")
    assertContains(response, "Złóż do zatwierdzenia")
    assertContains(response, reverse("support:visit_edit", args=["sputnik-ii", draft.pk]))


def test_service_detail_is_read_only_for_the_auditor_and_names_nobody(client, auditor, approved):
    client.force_login(auditor)
    response = client.get(page(approved))
    assertNotContains(response, "Kubiak")
    assertContains(response, "(K)")
    for act in ("edit", "submit", "withdraw", "approve", "return", "reopen", "cancel", "sign"):
        assertNotContains(response, page(approved, act))


@pytest.mark.parametrize(
    "act", ["submit", "withdraw", "approve", "return", "reopen", "cancel", "sign"]
)
def test_service_is_not_changed_by_the_auditor(client, auditor, submitted, act):
    client.force_login(auditor)
    assert client.post(page(submitted, act), {"reason": "Tak"}).status_code == 403
    assert state_of(submitted) == "submitted"


@pytest.mark.parametrize("act", ["approve", "return", "reopen", "cancel"])
def test_service_is_judged_by_the_coordinator_only(client, staff, submitted, act):
    client.force_login(staff)
    assert client.post(page(submitted, act), {"reason": "Tak"}).status_code == 403
    assert state_of(submitted) == "submitted"


def test_service_of_another_project_is_not_found(client, staff, draft):
    client.force_login(staff)
    draft.project.memberships.update(is_active=False)
    assert client.get(page(draft)).status_code == 404


def test_service_submit(client, staff, draft):
    client.force_login(staff)
    assertRedirects(client.post(page(draft, "submit")), page(draft))
    assert state_of(draft) == "submitted"


def test_service_submit_says_what_is_missing(client, staff, draft):
    draft.adviser_links.all().delete()
    client.force_login(staff)
    response = client.post(page(draft, "submit"), follow=True)
    assertContains(response, "Wskaż osobę z kadry.")
    assert state_of(draft) == "draft"


def test_service_withdraw_makes_it_a_draft_again_and_history_tells(client, staff, submitted):
    client.force_login(staff)
    assertContains(client.get(page(submitted)), page(submitted, "withdraw"))
    response = client.post(page(submitted, "withdraw"), follow=True)
    assertContains(response, f"Wycofano do szkicu usługę {submitted.code}.")
    assertContains(response, reverse("support:visit_edit", args=["sputnik-ii", submitted.pk]))
    assertNotContains(response, page(submitted, "withdraw"))
    assert state_of(submitted) == "draft"
    changes = [(change.state, change.history_user) for change in submitted.state_changes()]
    assert changes[:2] == [("draft", staff), ("submitted", None)]
    assertRedirects(client.post(page(submitted, "submit")), page(submitted))
    assert state_of(submitted) == "submitted"


def test_service_withdraw_is_for_its_author_and_its_advisers(client, submitted, coordinator):
    adviser, stranger = MembershipFactory().user, MembershipFactory().user
    submitted.adviser_links.create(staff_member=StaffMemberFactory(user=adviser))
    for user in (stranger, coordinator):
        client.force_login(user)
        assertNotContains(client.get(page(submitted)), page(submitted, "withdraw"))
        assert client.post(page(submitted, "withdraw")).status_code == 403
    client.force_login(adviser)
    client.post(page(submitted, "withdraw"))
    assert state_of(submitted) == "draft"


def test_service_withdraw_of_what_was_judged_meanwhile_says_so(client, staff, approved):
    client.force_login(staff)
    response = client.post(page(approved, "withdraw"), follow=True)
    assertContains(response, "jest teraz w stanie „zatwierdzona”. Odśwież stronę.")
    assert state_of(approved) == "approved"


def test_service_is_withdrawn_or_approved_never_both(committed, tmp_path):
    author, coordinator = (MembershipFactory(role=role).user for role in ("staff", "coordinator"))
    service = complete(author)
    service.submit(author)

    def act(name, by):
        try:
            getattr(Service.objects.get(pk=service.pk), name)(by)
        except ValidationError as error:
            return error.messages[0]
        return name

    calls = [lambda: act("withdraw", author), lambda: act("approve", coordinator)]
    told = at_once(calls * 3, tmp_path)
    [done] = [name for name in told if name in ("withdraw", "approve")]
    assert state_of(service) == {"withdraw": "draft", "approve": "approved"}[done]


def test_service_approve_gives_the_number(client, coordinator, submitted):
    client.force_login(coordinator)
    response = client.post(page(submitted, "approve"), follow=True)
    assertContains(response, "Zatwierdzono usługę 1/2023.")
    assert state_of(submitted) == "approved"


def test_service_approve_a_second_time_says_so(client, coordinator, submitted):
    client.force_login(coordinator)
    client.post(page(submitted, "approve"))
    response = client.post(page(submitted, "approve"), follow=True)
    assertContains(response, "Usługa 1/2023 jest teraz w stanie „zatwierdzona”. Odśwież stronę.")
    assert Service.objects.get(pk=submitted.pk).number == "1/2023"


def test_service_approve_of_an_old_copy_takes_no_number(coordinator, submitted, staff):
    old = Service.objects.get(pk=submitted.pk)
    submitted.approve(coordinator)
    with pytest.raises(ValidationError, match="jest teraz w stanie „zatwierdzona”"):
        old.approve(coordinator)
    following = complete(staff)
    following.submit(staff)
    following.approve(coordinator)
    assert following.number == "2/2023"


def test_service_numbers_are_gapless_in_each_year_and_stay(staff, coordinator):
    days = [date(2023, 3, 9), date(2024, 5, 8), date(2023, 6, 1)]
    services = [complete(staff, day=day) for day in days]
    for service in services:
        service.submit(staff)
        service.approve(coordinator)
    assert [service.number for service in services] == ["1/2023", "1/2024", "2/2023"]
    services[0].reopen(coordinator, "Zła data")
    services[0].submit(staff, is_unchanged=True)
    services[0].approve(coordinator)
    assert services[0].number == "1/2023"


def test_service_imported_keeps_its_own_number(staff, coordinator):
    service = complete(staff, code="U/0012/2023")
    service.submit(staff)
    service.approve(coordinator)
    assert (service.number, service.printed_number) == ("", "U/0012/2023")


def collide(service):
    """Another service of its adviser, at the same hours."""
    other = ServiceFactory(code="U/7")
    other.adviser_links.create(staff_member=service.advisers.get())
    SessionFactory(service=other, day=service.sessions.get().day)
    return other


def test_service_of_an_adviser_in_two_places_is_submitted_once_that_is_accepted(
    client, staff, coordinator, draft
):
    other = collide(draft)
    client.force_login(staff)
    response = client.post(page(draft, "submit"), follow=True)
    assert state_of(draft) == "draft"
    assertContains(
        response, "prowadzi w tym czasie usługę U/7 (09.03.2023, 09:00–11:00). <a href="
    )
    assertContains(response, f'<a href="{other.get_absolute_url()}">Pokaż tę usługę</a>')
    client.force_login(coordinator)
    warning = next(warning for warning in warnings_of([draft.pk])[draft.pk] if warning.blocks)
    accepted = {"code": warning.code, "key": warning.key, "reason": "Pomoc w zastępstwie"}
    client.post(page(draft, "accept"), accepted)
    client.force_login(staff)
    client.post(page(draft, "submit"))
    assert state_of(draft) == "submitted"
    client.force_login(coordinator)
    client.post(page(draft, "approve"))
    assert state_of(draft) == "approved"


def test_service_of_an_adviser_in_two_places_is_not_approved(client, coordinator, submitted):
    other = collide(submitted)
    client.force_login(coordinator)
    response = client.post(page(submitted, "approve"), follow=True)
    assertContains(response, "poproś koordynatora, aby na stronie usługi przyjął to z powodem")
    assert state_of(submitted) == "submitted"
    Service.objects.filter(pk=other.pk).update(state="cancelled")
    client.post(page(submitted, "approve"))
    assert state_of(submitted) == "approved"


def test_an_acceptance_says_nothing_of_other_hours(coordinator, draft):
    collide(draft)
    warning = next(warning for warning in warnings_of([draft.pk])[draft.pk] if warning.blocks)
    accepted = {"code": warning.code, "key": warning.key, "reason": "Tak", "by": coordinator}
    draft.accepted_warnings.create(**accepted)
    assert draft.overlaps() == []
    session = draft.sessions.get()
    session.set_term(session.day, time(8), time(11))
    session.save()
    assert draft.overlaps() == []
    session.set_term(session.day, time(9), time(10, 30))
    session.save()
    assert [error.code for error in draft.overlaps()] == ["overlap"]


def test_service_of_two_people_is_not_approved_by_its_author(client, coordinator, submitted):
    submitted.project.needs_two_people = True
    submitted.project.save()
    Service.objects.filter(pk=submitted.pk).update(created_by=coordinator)
    client.force_login(coordinator)
    response = client.post(page(submitted, "approve"), follow=True)
    assertContains(response, "Tę usługę zatwierdza inna osoba niż ta, która ją zapisała.")
    assert state_of(submitted) == "submitted"


@pytest.mark.parametrize(
    ("before", "act", "after"),
    [
        ("submitted", "return", "returned"),
        ("approved", "reopen", "returned"),
        ("approved", "cancel", "cancelled"),
        ("draft", "cancel", "cancelled"),
    ],
)
def test_service_moves_with_a_reason(request, client, coordinator, before, act, after):
    service = request.getfixturevalue(before)
    client.force_login(coordinator)
    response = client.post(page(service, act), {"reason": "  "})
    assertContains(response, "Podaj powód.")
    assert state_of(service) == before
    response = client.post(page(service, act), {"reason": "Brak podpisu"}, follow=True)
    assertContains(response, "Brak podpisu")
    assert state_of(service) == after


def test_service_that_moved_meanwhile_keeps_the_reason_typed(client, coordinator, approved):
    client.force_login(coordinator)
    response = client.post(page(approved, "return"), {"reason": "Popraw datę"})
    assertContains(response, "jest teraz w stanie „zatwierdzona”")
    assert state_of(approved) == "approved"


def test_service_sign_of_an_approved_service(client, staff, approved):
    client.force_login(staff)
    client.post(page(approved, "sign"), {"signed_on": "5.4.2023"})
    assert Service.objects.get(pk=approved.pk).signed_on == date(2023, 4, 5)


def test_service_sign_refuses_a_day_to_come(client, staff, approved):
    day = timezone.localdate() + timedelta(days=1)
    client.force_login(staff)
    response = client.post(page(approved, "sign"), {"signed_on": f"{day:%d.%m.%Y}"})
    assertContains(response, "Dzień podpisania karty jeszcze nie nadszedł.")
    assert Service.objects.get(pk=approved.pk).signed_on is None


def test_service_sign_refuses_a_day_before_the_service(client, staff, approved):
    first = approved.sessions.order_by("day")[0].day
    client.force_login(staff)
    response = client.post(
        page(approved, "sign"), {"signed_on": f"{first - timedelta(days=1):%d.%m.%Y}"}
    )
    assertContains(response, f"Karta nie mogła być podpisana przed usługą ({first:%d.%m.%Y}).")
    client.post(page(approved, "sign"), {"signed_on": f"{first:%d.%m.%Y}"})
    assert Service.objects.get(pk=approved.pk).signed_on == first


def test_service_detail_tells_its_states_newest_first(client, coordinator, approved):
    approved.reopen(coordinator, "Zła data")
    assert [row.state for row in approved.state_changes()] == [
        "returned",
        "approved",
        "submitted",
        "draft",
    ]
    client.force_login(coordinator)
    assertContains(client.get(page(approved)), "Zła data", count=2)


def test_service_detail_asks_the_database_the_same_number_of_times(client, staff, draft):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(draft)).status_code == 200
        return len(captured)

    client.force_login(staff)
    queries()
    few = queries()
    for number in range(30):
        session = SessionFactory(service=draft, day=date(2023, 4, 1) + timedelta(days=number))
        AttendanceFactory(session=session)
    assert queries() == few


def test_service_without_mode_and_place_is_not_submitted(client, staff):
    service = ServiceFactory(created_by=staff, mode="", place="")
    told = [error.message for error in service.obstacles()]
    assert "Podaj tryb albo miejsce." in told
    service.place = "Płock"
    assert "Podaj tryb albo miejsce." not in [error.message for error in service.obstacles()]


@pytest.fixture
def open_event(staff):
    kind = ServiceType.objects.filter(is_open_event=True).first()
    return complete(staff, type=kind, head_count=None)


def test_service_detail_shows_an_open_event_without_a_head_count(client, staff, open_event):
    client.force_login(staff)
    assertContains(client.get(page(open_event)), "<dd>nie podano</dd>")
    Service.objects.filter(pk=open_event.pk).update(head_count=0)
    assertContains(client.get(page(open_event)), "<dd>0</dd>")


def test_open_event_is_submitted_with_its_head_count(staff, open_event):
    [obstacle] = open_event.obstacles()
    assert obstacle.message == "Podaj, ile osób przyszło na wydarzenie otwarte."
    open_event.head_count = 0
    assert open_event.obstacles() == []


@pytest.mark.parametrize("is_open_event", [True, False])
def test_what_an_import_approved_can_be_submitted_again(staff, coordinator, is_open_event):
    """An import holds approved services without mode, place, head count, recipients, people."""
    kind = ServiceType.objects.filter(is_open_event=is_open_event, needs_attendance=True).first()
    kind = kind or ServiceType.objects.filter(is_open_event=is_open_event).first()
    service = ServiceFactory(type=kind, mode="", state="approved")
    service.adviser_links.create(staff_member=StaffMemberFactory())
    SessionFactory(service=service)
    service.reopen(coordinator, "Literówka w temacie.")
    service.submit(staff, is_unchanged=True)
    assert state_of(service) == "submitted"


def test_what_was_approved_complete_is_asked_for_again(staff, coordinator, approved):
    approved.reopen(coordinator, "Zły tryb.")
    approved.mode = ""
    approved.recipients.clear()
    Attendance.objects.filter(session__service=approved).delete()
    assert [obstacle.code for obstacle in approved.obstacles()] == [
        "mode",
        "recipients",
        "attendances",
    ]
