import io
import zipfile
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from owes import pdf
from owes.jobs import order, run
from owes.models import Job
from support.models import ServiceType
from support.papers import batches
from support.papers.printing import UNAVAILABLE
from tests.factories import AttendanceFactory
from tests.support.papers.printed import pages, text

PARAMS = {
    "project": "sputnik-ii",
    "batch": "cards",
    "start": "2024-03-01",
    "end": "2024-03-31",
    "entity": None,
    "staff_member": None,
    "format": "pdf",
}


@pytest.fixture
def job(db):
    return Job.objects.create(kind="papers", key="a", params=PARAMS)


def url(job, name="paper_job"):
    return reverse(f"support:{name}", args=["sputnik-ii", job.pk])


def done(**params):
    job = order("papers", params=PARAMS | params)
    run(job.pk)
    job.refresh_from_db()
    return job


def content(job):
    with job.file.open() as file:
        return file.read()


def meeting(type="doradztwo prawne", **fields):
    return AttendanceFactory(
        session__day=date(2024, 3, 5),
        session__service__type=ServiceType.objects.get(name=type),
        **{f"session__service__{name}": value for name, value in fields.items()},
    )


def test_paper_job_asks_again_until_the_file_is_made(client, staff, job):
    client.force_login(staff)
    assertContains(client.get(url(job)), "czeka w kolejce")
    Job.objects.update(created_at=job.created_at - 2 * Job.PATIENCE)
    assertContains(client.get(url(job)), "Program, który robi to w tle, nie odpowiada.")
    Job.objects.update(state="running", progress=3, total=9)
    response = client.get(url(job), headers={"HX-Request": "true"})
    assertContains(response, "3 z 9")
    assertNotContains(response, "<html")
    job.file.save("k.pdf", ContentFile(b"%PDF-1"))
    Job.objects.update(state="done", file_name="karty.pdf", finished_at=job.created_at)
    assertContains(client.get(url(job)), "Pobierz pdf")
    response = client.get(url(job, "paper_file"))
    assert response["Content-Disposition"] == 'attachment; filename="karty.pdf"'
    assert b"".join(response.streaming_content) == b"%PDF-1"


def test_files_with_names_are_only_for_those_who_work_in_the_project(client, job, auditor, staff):
    client.force_login(auditor)
    assert (client.get(url(job)).status_code, client.get(url(job, "paper_file")).status_code) == (
        403,
        403,
    )
    Job.objects.update(params=PARAMS | {"project": "inny"})
    client.force_login(staff)
    assert (
        client.get(url(job)).status_code == client.get(url(job, "paper_file")).status_code == 404
    )


@pytest.mark.pdf
def test_cards_of_a_month_are_one_pdf(db):
    meeting(topic="Pierwszy temat")
    meeting(topic="Drugi temat")
    meeting(topic="Anulowany temat", state="cancelled")
    job = done()
    first, second = pages(content(job))
    assert ("Pierwszy temat" in first, "Drugi temat" in second) == (True, True)
    assert (job.state, job.progress, job.total, job.file_name) == (
        "done",
        2,
        2,
        "karty-uslug-2024-03-01-2024-03-31.pdf",
    )


@pytest.mark.pdf
def test_cards_of_a_month_are_files_named_by_day_entity_and_number(db):
    attendance = meeting(code="12/2024")
    attendance.entity.name = "Koło Gospodyń „Żurawinki” z Łąk Dolnych pod Starym Lasem"
    attendance.entity.save()
    with zipfile.ZipFile(io.BytesIO(content(done(format="zip")))) as archive:
        assert archive.namelist() == [
            "2024-03-05_kolo-gospodyn-zurawinki-z-lak-dolnych_12-2024.pdf"
        ]


@pytest.mark.pdf
def test_lists_are_of_trainings(db):
    meeting(topic="Narada")
    meeting("szkolenie", topic="Nauka")
    [page] = pages(content(done(batch="lists")))
    assert "Szkolenie: Nauka" in page


@pytest.mark.pdf
def test_register_is_a_file_too(db):
    attendance = meeting(state="approved")
    job = done(batch="services", filters={"state": "approved"})
    assert attendance.session.service.code in text(content(job))
    assert job.file_name.startswith("rejestr-uslug-")


def test_nothing_to_print_is_told(db):
    job = done(batch="collective")
    assert (job.state, job.error) == ("failed", "W tych dniach nie ma już czego drukować.")


def test_what_a_worker_could_not_lay_out_is_refused_with_a_way_out(db, monkeypatch):
    monkeypatch.setattr(batches, "MOST_ROWS", 1)
    monkeypatch.setattr(batches, "MOST_TOGETHER", 1)
    for _ in range(2):
        meeting(state="approved")
    assert done(batch="services", filters={}).error == (
        "Na PDF to za dużo: ponad 1 wierszy. Wybierz krótszy okres."
    )
    assert done().error == "Na jeden PDF to za dużo: 2 druków. Wybierz ZIP albo krótszy okres."


def test_machine_without_the_libraries_fails_with_the_remedy(db, monkeypatch):
    def missing(*args):
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "_laid_out", missing)
    meeting()
    job = done()
    assert (job.state, job.error) == ("failed", UNAVAILABLE.format(pdf.PdfUnavailable()))
