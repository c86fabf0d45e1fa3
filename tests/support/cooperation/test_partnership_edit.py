from django.urls import reverse

from tests.factories import EntityFactory, PartnershipFactory, ProjectFactory


def payload(**changes):
    return {
        "local_government": "Gostynin (miejska) (140401)",
        "kind": "meeting",
        "day": "05.01.2021",
        "document_number": "",
        "description": "",
        "entities": [],
    } | changes


def test_partnership_edit_keeps_an_imported_day_outside_the_period(client, staff):
    partnership = PartnershipFactory(day="2021-01-05")
    client.force_login(staff)
    client.post(partnership.get_absolute_url(), payload())
    partnership.refresh_from_db()
    assert (partnership.kind, str(partnership.day)) == ("meeting", "2021-01-05")


def test_partnership_edit_refuses_a_new_day_outside_the_period(client, staff):
    partnership = PartnershipFactory(day="2021-01-05")
    client.force_login(staff)
    response = client.post(partnership.get_absolute_url(), payload(day="06.01.2021"))
    assert list(response.context["form"].errors) == ["day"]


def test_partnership_edit_touches_only_the_links_that_change(client, staff):
    stays, goes, comes = EntityFactory.create_batch(3)
    partnership = PartnershipFactory(entities=[stays, goes])
    link = partnership.entity_links.get(entity=stays)
    client.force_login(staff)
    client.post(
        partnership.get_absolute_url(),
        payload(day="09.03.2023", entities=[stays.code, comes.code]),
    )
    assert set(partnership.entities.all()) == {stays, comes}
    assert partnership.entity_links.get(entity=stays) == link
    deleted = partnership.entity_links.model.history.filter(history_type="-")
    assert [row.entity for row in deleted] == [goes]


def test_partnership_edit_is_not_for_auditors(client, auditor):
    client.force_login(auditor)
    assert client.get(PartnershipFactory().get_absolute_url()).status_code == 403


def test_partnership_edit_finds_nothing_of_another_project(client, staff):
    other = PartnershipFactory(project=ProjectFactory())
    client.force_login(staff)
    url = reverse("support:partnership_edit", args=["sputnik-ii", other.pk])
    assert [client.get(url).status_code, client.get(other.get_absolute_url()).status_code] == [
        404,
        404,
    ]
