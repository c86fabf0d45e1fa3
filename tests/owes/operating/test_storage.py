import resource
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from owes import jobs
from owes.models import Centre, Job
from owes.operating.storage import UNFINISHED


@pytest.fixture
def no_place():
    """A disk that takes 1000 bytes of a file, to this process alone."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def left(settings):
    return [str(path) for path in Path(settings.MEDIA_ROOT).rglob("*")]


@pytest.mark.usefixtures("no_place")
def test_a_full_disk_leaves_neither_half_a_file_nor_a_folder(settings):
    with pytest.raises(OSError, match="File too large"):
        default_storage.save("a/b/c.pdf", ContentFile(b"x" * 2000))
    assert left(settings) == []


@pytest.mark.usefixtures("no_place")
def test_what_was_there_before_stays(settings):
    default_storage.save("a/b/first.pdf", ContentFile(b"x"))
    with pytest.raises(OSError, match="File too large"):
        default_storage.save("a/b/c.pdf", ContentFile(b"x" * 2000))
    assert default_storage.listdir("a/b") == ([], ["first.pdf"])


@pytest.mark.parametrize(
    "content", [ContentFile(b"\x00x" * 9), ContentFile("treść"), SimpleUploadedFile("a", b"x")]
)
def test_a_file_is_kept_as_it_was_given(settings, content):
    expected = content.read()
    content.seek(0)
    name = default_storage.save("a/c.pdf", content)
    path = Path(settings.MEDIA_ROOT, name)
    assert path.read_bytes() == (expected.encode() if isinstance(expected, str) else expected)
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert not Path(settings.MEDIA_ROOT, UNFINISHED).exists()


def test_two_files_of_one_name_are_two():
    names = {default_storage.save("a/c.pdf", ContentFile(b"x")) for _ in range(2)}
    assert len(names) == 2


@pytest.mark.usefixtures("db", "no_place")
def test_work_says_that_there_is_no_place(monkeypatch, settings):
    made = "raport.pdf", b"x" * 2000
    monkeypatch.setitem(jobs.HANDLERS, "proba", lambda row, progress: made)
    row = Job.objects.create(kind="proba", key="proba:1")
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error, row.file.name) == ("failed", jobs.NO_PLACE, "")
    assert left(settings) == []


@pytest.mark.usefixtures("db", "no_place")
def test_a_row_is_not_saved_without_its_file(settings):
    with pytest.raises(OSError, match="File too large"), transaction.atomic():
        Centre(name="Ośrodek", logo=SimpleUploadedFile("znak.png", b"x" * 2000)).save()
    assert (Centre.objects.count(), left(settings)) == (0, [])
