"""A project without records, set up by its coordinator or by an administrator."""

import pytest

from tests.factories import MembershipFactory, ProjectFactory, ServiceFactory


@pytest.fixture
def new(coordinator):
    project = ProjectFactory(slug="kuznia-2025", name="Kuźnia")
    MembershipFactory(user=coordinator, project=project, role="coordinator")
    return project


def answers(client, url, user, form):
    client.force_login(user)
    return [client.get(url).status_code, client.post(url, form).status_code]


def is_closed_by_the_first_record(client, url, user, form, project):
    """Whether the step is refused once there is something to count."""
    ServiceFactory(project=project)
    return answers(client, url, user, form) == [403, 403]
