from tests.factories import ProjectFactory, StaffTrainingFactory


def payload(training, **changes):
    return {
        "staff_member": training.staff_member_id,
        "topic": "Nowy temat",
        "organiser": "",
        "starts_on": "09.03.2023",
        "ends_on": "",
        "hours": "",
        "certificate_number": "",
    } | changes


def test_staff_training_edit_saves(client, staff):
    training = StaffTrainingFactory(hours="7.50")
    client.force_login(staff)
    page = client.get(training.get_absolute_url()).content.decode()
    assert 'value="7,50"' in page
    client.post(training.get_absolute_url(), payload(training))
    training.refresh_from_db()
    assert (training.topic, training.hours) == ("Nowy temat", None)


def test_staff_training_edit_is_not_for_auditors(client, auditor):
    client.force_login(auditor)
    assert client.get(StaffTrainingFactory().get_absolute_url()).status_code == 403


def test_staff_training_edit_finds_nothing_of_another_project(client, staff):
    client.force_login(staff)
    other = StaffTrainingFactory(project=ProjectFactory())
    assert client.get(other.get_absolute_url()).status_code == 404
