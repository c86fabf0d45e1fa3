"""What tests of imports share: a coordinator at the pages, and work that is done at once."""

import pytest


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def post(signed_in, django_capture_on_commit_callbacks):
    """Sends something; the background work runs at once, as it would a moment later."""

    def posting(url, data):
        with django_capture_on_commit_callbacks(execute=True):
            return signed_in.post(url, data)

    return posting
