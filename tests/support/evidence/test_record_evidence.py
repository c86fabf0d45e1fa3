import hashlib

import pytest
from django.urls import reverse
from lxml import html
from pytest_django.asserts import assertContains, assertNotContains

from entities.models import SocialEnterpriseStatus
from support.models import Evidence, Scan, ServiceType
from support.papers.codes import Paper, code_of
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    EvidenceFactory,
    PartnershipFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    StaffTrainingFactory,
)
from tests.support.files import ATTACKS, GOOD, pdf_bytes, sent
from tests.support.papers.scanned import paper, photographed, saved


def status():
    return SocialEnterpriseStatus.objects.create(
        entity=EntityFactory(), basis="owes", valid_from="2022-05-01"
    )


RECORDS = {
    "service": ServiceFactory,
    "partnership": PartnershipFactory,
    "adoption": AdoptionFactory,
    "staff_training": StaffTrainingFactory,
    "entity": EntityFactory,
    "status": status,
    "person": PersonFactory,
}


def url_of(record, subject="service"):
    return reverse("support:record_evidence", args=["sputnik-ii", subject, record.pk])


def payload(*names, kind="karta podpisana", **files):
    good = [sent(name, GOOD[name]) for name in names]
    return {"kind": kind, "files": good + [sent(name, body) for name, body in files.items()]}


@pytest.mark.parametrize("subject", RECORDS)
def test_record_evidence_keeps_a_file_of_every_kind_of_record(client, staff, subject):
    record = RECORDS[subject]()
    client.force_login(staff)
    client.post(url_of(record, subject), payload("karta.pdf"))
    row = Evidence.objects.get()
    assert (row.subject, row.record, row.added_by) == (subject, record, staff)
    assert (row.state, row.kind) == ("waiting", "karta podpisana")
    page = client.get(url_of(record, subject)).content.decode()
    assert page.count("karta.pdf") == 1


def test_record_evidence_keeps_the_bytes_under_a_name_of_its_own(client, staff):
    service = ServiceFactory()
    client.force_login(staff)
    response = client.post(url_of(service), payload("Lista obecności 12.03.2024.PDF"))
    assert response.url == f"{service.get_absolute_url()}#dowody"
    row = Evidence.objects.get()
    whole = GOOD["Lista obecności 12.03.2024.PDF"]
    assert (row.file.read(), row.sha256) == (whole, hashlib.sha256(whole).hexdigest())
    assert row.file_name == "Lista obecności 12.03.2024.PDF"
    folder, _, name = row.file.name.rpartition("/")
    assert (folder.count("/"), len(name), name[-4:]) == (2, 36, ".pdf")
    assert row.history.get().history_user == staff


def test_record_evidence_takes_several_files_and_tells_of_the_bad(client, staff):
    service = ServiceFactory()
    client.force_login(staff)
    files = payload("karta.pdf", "zdjęcie.png", **{"obraz.svg": ATTACKS["obraz.svg"][0]})
    page = client.post(url_of(service), files, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "Dodano 2\u00a0pliki.",
        "obraz.svg: Takiego pliku nie przyjmujemy. Dodaj pdf, png, jpg, docx, xlsx albo csv.",
    ]
    assert service.evidence.count() == 2


def test_record_evidence_tells_of_the_same_file_and_keeps_one(client, staff):
    service = ServiceFactory()
    client.force_login(staff)
    client.post(url_of(service), payload("karta.pdf"), follow=True)
    page = client.post(
        url_of(service),
        {"kind": "inny", "files": [sent("inna nazwa.pdf", GOOD["karta.pdf"])]},
        follow=True,
    )
    assert [str(message) for message in page.context["messages"]] == [
        "inna nazwa.pdf: ten plik jest już przy tym zapisie, nie dodano go drugi raz."
    ]
    assert service.evidence.count() == 1
    assert len(list(Evidence.objects.get().file.storage.listdir(folder())[1])) == 1


def folder():
    return Evidence.objects.first().file.name.rpartition("/")[0]


def test_record_evidence_takes_again_what_was_withdrawn(client, staff):
    service = ServiceFactory()
    client.force_login(staff)
    for _ in range(2):
        client.post(url_of(service), payload("karta.pdf"))
        service.evidence.first().withdraw(staff, "pomyłka")
    assert service.evidence.count() == 2


def test_record_evidence_spells_a_kind_as_it_is_known(client, staff):
    service = ServiceFactory()
    client.force_login(staff)
    client.post(url_of(service), payload("karta.pdf", kind="  KARTA  podpisaną".replace("ą", "a")))
    assert service.evidence.get().kind == "karta podpisana"


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (
            {"kind": "", "files": []},
            {"kind": ["Uzupełnij to pole."], "files": ["Wybierz plik."]},
        ),
        (
            {"kind": "x", "files": [sent("a.pdf", b"")]},
            {"files": ["a.pdf: Plik jest pusty."]},
        ),
    ],
)
def test_record_evidence_refuses_with_a_sentence_and_keeps_what_was_typed(
    client, staff, data, errors
):
    client.force_login(staff)
    page = client.post(url_of(ServiceFactory()), data)
    assert page.context["form"].errors == errors
    assert page.context["form"]["kind"].value() == data["kind"]
    assert Evidence.objects.count() == 0


def test_record_evidence_cuts_the_way_out_of_the_folder(client, staff, settings):
    client.force_login(staff)
    client.post(url_of(ServiceFactory()), payload(**{"../../../karta.pdf": pdf_bytes()}))
    row = Evidence.objects.get()
    assert row.file_name == "karta.pdf"
    assert row.file.path.startswith(str(settings.MEDIA_ROOT))


def test_record_evidence_of_an_approved_service_may_follow(client, staff):
    service = ServiceFactory(state="approved")
    client.force_login(staff)
    page = client.get(url_of(service)).content.decode()
    assert page.count("brakuje: karta podpisana albo lista obecności") == 1
    client.post(url_of(service), payload("karta.pdf"))
    assert client.get(url_of(service)).content.decode().count("brakuje:") == 0
    service.evidence.get().judge(staff, "refused", "nieczytelna")
    assert client.get(url_of(service)).content.decode().count("brakuje:") == 1


def told_before_submitting(client, service):
    """What its page and both its forms say to be needed."""
    urls = [url_of(service), service.get_absolute_url()]
    urls += [
        reverse(f"support:{form}_edit", args=["sputnik-ii", service.pk])
        for form in ("visit", "service")
    ]
    pages = [html.fromstring(client.get(url).content.decode()) for url in urls]
    assert not any("brakuje:" in page.text_content() for page in pages)
    shown = "//*[not(@hidden)]/span[contains(@class, 'is-watch')]"
    badges = [
        [" ".join(row.text_content().split()) for row in page.xpath(shown)] for page in pages
    ]
    return [[text for text in texts if text.startswith("potrzebne")] for texts in badges]


def test_evidence_needed_is_told_before_submitting(client, staff):
    client.force_login(staff)
    service = ServiceFactory(created_by=staff)
    needed = ["potrzebne: karta podpisana albo lista obecności"]
    assert told_before_submitting(client, service) == [needed] * 4
    client.post(url_of(service), payload("karta.pdf"))
    assert told_before_submitting(client, service) == [[]] * 4
    service.evidence.get().judge(staff, "refused", "nieczytelna")
    assert told_before_submitting(client, service) == [needed] * 4


def test_a_type_without_people_needs_no_card(client, staff):
    client.force_login(staff)
    kind = ServiceType.objects.filter(needs_attendance=False).first()
    service = ServiceFactory(type=kind, created_by=staff)
    assert told_before_submitting(client, service) == [[]] * 4


def test_a_new_visit_says_what_evidence_its_types_need(client, staff):
    client.force_login(staff)
    page = client.get(reverse("support:visit_create", args=["sputnik-ii"]))
    [(requirement, types, is_needed)] = page.context["entry"].evidence_to_come
    attended = ServiceType.objects.filter(needs_attendance=True, is_open_event=False)
    assert set(types.split()) == {str(kind.pk) for kind in attended}
    assert (str(requirement), is_needed) == ("karta podpisana albo lista obecności", False)


def test_record_evidence_names_no_file_to_an_auditor(client, auditor):
    evidence = EvidenceFactory(
        file_name="Kowalska Anna.pdf",
        state="refused",
        reason="nie jej",
        service__state="approved",
    )
    client.force_login(auditor)
    page = client.get(url_of(evidence.service)).content.decode()
    counts = [page.count(text) for text in ("odrzucony", "Kowalska", "nie jej", 'type="file"')]
    assert counts == [1, 0, 0, 0]
    assert page.count("plik nieudostępniony") == 1
    answer = client.post(url_of(evidence.service), payload("karta.pdf"))
    assert (answer.status_code, Evidence.objects.count()) == (403, 1)


def test_record_evidence_of_a_draft_is_closed_to_an_auditor(client, auditor):
    client.force_login(auditor)
    assert client.get(url_of(ServiceFactory(state="submitted"))).status_code == 403


def test_record_evidence_is_closed_to_others(client, auditor, administrator, project):
    service = ServiceFactory()
    client.force_login(administrator)
    assert client.get(url_of(service)).status_code == 403
    client.force_login(auditor)
    closed = [(EntityFactory(), "entity"), (PersonFactory(), "person"), (status(), "status")]
    assert [client.get(url_of(*row)).status_code for row in closed] == [403, 403, 403]
    assert client.get(url_of(service, "nic")).status_code == 404


def test_record_evidence_of_another_project_is_not_there(client, staff):
    client.force_login(staff)
    assert client.get(url_of(ServiceFactory(project=ProjectFactory()))).status_code == 404


def test_record_evidence_asks_the_database_as_often_for_many_files(staff, client, query_count):
    client.force_login(staff)
    service = EvidenceFactory().service
    EvidenceFactory.create_batch(25, service=(many := ServiceFactory()))
    assert query_count(url_of(many)) == query_count(url_of(service))


@pytest.mark.parametrize("subject", ["adoption", "partnership", "staff_training"])
def test_lists_of_records_say_what_proves_each(client, staff, subject):
    record = RECORDS[subject]()
    client.force_login(staff)
    page = {
        "adoption": "adoption_list",
        "partnership": "partnership_list",
        "staff_training": "staff_list",
    }[subject]
    lists = reverse(f"support:{page}", args=["sputnik-ii"])

    def counts():
        text = client.get(lists).content.decode()
        return [
            text.count(words) for words in (url_of(record, subject), "0\u00a0plików", ", brakuje")
        ]

    assert counts() == [1, 1, 1]
    for requirement in record.project.evidence_requirements.filter(subject=subject):
        EvidenceFactory(service=None, kind=requirement.kinds[-1], **{subject: record})
    assert counts() == [1, 0, 0]


def test_page_of_a_person_shows_what_proves_them(client, staff):
    row = EvidenceFactory(service=None, person=PersonFactory(), kind="deklaracja uczestnika")
    client.force_login(staff)
    page = client.get(reverse("support:person_support", args=[row.person.pk])).content.decode()
    assert page.count(row.file_name) == 1


# Papers of other records


def printed_for(service):
    return paper(code_of(Paper.SERVICE, service.project, service))


@pytest.mark.pdf
def test_record_evidence_asks_whose_a_paper_of_another_record_is(client, staff):
    here, there = ServiceFactory(code="U/0429"), ServiceFactory(code="N/2024/6")
    client.force_login(staff)
    files = [sent("zdjęcie.jpg", saved(photographed(printed_for(there)), "JPEG"))]
    page = client.post(url_of(here), {"kind": "lista obecności", "files": files}, follow=True)
    assert Evidence.objects.count() == 0
    assertContains(page, "To karta usługi N/2024/6. Dodać ją tam, czy mimo to tutaj?")
    scan = Scan.objects.get()
    attach = reverse("support:scan_attach", args=["sputnik-ii", scan.pk])
    assertContains(page, f'action="{attach}"')
    client.post(attach, {"code": scan.codes})
    row = Evidence.objects.get()
    assert (row.service, row.kind) == (there, "karta podpisana")


@pytest.mark.pdf
def test_record_evidence_takes_a_paper_of_another_record_when_a_person_says_so(client, staff):
    here, there = ServiceFactory(), ServiceFactory()
    client.force_login(staff)
    files = [sent("karta.pdf", printed_for(there))]
    client.post(url_of(here), {"kind": "lista obecności", "files": files})
    scan = Scan.objects.get()
    answer = {"scan": scan.pk, "kind": "lista obecności"}
    page = client.post(url_of(here), answer, follow=True)
    assertContains(page, "Dodano plik mimo kodu innego zapisu.")
    row = Evidence.objects.get()
    assert (row.service, row.kind, row.scan) == (here, "lista obecności", scan)
    assertContains(client.get(row.get_absolute_url()), "Plik dodawano przy innym zapisie")
    page = client.post(url_of(here), answer, follow=True)
    assertContains(page, "Ten plik jest już przy tym zapisie.")
    assert Evidence.objects.count() == 1


@pytest.mark.pdf
def test_record_evidence_tells_of_a_paper_that_is_at_its_record_already(client, staff):
    here, there = ServiceFactory(), ServiceFactory()
    client.force_login(staff)
    card = printed_for(there)
    for record in (there, here):
        client.post(url_of(record), {"kind": "karta podpisana", "files": [sent("k.pdf", card)]})
    assert [row.service for row in Evidence.objects.all()] == [there]
    scan = Scan.objects.get()
    scan.state = "attached"
    scan.save()
    page = client.get(url_of(here), {"scan": scan.pk, "kind": "karta podpisana"})
    assertContains(page, "Ten plik jest już przy tamtym zapisie. Dodać go też tutaj?")


@pytest.mark.pdf
@pytest.mark.parametrize("keys", [lambda key: (key,), lambda key: (0,)], ids=["own", "blank"])
def test_record_evidence_takes_an_own_paper_and_a_blank_one(client, staff, keys):
    service = ServiceFactory()
    client.force_login(staff)
    printed = paper(code_of(Paper.SERVICE, service.project, *keys(service)))
    files = [sent("karta.pdf", printed)]
    client.post(url_of(service), {"kind": "karta podpisana", "files": files})
    assert (service.evidence.count(), Scan.objects.count()) == (1, 0)


@pytest.mark.pdf
def test_record_evidence_asks_of_a_paper_of_another_project(client, staff):
    service, foreign = ServiceFactory(), ServiceFactory(project=ProjectFactory())
    client.force_login(staff)
    files = [sent("karta.pdf", printed_for(foreign))]
    page = client.post(url_of(service), {"kind": "ankiety", "files": files}, follow=True)
    code = code_of(Paper.SERVICE, foreign.project, foreign)
    assertContains(page, f"Kod {code} jest z dokumentu innego projektu. Dodać go mimo to tutaj?")
    assertNotContains(page, "Dodaj tam")
    assert Evidence.objects.count() == 0
