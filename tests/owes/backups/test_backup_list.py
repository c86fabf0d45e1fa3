from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from owes.models import Backup

PAGE = reverse("owes:backup_list")
ACCOUNT = reverse("account_change_password")


def aged(**age):
    return Backup.objects.create(name="owes-1.tar.age", made_at=timezone.now() - timedelta(**age))


def test_only_administrators_see_the_backups(client, administrator, coordinator):
    client.force_login(coordinator)
    assert client.get(PAGE).status_code == 403
    client.force_login(administrator)
    for number in range(12):
        aged(days=12 - number)
    Backup.objects.create(name="x", made_at=timezone.now(), trouble="Brak miejsca.")
    page = client.get(PAGE)
    assert len(page.context["table"].rows) == 10
    assertContains(page, "Brak miejsca.")
    assertContains(page, "Nie ma klucza, którym szyfruje się kopię")


@pytest.mark.parametrize(
    ("age", "sentence"),
    [
        (None, "Nie zrobiono jeszcze żadnej kopii zapasowej."),
        ({"days": 3}, "Ostatnia dobra kopia zapasowa ma 3\u00a0dni."),
        ({"days": 1}, ""),
    ],
)
def test_an_old_backup_is_told_to_administrators_on_every_page(
    client, administrator, coordinator, settings, age, sentence
):
    if age:
        aged(**age)
    Backup.objects.create(name="x", made_at=timezone.now(), trouble="Brak miejsca.")
    client.force_login(administrator)
    notice = '<a href="/centre/backups/">Kopie zapasowe</a>'
    page = client.get(ACCOUNT)
    (assertContains if sentence else assertNotContains)(page, f"{sentence} {notice}")
    client.force_login(coordinator)
    assertNotContains(client.get(ACCOUNT), "kopi")
    settings.DEMO = True
    client.force_login(administrator)
    assertNotContains(client.get(ACCOUNT), f"{sentence} {notice}")
