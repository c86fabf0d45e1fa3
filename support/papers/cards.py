"""Karta doradztwa: of one service, and collective of an entity, an adviser and a month.

A card names its people and is signed; hours on it are clock time. A blank card is for a visit
without a computer: what is known is printed, the rest is written by hand.
"""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from entities.models import Entity
from owes.folding import fold
from owes.formatting import month as month_words
from owes.periods import Period
from support.models import Attendance, Service, Session, StaffMember
from support.papers.codes import BLANK, Paper, code_of
from support.papers.printing import Printout
from support.roster.lists import participants_of

REMOTE = {Service.Mode.ONLINE, Service.Mode.PHONE, Service.Mode.EMAIL}
EMPTY_PEOPLE = 3
EMPTY_SESSIONS = 12
NAME_LENGTH = 40


def file_name(day, entity, number):
    """RRRR-MM-DD_podmiot_nr.pdf, which sorts by day and opens on any system."""
    words = slugify(fold(str(entity or "bez podmiotu"))).split("-")
    while len(words) > 1 and len("-".join(words)) > NAME_LENGTH:
        words.pop()
    day = f"{day:%Y-%m-%d}" if day else "bez-terminu"
    return f"{day}_{'-'.join(words)[:NAME_LENGTH]}_{slugify(str(number).replace('/', '-'))}.pdf"


def card_words(type):
    """The title of a card. The name of a kind decides about words only, never about a rule."""
    return "Karta doradztwa" if fold(str(type)).startswith("doradztwo") else "Karta usługi"


def service_card(service, is_blank=False):
    """The card of one service from `for_papers()`, with a row for each meeting."""
    sessions = list(service.sessions.all())
    recipients = list(service.recipients.all())
    people = [] if is_blank else _people(sessions)
    return Printout(
        template="support/papers/service_card.html",
        project=service.project,
        title=f"{card_words(service.type)} nr {service.printed_number}",
        subtitle=service.topic,
        code=code_of(Paper.SERVICE, service.project, service),
        url=service.get_absolute_url(),
        mark="usługa anulowana" if service.is_cancelled else "",
        file_name=file_name(
            sessions[0].day if sessions else None,
            recipients[0] if recipients else None,
            service.printed_number,
        ),
        context={
            "service": service,
            "recipients": recipients,
            "sessions": sessions,
            "minutes": sum(session.minutes for session in sessions),
            "outside": [row for row in sessions if row.day not in service.project.period],
            "people": people,
            "empty_people": range(0 if people else EMPTY_PEOPLE),
            "modes": [(mode.label, mode == service.mode) for mode in Service.Mode],
            "is_remote": service.mode in REMOTE,
            "is_blank": is_blank,
            "is_handed_in": not service.is_editable,
        },
    )


def _people(sessions):
    """People present, and before the meeting those expected."""
    wanted = {Attendance.State.PRESENT, Attendance.State.EXPECTED}
    return [row for row in participants_of(sessions) if wanted.intersection(row.states)]


def empty_card(project):
    """A card without a service, to be filled in by hand and entered later."""
    return Printout(
        template="support/papers/service_card.html",
        project=project,
        title="Karta doradztwa",
        code=code_of(Paper.SERVICE, project, BLANK),
        file_name="karta-doradztwa.pdf",
        context={
            "empty_people": range(EMPTY_PEOPLE),
            "modes": [(mode.label, False) for mode in Service.Mode],
            "is_blank": True,
        },
    )


@dataclass(frozen=True)
class CollectiveCard:
    """The meetings of an adviser for an entity in a month, of services that are not cancelled.

    Meetings of services not yet approved are rows too, since a paper is signed before approval.
    They are marked and are not in the sum, as on the monthly sheet.
    """

    project: object
    entity: Entity
    staff_member: StaffMember
    month: Period
    sessions: list[Session]

    def get_absolute_url(self):
        keys = [self.project.slug, self.entity.pk, self.staff_member.pk, self.month]
        return reverse("support:collective_card", args=keys)

    @property
    def code(self):
        day = self.month.start
        return code_of(
            Paper.COLLECTIVE, self.project, self.entity, self.staff_member, day.year, day.month
        )

    @property
    def count(self):
        return len(self.sessions)

    @property
    def month_words(self):
        return month_words(self.month.start)

    @property
    def waiting(self):
        return [row for row in self.sessions if not row.service.is_approved]

    @property
    def waiting_minutes(self):
        return sum(session.minutes for session in self.waiting)

    @property
    def minutes(self):
        """The sum of the card: approved services only, as everywhere."""
        return sum(session.minutes for session in self.sessions) - self.waiting_minutes

    def printout(self, is_blank=False):
        return Printout(
            template="support/papers/collective_card.html",
            project=self.project,
            title="Zbiorcza karta doradztwa",
            subtitle=self.month_words,
            code=self.code,
            url=self.get_absolute_url(),
            file_name=file_name(self.month.end, self.entity, self.code),
            context={
                "card": self,
                "sessions": [] if is_blank else self.sessions,
                "empty_sessions": range(EMPTY_SESSIONS if is_blank else 0),
            },
        )


def collective_cards(project, days, entity=None, staff_member=None):
    """The collective cards of the days, by month, entity and adviser; five queries for any number.

    A service of two entities and two advisers is on four cards: each is for its signatures. Hours
    are summed elsewhere, over sessions.
    """
    sessions = Session.objects.inside(project, days).standing().on_cards().held_by(timezone.now())
    if entity:
        sessions = sessions.received_by(entity)
    if staff_member:
        sessions = sessions.led_by(staff_member)
    services = Service.objects.select_related("type", "project").prefetch_related(
        "recipients", "advisers"
    )
    sessions_by_card = {}
    for session in sessions.order_by("starts_at", "pk").prefetch_related(
        Prefetch("service", services)
    ):
        month = Period.of_month(session.day)
        for recipient in session.service.recipients.all():
            for adviser in session.service.advisers.all():
                if entity in (None, recipient) and staff_member in (None, adviser):
                    key = recipient, adviser, month
                    sessions_by_card.setdefault(key, []).append(session)
    cards = [CollectiveCard(project, *key, rows) for key, rows in sessions_by_card.items()]
    return sorted(cards, key=_by_month_and_names)


def _by_month_and_names(card):
    return card.month.start, card.entity.sort_key, card.entity.code, card.staff_member.sort_key


def collective_card(project, entity, staff_member, month):
    """The card of the entity, adviser and month, also when it has no row yet."""
    cards = collective_cards(project, month, entity, staff_member)
    return cards[0] if cards else CollectiveCard(project, entity, staff_member, month, [])
