"""The coordinator's queue: what waits, many decided at once, each under its own lock."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from support.models import EvidenceRequirement, Service
from tests.factories import (
    EntityFactory,
    EvidenceFactory,
    PersonFactory,
    ServiceFactory,
    StaffMemberFactory,
)
from tests.indicators.given import attend, service_of

URL = reverse("support:queue", args=["sputnik-ii"])


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def waiting(number=1, **fields):
    found = []
    for _ in range(number):
        entity = EntityFactory()
        service = service_of(date(2023, 3, 9), entity=entity, state="submitted", **fields)
        attend(service, entity, PersonFactory())
        found.append(service)
    return found


def states():
    return list(Service.objects.order_by("pk").values_list("state", flat=True))


def messages_of(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_only_what_waits_is_listed_the_longest_waiting_first(signed_in):
    (late,) = waiting(topic="Później", state_at="2024-02-02T10:00Z")
    (early,) = waiting(topic="Wcześniej", state_at="2024-02-01T10:00Z")
    ServiceFactory(state="draft")
    table = signed_in.get(URL).context["table"]
    assert [row.record for row in table.rows] == [early, late]


def test_each_says_who_submitted_it_or_that_an_import_brought_it(signed_in, staff):
    waiting(state_by=staff, state_at="2024-02-01T10:00Z")
    waiting(state_at="2024-02-02T10:00Z")
    table = signed_in.get(URL).context["table"]
    assert [str(row.get_cell("state_by")) for row in table.rows] == [staff.name, "z importu"]


def test_filters_stay_in_the_address_after_a_decision(signed_in):
    first, second = waiting(2)
    answer = signed_in.post(f"{URL}?q=temat", {"service": [first.pk], "act": "approve"})
    assert (answer.status_code, answer.url) == (302, f"{URL}?q=temat")
    assert states() == ["approved", "submitted"]


def test_many_are_approved_at_once_with_gapless_numbers(signed_in):
    services = waiting(3)
    for number, service in enumerate(services, 1):
        Service.objects.filter(pk=service.pk).update(code=f"N/2023/{number}")
    keys = [service.pk for service in services]
    answer = signed_in.post(URL, {"service": keys, "act": "approve"})
    assert messages_of(answer) == ["Zatwierdzono 3\u00a0usługi."]
    numbers = Service.objects.order_by("pk").values_list("number", flat=True)
    assert list(numbers) == ["1/2023", "2/2023", "3/2023"]


def test_what_has_moved_on_is_named_and_left(signed_in):
    first, second = waiting(2)
    Service.objects.filter(pk=first.pk).update(state="returned")
    answer = signed_in.post(URL, {"service": [first.pk, second.pk], "act": "approve"})
    assert states() == ["returned", "approved"]
    assert messages_of(answer) == [
        "Zatwierdzono 1\u00a0usługę.",
        f"{first.code}: Usługa {first.code} jest teraz w stanie „zwrócona”. Odśwież stronę.",
    ]


def test_one_whose_adviser_is_elsewhere_is_named_and_left(signed_in):
    first, second, third = waiting(3)
    ewa = StaffMemberFactory(name="Ewa Piórkowska")
    for service in (first, second):
        service.adviser_links.create(staff_member=ewa)
    keys = [first.pk, second.pk, third.pk]
    effect = signed_in.post(
        URL, {"service": keys, "act": "rehearse"}, headers={"HX-Request": "true"}
    )
    assertContains(effect, "po zatwierdzeniu: PES 0 → <strong>1</strong>")
    answer = signed_in.post(URL, {"service": keys, "act": "approve"})
    assert states() == ["submitted", "submitted", "approved"]
    one, *refused = messages_of(answer)
    assert one == "Zatwierdzono 1\u00a0usługę."
    assert [sentence.partition(" (")[0] for sentence in refused] == [
        f"{first.code}: Ewa Piórkowska prowadzi w tym czasie usługę {second.code}",
        f"{second.code}: Ewa Piórkowska prowadzi w tym czasie usługę {first.code}",
    ]
    assertContains(
        signed_in.get(URL), f'<a href="{second.get_absolute_url()}">Pokaż tę usługę</a>'
    )


def test_many_are_returned_with_one_comment(signed_in):
    keys = [service.pk for service in waiting(2)]
    signed_in.post(URL, {"service": keys, "act": "return", "reason": "Brak podpisu"})
    assert (
        list(Service.objects.values_list("state", "state_reason"))
        == [("returned", "Brak podpisu")] * 2
    )


def test_a_return_without_a_comment_changes_nothing(signed_in):
    (service,) = waiting()
    page = signed_in.post(URL, {"service": [service.pk], "act": "return", "reason": " "})
    assertContains(page, "Napisz, co poprawić.")
    assert states() == ["submitted"]


@pytest.mark.parametrize("chosen", [[], ["999999"], ["x"], ["1\x00"]])
def test_a_wrong_choice_is_told(signed_in, chosen):
    waiting()
    page = signed_in.post(URL, {"service": chosen, "act": "approve"})
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"service"}
    assert states() == ["submitted"]


def test_the_effect_of_the_chosen_is_shown_and_nothing_is_saved(signed_in):
    first, second = waiting(2)
    page = signed_in.post(
        URL, {"service": [first.pk], "act": "rehearse"}, headers={"HX-Request": "true"}
    )
    assertContains(page, "po zatwierdzeniu: PES 0 → <strong>1</strong>")
    assert states() == ["submitted", "submitted"]


def test_how_many_of_the_chosen_lack_a_proof_is_said_before_they_are_approved(signed_in, project):
    card = EvidenceRequirement.objects.get(subject="service", is_required=True)
    first, second, third = waiting(3)
    EvidenceFactory(service=first, kind=card.kinds[0], state="verified")

    def effects_of(*services):
        keys = [service.pk for service in services]
        return signed_in.post(
            URL, {"service": keys, "act": "rehearse"}, headers={"HX-Request": "true"}
        )

    assertContains(effects_of(second, third), f"2 z 2 bez wymaganego dowodu: {card}<")
    assertContains(effects_of(first, second), f"1 z 2 bez wymaganego dowodu: {card} (1)<")
    assertNotContains(effects_of(first), "bez wymaganego dowodu")
    card.delete()
    assertNotContains(effects_of(second), "bez wymaganego dowodu")


def test_all_of_the_page_are_chosen_with_their_effect_without_a_script(signed_in):
    first, second = waiting(2)
    page = signed_in.post(URL, {"act": "all"})
    assertContains(page, "po zatwierdzeniu: PES 0 → <strong>2</strong>")
    for service in (first, second):
        assertContains(page, f'name="service" value="{service.pk}" form="kolejka"')
    assertContains(page, " checked>", count=2)
    assert states() == ["submitted", "submitted"]


def test_all_are_those_the_filter_leaves(signed_in):
    waiting(topic="Statut")
    waiting(topic="Inny")
    page = signed_in.post(f"{URL}?q=statut", {"act": "all"})
    assertContains(page, "po zatwierdzeniu: PES 0 → <strong>1</strong>")


def test_what_was_chosen_stays_chosen_when_its_effect_is_shown(signed_in):
    first, second = waiting(2)
    page = signed_in.post(URL, {"act": "rehearse", "service": [first.pk]})
    assertContains(page, " checked>", count=1)
    assertContains(page, f'value="{first.pk}" form="kolejka"')


def test_in_a_project_of_two_people_an_own_service_is_left(signed_in, coordinator, project):
    project.needs_two_people = True
    project.save()
    (own,) = waiting(created_by=coordinator)
    (other,) = waiting()
    answer = signed_in.post(URL, {"service": [own.pk, other.pk], "act": "approve"})
    assert states() == ["submitted", "approved"]
    assert "inna osoba" in messages_of(answer)[1]


def test_staff_have_no_queue(client, staff):
    client.force_login(staff)
    assert client.get(URL).status_code == 403


def test_queries_do_not_grow_with_services(signed_in, query_count):
    waiting()
    before = query_count(URL)
    waiting(24)
    assert query_count(URL) == before
