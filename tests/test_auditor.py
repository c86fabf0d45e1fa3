"""What the funder's auditor reads: nothing that somebody typed freely.

Every column of text of the four apps is planted with a name, a phone and an e-mail of its own, in
every row and in its history, before a report is closed and a package made, and once more after.
Then whatever an auditor may open is opened: pages by the resolver and by links, lists as files,
PDFs with what they carry, the package. A column added later is planted without being named here.
"""

import io
import re
import zipfile
from collections import Counter
from html import unescape

import pikepdf
import pypdfium2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.urls import Resolver404, resolve, reverse

from entities.models import Entity, Person
from indicators import closing, packages
from indicators.models import Package, Report, ReportChange
from indicators.report_files import render_pdf
from indicators.reports import IndicatorReport
from owes.models import Searchable, User
from support.models import (
    AcceptedWarning,
    Adoption,
    Partnership,
    StaffTraining,
)
from tests.browser.conftest import ROLES
from tests.browser.test_pages import addresses
from tests.factories import EvidenceFactory, sputnik
from tests.support.files import GOOD

pytestmark = pytest.mark.django_db

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
    "indicators.ReportLine.indicator",
    "indicators.ReportLine.rule",
    "indicators.ReportRecord.label",
    "indicators.ReportText.part",
}
# What is written for the funder, and what names no participant: the contract, public registers,
# dictionaries, the centre's staff.
SHOWN = {
    "entities.Entity.name",
    "entities.Entity.locality",
    "entities.Entity.street",
    "entities.LocalGovernment.name",
    "entities.Merge.loser_name",
    "owes.User.email",
    "owes.User.name",
    "support.Activity.name",
    "support.EvidenceRequirement.documents",
    "support.ServiceType.name",
    "support.StaffMember.name",
    "support.Theme.name",
    "indicators.Target.means_of_verification",
    "indicators.Reading.basis",
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
            if hasattr(model, "instance_type"):
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
        found[secret] = name
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


def demonstration(settings):
    """The demonstration with something of every kind: evidence, a draft, a cancelled service."""
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    coordinator = User.objects.get(email=ROLES["coordinator"])
    project = sputnik()
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
def test_nothing_typed_freely_reaches_the_auditor(client, settings):
    coordinator, project = demonstration(settings)
    secrets = planted()
    report = closed_report(project, coordinator)
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
    crawl.read(render_pdf(IndicatorReport.gather(project, "final", project.period)), "copy")
    assert crawl.told == {}
    for word in ("plantowska", "601 700"):
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
