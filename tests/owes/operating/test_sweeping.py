import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from owes import jobs
from owes.chain.triggers import rewriting
from owes.models import Centre, Job
from owes.operating.sweeping import find_strays
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("db")


def aged(name):
    """A file of the day before yesterday."""
    path = default_storage.path(default_storage.save(name, ContentFile(b"x")))
    os.utime(path, (0, 0))
    return name


def found():
    strays = find_strays()
    return strays.files, strays.rows


def test_a_file_that_no_row_knows_and_a_row_without_a_file_are_found():
    aged("jobs/a.pdf")
    Job.objects.create(key="1", file=aged("jobs/b.pdf"))
    lost = Job.objects.create(key="2", file="jobs/c.pdf")
    assert found() == (["jobs/a.pdf"], [f"job {lost.pk}: jobs/c.pdf"])


def test_a_file_whose_row_may_be_on_its_way_is_left_alone():
    default_storage.save("jobs/a.pdf", ContentFile(b"x"))
    assert found() == ([], [])


def test_a_former_version_of_a_record_keeps_its_file():
    for name in ("pierwszy.png", "drugi.png"):
        Centre(name="Ośrodek", logo=SimpleUploadedFile(name, b"x")).save()
    for path in Path(default_storage.path("centre")).iterdir():
        os.utime(path, (0, 0))
    assert found() == ([], [])
    with rewriting():
        Centre.history.all().delete()
    assert found() == (["centre/pierwszy.png"], [])


def test_half_a_file_of_a_killed_process_is_found():
    aged(".unfinished/4f1c")
    assert found() == ([".unfinished/4f1c"], [])


def listed():
    said = StringIO()
    try:
        call_command("sweep_files", stdout=said)
    except SystemExit as end:
        return end.code, said.getvalue().splitlines()
    return 0, said.getvalue().splitlines()


def test_the_command_lists_them_and_deletes_nothing():
    assert listed() == (0, ["Każdy zapis ma swój plik, a każdy plik zapis."])
    aged("jobs/a.pdf")
    lines = ["Plik bez zapisu: jobs/a.pdf", "Bez zapisu: 1\u00a0plik. Bez pliku: 0\u00a0zapisów."]
    assert listed() == listed() == (1, lines)


def test_the_administrators_hear_once_of_the_same_strays(mailoutbox):
    UserFactory(is_administrator=True)
    jobs.sweep_files()
    assert mailoutbox == []
    aged("jobs/Zaradkowska.pdf")
    jobs.sweep_files()
    jobs.sweep_files()
    [letter] = mailoutbox
    assert "Bez zapisu: 1\u00a0plik." in letter.body
    assert "Zaradkowska" not in letter.body
    aged("jobs/b.pdf")
    jobs.sweep_files()
    assert len(mailoutbox) == 2
