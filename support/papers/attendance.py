"""Lista obecności of one meeting: the people expected or present, and empty rows for others.

It has names and entities only: everybody who signs could read telephones and other numbers.
"""

from owes.formatting import day
from support.models import Attendance
from support.papers.cards import file_name
from support.papers.codes import BLANK, Paper, code_of
from support.papers.printing import Printout
from support.roster.lists import participants_of

EMPTY_ROWS = 5
BLANK_ROWS = 15  # with the signatures they fill one page
WANTED = (Attendance.State.PRESENT, Attendance.State.EXPECTED)


def attendance_list(service, session, is_blank=False, empty_rows=None):
    """The list of a meeting of a service from `for_papers()`; blank, it has no names."""
    recipients = list(service.recipients.all())
    if empty_rows is None:
        empty_rows = BLANK_ROWS if is_blank else EMPTY_ROWS
    participants = [] if is_blank else participants_of([session])
    people = [row for row in participants if row.states[0] in WANTED]
    return Printout(
        template="support/papers/attendance_list.html",
        project=service.project,
        title="Lista obecności",
        subtitle=service.heading,
        code=code_of(Paper.ATTENDANCE, service.project, session),
        url=service.get_absolute_url(),
        mark="usługa anulowana" if service.is_cancelled else "",
        file_name=file_name(
            session.day,
            recipients[0] if len(recipients) == 1 else service.topic,
            f"lista-{service.printed_number}",
        ),
        context={
            "service": service,
            "session": session,
            "people": people,
            "empty_rows": range(len(people) + 1, len(people) + empty_rows + 1),
            "is_outside": session.day not in service.project.period,
        },
    )


def lists_title(service, sessions):
    days = ", ".join(day(session.day) for session in sessions)
    return f"Listy obecności {service.printed_number}: {days}"


def empty_list(project):
    """A list without a service; the meeting is written in by hand."""
    return Printout(
        template="support/papers/attendance_list.html",
        project=project,
        title="Lista obecności",
        code=code_of(Paper.ATTENDANCE, project, BLANK),
        file_name="lista-obecnosci.pdf",
        context={"empty_rows": range(1, BLANK_ROWS + 1)},
    )
