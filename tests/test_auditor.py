"""What the funder's auditor reads: nothing that somebody typed freely.

Every column of text of the four apps is planted with a name, a phone and an e-mail of its own, in
every row and in its history, before a report is closed and a package made, and once more after.
Of a text that is printed every second row is planted with nothing but the inflected name of
somebody of the register.
Then whatever an auditor may open is opened: pages by the resolver and by links, lists as files,
PDFs with what they carry, the package. A column added later is planted without being named here.
"""

import io
import re
import zipfile
from collections import Counter
from datetime import date
from html import unescape

import pikepdf
import pypdfium2
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse
from pytest_django.asserts import assertContains

from entities.models import Entity, Person
from indicators.closing import closing, packages
from indicators.models import WORKED_OUT, Package, Report, ReportChange
from indicators.reports.builder import build_report
from indicators.reports.files import render_pdf
from owes.chain.triggers import rewriting
from owes.free_text import PrintedText
from owes.kept import Kept
from owes.models import Searchable, User
from support.models import (
    AcceptedWarning,
    Adoption,
    Partnership,
    StaffTraining,
)
from tests.browser.conftest import ROLES
from tests.browser.test_pages import addresses
from tests.factories import (
    AttendanceFactory,
    EvidenceFactory,
    PersonFactory,
)
from tests.support.files import GOOD

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("db")]

# What no person types as prose: keys, codes, sums, what the program writes for itself.
NOT_TYPED = {
    "code",
    "key",
    "number",
    "search_text",
    "sort_key",
    "folded_name",
    "password",
    "sha256",
    "official_sha256",
    "digest",
    "token",
    "fingerprint",
    "url",
    "nip",
    "regon",
    "krs",
    "postal_code",
    "seed",
    "clause_version",
    "entities.Merge.survivor_code",
    "entities.Merge.loser_code",
    "owes.Job.kind",
    "owes.Job.error",
    "owes.Job.file_name",
    "owes.Sequence.name",
    "owes.FormDraft.data",
    "support.CalendarFeed.digest",
    "support.ColumnMapping.register",
    "support.ColumnMapping.headers",
    "support.Import.register",
    "support.Scan.codes",
    "support.Scan.error",
    "indicators.ControlledRecord.label",
    "indicators.ControlledDocument.name",
    "indicators.ControlledDocument.proves",
    "indicators.ControlledDocument.about",
    "indicators.AcceptedFinding.check_code",
    "indicators.AcceptedFinding.record",
    "indicators.AcceptedFinding.facts",
    "indicators.ControlledRecord.indicator",
    "indicators.Target.indicator",
    "indicators.ProjectIndicator.code",
    "indicators.ReportLine.indicator",
    "indicators.ReportLine.rule",
    "indicators.ReportRecord.label",
    "indicators.ReportText.part",
}
WORDS = ("name", "short_name", "label", "source", "noun", "lacks", "achieved", "achieved_noun")
# What is written for the funder, and what names no participant: the contract, public registers,
# dictionaries, the centre's staff.
SHOWN = {
    "entities.Entity.name",
    "entities.Entity.locality",
    "entities.Entity.street",
    "entities.LocalGovernment.name",
    "entities.Merge.loser_name",
    "owes.Centre.address",
    "owes.Centre.name",
    "owes.User.email",
    "owes.User.name",
    "support.Activity.name",
    "support.AdoptionKind.full_name",
    "support.AdoptionKind.name",
    "support.AdoptionKind.statement",
    "support.EvidenceRequirement.documents",
    "support.ServiceType.name",
    "support.StaffMember.name",
    "support.Theme.name",
    "indicators.Target.means_of_verification",
    "indicators.IndicatorRule.basis",
    "indicators.IndicatorRule.summary",
    "indicators.IndicatorRule.text",
    *(f"indicators.ProjectIndicator.{name}" for name in WORDS),
    "indicators.ReportCost.name",
    "indicators.ReportLine.name",
    "indicators.ReportLine.means_of_verification",
    "indicators.ReportText.text",
    "indicators.Report.other_public_body",
}
EXPORTS = ("xlsx", "csv")
OF_ONE_PAGE = 4  # addresses opened of each page that links lead to


def typed_columns():
    """`(name, models that keep it, field)` of every column a person types in."""
    for app in ("owes", "entities", "support", "indicators"):
        for model in apps.get_app_config(app).get_models():
            is_made = issubclass(model, Kept) or model in WORKED_OUT
            if hasattr(model, "instance_type") or is_made:
                continue
            for field in model._meta.concrete_fields:
                name = f"{model._meta.label}.{field.name}"
                is_text = isinstance(field, models.CharField | models.TextField)
                if not is_text or field.choices or isinstance(field, models.SlugField):
                    continue
                if {field.name, name} & (NOT_TYPED | SHOWN) or name.startswith("support.Project."):
                    continue
                history = getattr(model, "history", None)
                yield name, [model, *([history.model] if history else [])], field


NAMED = {"first_name": "Seweryn", "last_name": "Plantowski", "sex": "M"}


def planted_names(field, model, secret):
    """Plants every second row of a column with a name alone, as people write it."""
    text = f"{secret}: rozmowa z Sewerynem Plantowskim"
    if isinstance(field, PrintedText) and len(text) <= (field.max_length or 999):
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))[::2]
        model._base_manager.filter(pk__in=keys).update(**{field.name: text})


def planted():
    """Plants every column; `{what is planted in it: its name}`."""
    found = {}
    for number, (name, kept_in, field) in enumerate(typed_columns()):
        secret = f"Zenobia{number}x"
        text = f"{secret} Plantowska, tel. 601 700 {number:03}, z{number}@plant.example"
        for model in kept_in:
            column = model._meta.get_field(field.name)
            fitting = text[: column.max_length] if column.max_length else text
            rows = model._base_manager.all()
            try:
                with transaction.atomic():
                    rows.update(**{field.name: fitting})
            except IntegrityError:  # a reason without what it is the reason of
                rows.exclude(**{field.name: ""}).update(**{field.name: fitting})
            planted_names(column, model, secret)
        found[secret] = name
    Person.objects.update_or_create(code="named", defaults=NAMED)
    for model in apps.get_models():
        if issubclass(model, Searchable):
            rows = list(model._base_manager.all())
            for row in rows:
                row.fill_search()
            model._base_manager.bulk_update(rows, ["search_text", "sort_key"], batch_size=500)
    return found


class Crawl:
    """What one signed-in user comes to; `told` says in which column a text is kept, and where."""

    def __init__(self, client, secrets):
        self.client, self.secrets = client, secrets
        self.pattern = re.compile("|".join(secrets))
        self.told, self.opened, self.seen = {}, Counter(), set()

    def open(self, address, limit=OF_ONE_PAGE):
        path = address.partition("#")[0]
        try:
            name = resolve(path.partition("?")[0]).view_name
        except Resolver404:
            return
        if path in self.seen or self.opened[name] >= limit:
            return
        self.seen.add(path)
        answer = self.client.get(path)
        if answer.status_code != 200:
            return
        self.opened[name] += 1
        content = b"".join(answer) if answer.streaming else answer.content
        self.read(content, path)
        self.read(answer.get("Content-Disposition", "").encode(), path)
        if not answer["Content-Type"].startswith("text/html"):
            return
        for link in re.findall(r'(?:href|src|hx-get)="(/[^"]*)"', content.decode()):
            self.open(unescape(link))
        for query in re.findall(r'href="(\?[^"#]*)', content.decode()):
            self.open(path.partition("?")[0] + unescape(query), limit=OF_ONE_PAGE + 3)

    def read(self, content, path):
        for text in texts_of(content):
            for secret in self.pattern.findall(text):
                self.told.setdefault(self.secrets[secret], set()).add(path)


def texts_of(content):
    """Everything readable in a page or a file, also in what it carries."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            for part in pack.namelist():
                yield part
                yield from texts_of(pack.read(part))
    elif content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        yield from (page.get_textpage().get_text_bounded() for page in document)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            yield str(pdf.docinfo)
            for attached in pdf.attachments.values():
                yield from texts_of(attached.get_file().read_bytes())
    else:
        yield content.decode(errors="ignore")


def completed(project):
    """The demonstration with something of every kind: evidence, a draft, a cancelled service."""
    coordinator = User.objects.get(email=ROLES["coordinator"])
    approved = project.services.filter(state="approved").order_by("pk")
    approved[0].cancel(coordinator, "powtórzona")
    for subject, record in {
        "service": approved[1],
        "person": Person.objects.first(),
        "entity": Entity.objects.first(),
        "adoption": Adoption.objects.first(),
        "partnership": Partnership.objects.first(),
        "staff_training": StaffTraining.objects.first(),
    }.items():
        row = EvidenceFactory(**{"service": None, subject: record}, state="verified")
        row.file.save("x.pdf", io.BytesIO(GOOD["karta.pdf"]))
        row.release(coordinator)
    AcceptedWarning.objects.create(
        service=approved[1], code="odd_time", key="1", sentence="x", reason="x", by=coordinator
    )
    return coordinator, project


def closed_report(project, coordinator):
    draft = Report.objects.create(
        project=project,
        kind="partial",
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        created_by=coordinator,
    )
    report = closing.keep_file(closing.close(draft, coordinator, "Zenobia Plantowska"))
    ReportChange.objects.create(report=report, reason="x", by=coordinator)
    package = Package.objects.create(report=report, purpose="kontrola", by=coordinator)
    packages.make(package)
    return report


@pytest.mark.pdf
def test_nothing_typed_freely_reaches_the_auditor(client, demo):
    coordinator, project = completed(demo)
    with rewriting():
        secrets = planted()
    report = closed_report(project, coordinator)
    with rewriting():
        assert planted() == secrets
    names = {name: secret for secret, name in secrets.items()}
    assert {
        "support.Service.outcome",
        "support.Evidence.file_name",
        "entities.Person.last_name",
    } <= names.keys()

    client.force_login(User.objects.get(email=ROLES["auditor"]))
    crawl = Crawl(client, secrets)
    for path in addresses().values():
        crawl.open(path)
    for path in {path for path in crawl.seen if "?" not in path}:
        for kind in EXPORTS:
            crawl.open(f"{path}?format={kind}", limit=9)
    crawl.open(reverse("indicators:report_detail", args=[project.slug, report.pk]))
    crawl.read(render_pdf(build_report(project, "final", project.period)), "copy")
    assert crawl.told == {}
    for word in ("plantowska", "601 700", "sewerynem", "plantowskim"):
        assert client.get(reverse("owes:search"), {"q": word}).context["groups"] == []
        for page in ("service_list", "adoption_list", "partnership_list", "staff_list"):
            shown = client.get(reverse(f"support:{page}", args=[project.slug]), {"q": word})
            assert shown.context["table"].paginator.count == 0, page
    assert {
        "support:service_detail",
        "support:evidence_detail",
        "support:evidence_file",
        "support:calendar",
        "entities:entity_detail",
        "support:entity_support",
        "entities:person_detail",
        "indicators:report_detail",
        "indicators:report_document",
        "indicators:report_official",
        "indicators:indicator_detail",
        "indicators:package_file",
    } <= crawl.opened.keys()


DAY = date(2023, 3, 9)
TOPICS = {
    "Rozmowa z Pauliną Fijałkowską o sporze": "imię i nazwisko",
    "Spór Kowalskiego": "imię i nazwisko",
    "Wniosek p. Kowalskiej": "imię i nazwisko",
    "Dzwonić: 601 234 567": "numer telefonu",
    "PESEL 80010112345": "ciąg 11 cyfr",
    "Pisać na a.b@poczta.example": "adres e-mail",
}


def topic_addresses(service, entity):
    """Where an auditor reads the topic of a service: pages, lists as files, the search."""
    slug, day = service.project.slug, service.sessions.get().day
    word = service.topic.split()[0]
    services = reverse("support:service_list", args=[slug])
    return [
        service.get_absolute_url(),
        f"{services}?q={service.code}",
        f"{services}?q={word}",
        *(f"{services}?format={kind}" for kind in EXPORTS),
        f"{reverse('support:calendar', args=[slug])}?day={day}",
        reverse("support:entity_support", args=[entity.pk]),
        reverse("indicators:entity_indicators", args=[entity.pk]),
        reverse("indicators:indicator_detail", args=[slug, "pes"]),
        f"{reverse('owes:search')}?q={service.code}",
        f"{reverse('owes:search')}?q={word}",
    ]


def named_service(topic):
    """An approved service at which Paulina Fijałkowska was."""
    person = Person.objects.filter(last_name="Fijałkowska").first()
    person = person or PersonFactory(first_name="Paulina", last_name="Fijałkowska")
    row = AttendanceFactory(
        person=person, state="present", session__service__state="approved", session__day=DAY
    )
    row.session.service.topic = topic
    row.session.service.save()
    return row.session.service, row.entity


@pytest.mark.parametrize(("topic", "kinds"), TOPICS.items())
def test_a_topic_that_leads_to_somebody_is_covered_wherever_it_stands(
    client, auditor, coordinator, topic, kinds
):
    PersonFactory(first_name="Jan", last_name="Kowalski")
    service, entity = named_service(topic)
    client.force_login(auditor)
    told = {}
    for path in topic_addresses(service, entity):
        answer = client.get(path)
        assert answer.status_code == 200, path
        texts = list(texts_of(b"".join(answer) if answer.streaming else answer.content))
        told[path] = any(topic in text for text in texts)
    assert [path for path, is_told in told.items() if is_told] == []
    assertContains(client.get(service.get_absolute_url()), f"treść zasłonięta ({kinds})")
    client.force_login(coordinator)
    assertContains(client.get(service.get_absolute_url()), f"Temat: {kinds}.")


def test_covering_topics_asks_as_much_of_one_as_of_many(
    client, auditor, django_assert_num_queries
):
    client.force_login(auditor)
    service, _ = named_service("Rozmowa z Pauliną Fijałkowską")
    page = reverse("support:service_list", args=[service.project.slug])
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    for topic in ("Spór Fijałkowskiej", "p. Fijałkowska", "P. Fijałkowska"):
        named_service(topic)
    with django_assert_num_queries(len(queries)):
        shown = client.get(page)
    assert shown.content.decode().count("treść zasłonięta") == 4
