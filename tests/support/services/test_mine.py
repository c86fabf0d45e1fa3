"""What a member of staff has to finish, and signed cards written down many at once."""

from datetime import date, timedelta
from functools import partial

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from owes import drafts
from owes.models import FormDraft, Job
from support.models import Service, ServiceType
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    EvidenceFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.owes.form_page import sent
from tests.parallel import at_once

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
        for name in ("returned", "to_finish", "submitted", "drafts", "unsigned")
    }


def test_each_service_stands_where_it_waits(signed_in, staff):
    ahead = timezone.localdate() + timedelta(days=3)
    of(staff, date(2023, 3, 9), topic="Zwrócona", state="returned")
    of(staff, date(2023, 3, 9), topic="Odbyta")
    of(staff, date(2023, 3, 9), ahead, topic="W toku")
    of(staff, topic="Bez dnia")
    of(staff, date(2023, 3, 9), topic="Złożona", state="submitted", signed_on=date(2023, 3, 9))
    of(staff, date(2023, 3, 9), topic="Bez podpisu", state="approved")
    of(staff, date(2023, 3, 9), topic="Podpisana", state="approved", signed_on=date(2023, 3, 9))
    of(staff, date(2023, 3, 9), topic="Anulowana", state="cancelled")
    of(None, date(2023, 3, 9), topic="Cudza")
    found = listed(signed_in)
    assert found.pop("drafts") in (["Bez dnia", "W toku"], ["W toku", "Bez dnia"])
    assert found == {
        "returned": ["Zwrócona"],
        "to_finish": ["Odbyta"],
        "submitted": ["Złożona"],
        "unsigned": ["Bez podpisu"],
    }


def test_a_service_one_leads_is_ones_own(signed_in, staff):
    service = of(None, date(2023, 3, 9), topic="Prowadzona")
    service.adviser_links.create(staff_member=StaffMemberFactory(user=staff))
    assert listed(signed_in)["to_finish"] == ["Prowadzona"]


def test_what_waits_for_the_coordinator_can_be_withdrawn(signed_in, staff):
    service = of(staff, date(2023, 3, 9), topic="Złożona", state="submitted")
    withdraw = reverse("support:service_withdraw", args=["sputnik-ii", service.pk])
    assertContains(signed_in.get(URL), f'<form method="post" action="{withdraw}">')
    signed_in.post(withdraw)
    found = listed(signed_in)
    assert (found["submitted"], found["to_finish"]) == ([], ["Złożona"])


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


def test_a_card_that_was_scanned_waits_for_its_day_only(signed_in, staff):
    card = of(staff, date(2023, 3, 9), state="approved")
    row = EvidenceFactory(service=card, kind="karta podpisana", state="refused", reason="zła")
    assertContains(signed_in.get(URL), "po terminie")
    row.state = "waiting"
    row.save()
    page = signed_in.get(URL)
    assertContains(page, "skan jest, wpisz dzień podpisu")
    assertNotContains(page, "po terminie")


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


def test_unsigned_cards_stand_by_month_the_oldest_first(signed_in, staff):
    for day, topic in (
        (date(2023, 4, 3), "Kwiecień"),
        (date(2023, 3, 9), "Marzec"),
        (date(2023, 3, 20), "Też marzec"),
        (date(2022, 3, 9), "Marzec rok wcześniej"),
    ):
        of(staff, day, topic=topic, state="approved")
    page = signed_in.get(URL)
    months = [
        (month, [service.topic for service, _ in rows])
        for month, rows in page.context["form"].months()
    ]
    assert months == [
        (date(2022, 3, 1), ["Marzec rok wcześniej"]),
        (date(2023, 3, 1), ["Marzec", "Też marzec"]),
        (date(2023, 4, 1), ["Kwiecień"]),
    ]
    assertContains(page, "<h3>marzec 2023</h3>", html=True)


def test_search_is_blind_to_diacritics_and_looks_in_every_list(signed_in, staff):
    entity = EntityFactory(name="KGW „Łąka”")
    for state in ("returned", "draft", "approved"):
        for topic in ("Statut", "Inny"):
            service = of(staff, date(2023, 3, 9), topic=topic, state=state)
            if topic == "Statut":
                service.recipient_links.create(entity=entity)
    of(staff, topic="Łąka bez dnia")
    mine = signed_in.get(URL, {"q": "laka"}).context["mine"]
    found = [mine.returned, mine.to_finish, mine.drafts, mine.unsigned]
    assert [[service.topic for service in services] for services in found] == [
        ["Statut"],
        ["Statut"],
        ["Łąka bez dnia"],
        ["Statut"],
    ]
    assert mine.total == 4
    assertContains(signed_in.get(URL, {"q": "nic takiego"}), "Nie ma takich usług wśród Twoich")


def messages_of(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_many_cards_are_signed_on_one_day_and_the_search_stays(signed_in, staff):
    first, second, third = (
        of(staff, date(2023, 3, 9), topic="Statut", state="approved") for _ in range(3)
    )
    there = f"{URL}?q=statut"
    sent_form = {"service": [first.pk, second.pk], "day": "12.03.2023"}
    sent_form |= {f"signed-{second.pk}": "10.03.2023"}
    answer = signed_in.post(there, sent_form)
    assert (answer.url, messages_of(answer)) == (there, ["Zapisano 2\u00a0podpisane karty."])
    days = Service.objects.order_by("pk").values_list("signed_on", flat=True)
    assert list(days) == [date(2023, 3, 12), date(2023, 3, 10), None]


def test_cards_refused_are_told_one_by_one_and_the_others_are_signed(signed_in, staff):
    signed = of(staff, date(2023, 3, 9), state="approved", signed_on=date(2023, 3, 10))
    gone = of(staff, date(2023, 3, 9), state="cancelled")
    later = of(staff, date(2023, 3, 20), state="submitted")
    right = of(staff, date(2023, 3, 9), state="submitted")
    keys = [service.pk for service in (signed, gone, later, right)]
    answer = signed_in.post(URL, {"service": keys, "day": "12.03.2023"})
    assert messages_of(answer) == [
        "Zapisano 1\u00a0podpisaną kartę.",
        f"{signed.code}: Karta ma już dzień podpisania: 10.03.2023.",
        f"{gone.code}: Usługa {gone.code} jest teraz w stanie „anulowana”. Odśwież stronę.",
        f"{later.code}: Karta nie mogła być podpisana przed usługą (20.03.2023).",
    ]
    days = Service.objects.order_by("pk").values_list("signed_on", flat=True)
    assert list(days) == [date(2023, 3, 10), None, None, date(2023, 3, 12)]


@pytest.mark.parametrize(
    ("chosen", "day", "sentence"),
    [
        (True, "", "Podaj dzień podpisania zaznaczonych kart."),
        (False, "12.03.2023", "Zaznacz karty podpisane tego dnia."),
        (True, "31.12.2099", "Dzień podpisania karty jeszcze nie nadszedł."),
    ],
)
def test_a_day_and_cards_are_asked_for_together(signed_in, staff, chosen, day, sentence):
    service = of(staff, date(2023, 3, 9), state="approved")
    page = signed_in.post(URL, {"day": day} | ({"service": [service.pk]} if chosen else {}))
    assertContains(page, sentence)
    assertContains(page, f'id="karta-{service.pk}" checked', count=int(chosen))
    assert not Service.objects.exclude(signed_on=None).exists()


@pytest.mark.parametrize("chosen", ["other", "x", "1\x00"])
def test_only_own_cards_are_signed_together(signed_in, staff, chosen):
    other = of(None, date(2023, 3, 9), state="approved")
    key = other.pk if chosen == "other" else chosen
    page = signed_in.post(URL, {"service": [key], "day": "12.03.2023"})
    assert page.status_code == 200
    assert page.context["form"].errors.keys() >= {"service"}
    assert not Service.objects.exclude(signed_on=None).exists()


def test_a_card_is_signed_once_of_ten_clicks(committed, tmp_path):
    service = ServiceFactory(state="approved")
    SessionFactory(service=service, day=date(2023, 3, 9))

    def click(day):
        try:
            Service.objects.get(pk=service.pk).sign(day)
        except ValidationError:
            return None
        return day

    days = [date(2023, 3, 10 + n) for n in range(10)]
    done = [day for day in at_once([partial(click, day) for day in days], tmp_path) if day]
    service.refresh_from_db()
    assert done == [service.signed_on]


# Printing what did not come back

TOKEN = "6f1f0c1e-94a6-4f38-bb6c-0d8b9c5a1f10"


@pytest.mark.parametrize(("act", "count"), [("print", 3), ("print:2023-03", 2)])
def test_unsigned_cards_are_printed_as_listed(signed_in, staff, act, count):
    march = [of(staff, date(2023, 3, day), state="approved") for day in (9, 20)]
    training = ServiceType.objects.get(name="szkolenie")
    cards = [*march, of(staff, date(2023, 4, 1), state="submitted", type=training)]
    of(staff, date(2023, 3, 9))
    of(None, date(2023, 3, 9), state="approved")
    for _ in range(2):
        answer = signed_in.post(URL, {"act": act, "token": TOKEN})
        job = Job.objects.get()
        assert answer.url == reverse("support:paper_job", args=["sputnik-ii", job.pk])
    assert (job.params["batch"], job.params["services"]) == (
        "unsigned",
        [card.pk for card in cards[:count]],
    )
    assertContains(signed_in.get(URL), "Drukuj karty niepodpisane")


def test_nothing_is_printed_when_all_came_back_meanwhile(signed_in, staff):
    of(staff, date(2023, 3, 9), state="approved")
    for act in ("print:2023-04", "print:x", "print"):
        token = TOKEN if act != "print" else "x"
        answer = signed_in.post(URL, {"act": act, "token": token})
        assert messages_of(answer) == ["Nie ma tu już kart niepodpisanych."]
        signed_in.get(URL)  # shows the message
    assert not Job.objects.exists()
