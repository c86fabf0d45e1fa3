from tests.factories import AdoptionFactory, ProjectFactory, ServiceFactory


def payload(adoption, **changes):
    return {
        "entity": adoption.entity.code,
        "kind": "eco",
        "day": f"{adoption.day}",
        "description": "",
        "services": [],
    } | changes


def test_adoption_edit_keeps_an_imported_day_outside_the_period(client, staff):
    adoption = AdoptionFactory(day="2021-01-05")
    client.force_login(staff)
    client.post(adoption.get_absolute_url(), payload(adoption))
    adoption.refresh_from_db()
    assert (adoption.kind_id, str(adoption.day)) == ("eco", "2021-01-05")


def test_adoption_edit_brings_the_services_to_those_chosen(client, staff):
    stays, goes, comes = ServiceFactory.create_batch(3)
    adoption = AdoptionFactory(services=[stays, goes])
    link = adoption.service_links.get(service=stays)
    client.force_login(staff)
    url, services = adoption.get_absolute_url(), [stays.code, comes.code]
    client.post(url, payload(adoption, services=services))
    assert set(adoption.services.all()) == {stays, comes}
    assert adoption.service_links.get(service=stays) == link


def test_adoption_edit_is_not_for_auditors(client, auditor):
    client.force_login(auditor)
    assert client.get(AdoptionFactory().get_absolute_url()).status_code == 403


def test_adoption_edit_finds_nothing_of_another_project(client, staff):
    client.force_login(staff)
    other = AdoptionFactory(project=ProjectFactory())
    assert client.get(other.get_absolute_url()).status_code == 404
