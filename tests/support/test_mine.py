"""What a member of staff has to finish, and signed cards written down many at once."""

from datetime import date, timedelta

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from owes import drafts
from owes.models import FormDraft
from support.models import Service, ServiceType
from tests.factories import AttendanceFactory, ServiceFactory, SessionFactory, StaffMemberFactory
from tests.owes.form_page import sent

URL = reverse("support:mine", args=["sputnik-ii"])


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


def of(user, *days, **fields):
    service = ServiceFactory(created_by=user, **fields)
    for day in days:
        SessionFactory(service=service, day=day)
    return service


def listed(client):
    mine = client.get(URL).context["mine"]
    return {
        name: [service.topic for service in getattr(mine, name)]
        for name in ("returned", "to_finish", "drafts", "unsigned")
    }


def test_each_service_stands_where_it_waits(signed_in, staff):
    ahead = timezone.localdate() + timedelta(days=3)
    of(staff, date(2023, 3, 9), topic="Zwrócona", state="returned")
    of(staff, date(2023, 3, 9), topic="Odbyta")
    of(staff, date(2023, 3, 9), ahead, topic="W toku")
    of(staff, topic="Bez dnia")
    of(staff, date(2023, 3, 9), topic="Bez podpisu", state="approved")
    of(staff, date(2023, 3, 9), topic="Podpisana", state="approved", signed_on=date(2023, 3, 9))
    of(staff, date(2023, 3, 9), topic="Anulowana", state="cancelled")
    of(None, date(2023, 3, 9), topic="Cudza")
    found = listed(signed_in)
    assert found.pop("drafts") in (["Bez dnia", "W toku"], ["W toku", "Bez dnia"])
    assert found == {
        "returned": ["Zwrócona"],
        "to_finish": ["Odbyta"],
        "unsigned": ["Bez podpisu"],
    }


def test_a_service_one_leads_is_ones_own(signed_in, staff):
    service = of(None, date(2023, 3, 9), topic="Prowadzona")
    service.adviser_links.create(staff_member=StaffMemberFactory(user=staff))
    assert listed(signed_in)["to_finish"] == ["Prowadzona"]


def test_people_only_expected_are_to_be_marked(signed_in, staff):
    service = of(staff, date(2023, 3, 9))
    AttendanceFactory(session=service.sessions.get(), state="expected")
    assertContains(signed_in.get(URL), "Zaznacz, kto był obecny.")


def test_a_training_of_today_leads_to_its_attendance(signed_in, staff):
    with time_machine.travel("2024-05-08T10:00:00+02:00"):
        today = of(staff, date(2024, 5, 8), date(2024, 5, 9), topic="Dziś")
        of(staff, date(2024, 5, 9), topic="Jutro")
        page = signed_in.get(URL)
    url = reverse("support:service_attendance", args=["sputnik-ii", today.pk])
    assertContains(page, f'<a href="{url}">Dzisiejsza obecność</a>', html=True)
    assertContains(page, "Dzisiejsza obecność", count=1)


def test_an_open_event_has_no_card_to_come_back(signed_in, staff):
    kind = ServiceType.objects.filter(is_open_event=True).first()
    of(staff, date(2023, 3, 9), state="approved", type=kind)
    assert listed(signed_in)["unsigned"] == []


@pytest.mark.parametrize(
    ("allowed", "days", "is_late"), [(14, 14, False), (14, 15, True), (7, 8, True)]
)
def test_a_card_is_late_after_the_days_of_the_project(
    signed_in, staff, project, allowed, days, is_late
):
    project.days_to_sign = allowed
    project.save()
    of(staff, date(2023, 3, 9), state="submitted")
    moment = date(2023, 3, 9) + timedelta(days=days)
    with time_machine.travel(f"{moment} 12:00Z", tick=False):
        (card,) = signed_in.get(URL).context["mine"].unsigned
    assert (card.waits, card.is_late) == (days, is_late)


def test_signed_days_of_many_cards_are_kept_at_once(signed_in, staff):
    first, second, third = (of(staff, date(2023, 3, 9), state="approved") for _ in range(3))
    signed_in.post(URL, {f"signed-{first.pk}": "10.03.2023", f"signed-{second.pk}": "09.03.2023"})
    signed = Service.objects.order_by("pk").values_list("signed_on", flat=True)
    assert list(signed) == [date(2023, 3, 10), date(2023, 3, 9), None]
    assert Service.history.filter(signed_on__isnull=False).count() == 2


@pytest.mark.parametrize("day", ["31.12.2099", "08.03.2023", "31.02.2023", "jutro"])
def test_a_wrong_day_stays_typed_and_saves_none(signed_in, staff, day):
    first, second = (of(staff, date(2023, 3, 9), state="approved") for _ in range(2))
    page = signed_in.post(URL, {f"signed-{first.pk}": "10.03.2023", f"signed-{second.pk}": day})
    assert page.status_code == 200
    assert page.context["form"][f"signed-{second.pk}"].value() == day
    assert not Service.objects.exclude(signed_on=None).exists()


def test_the_day_of_somebody_elses_card_is_not_taken(signed_in, staff):
    other = of(None, date(2023, 3, 9), state="approved")
    signed_in.post(URL, {f"signed-{other.pk}": "10.03.2023"})
    other.refresh_from_db()
    assert other.signed_on is None


def test_the_funder_has_nothing_to_finish(client, auditor):
    client.force_login(auditor)
    assert client.get(URL).status_code == 403


def test_queries_do_not_grow_with_services(signed_in, staff, query_count):
    def more(number):
        for n in range(number):
            drafts.keep(staff.pk, f"/{number}/", QueryDict("name=A"), str(n))
            for state in ("draft", "returned", "approved"):
                service = of(staff, date(2023, 3, 9), state=state)
                AttendanceFactory(session=service.sessions.get())
        return query_count(URL)

    assert more(1) == more(24)


def test_staff_give_up_an_own_draft_with_a_reason_and_it_stays_visible(signed_in, staff):
    service = of(staff, date(2023, 3, 9))
    address = reverse("support:service_cancel", args=["sputnik-ii", service.pk])
    assert signed_in.post(address, {"reason": ""}).status_code == 200
    signed_in.post(address, {"reason": "Odwołano"})
    service.refresh_from_db()
    assert (service.state, service.state_reason) == ("cancelled", "Odwołano")
    assertContains(signed_in.get(service.get_absolute_url()), "Odwołano")


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_staff_cancel_nothing_they_have_submitted(signed_in, staff, state):
    service = of(staff, date(2023, 3, 9), state=state)
    address = reverse("support:service_cancel", args=["sputnik-ii", service.pk])
    assert signed_in.post(address, {"reason": "Odwołano"}).status_code == 403


def test_unfinished_forms_of_every_page_are_listed_with_ways_back(signed_in, staff):
    create = reverse("entities:entity_create")
    form = sent(signed_in.get(create)) | {"name": "Koło Łąka", "editing-act": "keep"}
    signed_in.post(create, form)
    draft = FormDraft.objects.get()
    page = signed_in.get(URL)
    assertContains(page, "Podmiot, nowy wpis")
    assertContains(page, "Koło Łąka")
    assertContains(page, f'href="{draft.get_absolute_url()}"')
    button = {"editing-draft": draft.opening, "back": URL}
    answer = signed_in.post(create, button | {"editing-act": "drop"})
    assert answer.url == URL
    page = signed_in.get(URL)
    assert (page.context["unfinished"], page.context["dropped"]) == ([], [draft])
    assertContains(page, "Cofnij odrzucenie")
    signed_in.post(create, button | {"editing-act": "restore"})
    assert signed_in.get(URL).context["unfinished"] == [draft]


def test_unfinished_forms_of_others_are_not_listed(signed_in, coordinator):
    drafts.keep(coordinator.pk, "/entities/add/", QueryDict("name=Koło"), "one")
    assert signed_in.get(URL).context["unfinished"] == []
