"""Files of many papers, made in the background: cards and lists, registers, certificates."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Exists, OuterRef, TextChoices
from django.utils.text import capfirst

from entities.models import Entity
from owes.formatting import plural
from owes.jobs import JobFailed
from owes.models import Job
from owes.pdf import PdfUnavailable
from owes.periods import Period
from support.models import Project, Service, Session, StaffMember
from support.papers import certificates, registers
from support.papers.attendance import attendance_list
from support.papers.cards import collective_cards, service_card
from support.papers.printing import UNAVAILABLE, joined_pdf, zipped

# What a worker can lay out within its time and memory.
MOST_ROWS = 3000
MOST_TOGETHER = 400


class Batch(TextChoices):
    """The contents of a batch: many papers of meetings, or one register."""

    COLLECTIVE = "collective", "karty zbiorcze"
    CARDS = "cards", "karty usług"
    LISTS = "lists", "listy obecności"
    UNSIGNED = "unsigned", "karty i listy niepodpisane"
    SERVICES = "services", registers.PrintedRegister.SERVICES.label
    ENTITIES = "entities", registers.PrintedRegister.ENTITIES.label
    PARTICIPANTS = "participants", registers.PrintedRegister.PARTICIPANTS.label
    CERTIFICATES = "certificates", "zaświadczenia"
    CERTIFICATE_REGISTER = "certificate_register", registers.PrintedRegister.CERTIFICATES.label


REGISTERS = {
    Batch.SERVICES: registers.services_register,
    Batch.ENTITIES: registers.entities_register,
    Batch.PARTICIPANTS: registers.participants_register,
}
OF_CERTIFICATES = [Batch.CERTIFICATES, Batch.CERTIFICATE_REGISTER]
OF_MEETINGS = [batch for batch in Batch if batch not in {*REGISTERS, *OF_CERTIFICATES}]


@dataclass(frozen=True)
class Meetings:
    """The meetings to print papers of: inside the project and the days, not cancelled.

    `chosen` are keys of unsigned services; when given, they replace the other conditions.
    """

    project: Project
    days: Period
    entity: Entity | None = None
    staff_member: StaffMember | None = None
    chosen: tuple = ()

    def sessions(self):
        sessions = Session.objects.inside(self.project, self.days).standing()
        if self.entity:
            sessions = sessions.received_by(self.entity)
        return sessions.led_by(self.staff_member) if self.staff_member else sessions

    def collective(self):
        return collective_cards(self.project, self.days, self.entity, self.staff_member)

    def services(self):
        """Those with cards, by their first day."""
        sessions = self.sessions().on_cards().filter(service=OuterRef("pk"))
        services = self.project.services.filter(Exists(sessions))
        return services.with_dates().order_by("first_day", "pk")

    def lists(self):
        return self.sessions().on_lists().order_by("starts_at", "pk")

    def unsigned(self):
        """Services whose card or list has not come back signed, by their first day."""
        services = self.project.services.awaiting_signature()
        if self.chosen:
            services = services.filter(pk__in=self.chosen)
        else:
            services = services.filter(Exists(self.sessions().filter(service=OuterRef("pk"))))
        return services.with_dates().order_by("first_day", "pk")

    def left_out(self):
        """What the cards of services leave out, a sentence each."""
        services = self.project.services.filter(
            Exists(self.sessions().filter(service=OuterRef("pk")))
        )
        has_card = Exists(self.sessions().on_cards().filter(service=OuterRef("pk")))
        on_lists = services.filter(~has_card).count()
        drafts = services.filter(has_card, state__in=Service.EDITABLE).count()
        sentences = []
        if on_lists:
            counted = plural(on_lists, "usługa ma,usługi mają,usług ma")
            sentences.append(
                f"{counted} listy obecności zamiast karty (szkolenia, wydarzenia otwarte): "
                f"wybierz „{Batch.LISTS.label}”."
            )
        if drafts:
            counted = plural(drafts, "karta jest,karty są,kart jest")
            sentences.append(
                f"{counted} z usług niezłożonych: kartka to mówi, a ich godziny nie wchodzą do "
                f"sum. Wśród „{Batch.UNSIGNED.label}” ich nie ma."
            )
        return sentences

    def printouts(self, batch):
        """`(number of papers, the papers, gathered one by one)`."""
        if batch == Batch.COLLECTIVE:
            cards = self.collective()
            return len(cards), (card.printout() for card in cards)
        if batch == Batch.CARDS:
            services = self.services().for_papers()
            return len(services), (service_card(service) for service in services)
        if batch == Batch.UNSIGNED:
            papers = [
                make for service in self.unsigned().for_papers() for make in _signed(service)
            ]
            return len(papers), (make() for make in papers)
        sessions = list(self.lists())
        services = Service.objects.for_papers().in_bulk({row.service_id for row in sessions})
        return len(sessions), (attendance_list(services[row.service_id], row) for row in sessions)


def _signed(service):
    """Functions that make the papers of a service to sign: its card, or a list of each meeting."""
    if not service.type.teaches:
        return [partial(service_card, service)]
    return [partial(attendance_list, service, session) for session in service.sessions.all()]


def make_batch(params, progress):
    """`(file name, content)` of a batch; the parameters are those of `support/papers/forms.py`."""
    project = Project.objects.get(slug=params["project"])
    batch = Batch(params["batch"])
    days = Period(date.fromisoformat(params["start"]), date.fromisoformat(params["end"]))
    try:
        if batch in REGISTERS:
            printout = REGISTERS[batch](project, days, **params["filters"])
            if len(printout.context["rows"]) > MOST_ROWS:
                raise JobFailed(
                    f"Na PDF to za dużo: ponad {MOST_ROWS} wierszy. Wybierz krótszy okres."
                )
            return printout.file_name, printout.pdf()
        if batch in OF_CERTIFICATES:
            return _of_certificates(project, batch, params, progress)
        entity, staff_member = params["entity"], params["staff_member"]
        meetings = Meetings(
            project,
            days,
            entity and Entity.objects.get(pk=entity),
            staff_member and StaffMember.objects.get(pk=staff_member),
            tuple(params.get("services", ())),
        )
        return _of_meetings(meetings, batch, params["format"], progress)
    except PdfUnavailable as error:
        raise JobFailed(UNAVAILABLE.format(error)) from error


def _of_meetings(meetings, batch, format, progress):
    total, printouts = meetings.printouts(batch)
    if not total:
        raise JobFailed("W tych dniach nie ma już czego drukować.")
    days = meetings.days
    name = f"{batch.label} {days.start:%Y-%m-%d} {days.end:%Y-%m-%d}"
    return _together(printouts, total, name, format, progress)


def _of_certificates(project, batch, params, progress):
    """The certificates whose keys the order names, by their numbers."""
    rows = project.certificates.for_list().filter(pk__in=params["certificates"])
    rows = rows.order_by("year", "ordinal")
    if batch == Batch.CERTIFICATE_REGISTER:
        printout = certificates.register(project, rows, params["asked"])
        return printout.file_name, printout.pdf()
    printouts = map(certificates.certificate, rows)
    return _together(printouts, len(rows), batch.label, params["format"], progress)


def _together(printouts, total, name, format, progress):
    """One PDF or one ZIP of the papers; the name of the file has no Polish letters."""
    file_name = f"{name.replace(' ', '-').replace('ł', 'l').replace('ś', 's')}.{format}"
    if format == "pdf" and total > MOST_TOGETHER:
        raise JobFailed(
            f"Na jeden PDF to za dużo: {total} druków. Wybierz ZIP albo krótszy okres."
        )
    if format == "zip":
        return file_name, zipped(printouts, lambda done: progress(done, total))
    return file_name, joined_pdf(printouts, capfirst(name), lambda done: progress(done, total))


def paper_jobs(project):
    """The batches ordered in a project, newest first."""
    jobs = Job.objects.filter(kind="papers", params__project=project.slug)
    return jobs.select_related("owner").order_by("-created_at")
