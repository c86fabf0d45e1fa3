import errno

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertTemplateUsed

from owes import urls
from tests.owes.operating.test_faults import told

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def fails(client, monkeypatch):
    """The answer of a page that fails with an error."""
    [page] = [each for each in urls.owes_pages if each.name == "healthz"]
    client.raise_request_exception = False

    def answer(error):
        @login_not_required
        def fail(request):
            raise error

        monkeypatch.setattr(page, "callback", fail)
        return client.get(reverse("owes:healthz"))

    return answer


@pytest.mark.parametrize(
    ("error", "heading", "seconds"),
    [
        (told(OperationalError, pgcode="57P01"), "Baza danych chwilowo nie odpowiada", "10"),
        (told(OperationalError, pgcode="40P01"), "Ktoś inny właśnie zapisuje to samo", "5"),
        (OSError(errno.ENOSPC, "pełny"), "Na serwerze nie ma miejsca", "60"),
    ],
)
def test_what_passes_by_itself_asks_to_try_again(
    fails, django_assert_num_queries, error, heading, seconds
):
    with django_assert_num_queries(0):
        answer = fails(error)
    assertContains(answer, heading, status_code=503)
    assertTemplateUsed(answer, "503.html")
    assert answer.headers["Retry-After"] == seconds


def test_another_error_is_one_of_the_program(fails):
    answer = fails(ValueError())
    assertContains(answer, "Błąd programu", status_code=500)
    assert "Retry-After" not in answer.headers
