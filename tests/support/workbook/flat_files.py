"""The registers written as flat sheets of a centre: headers, order and layout at random.

`table` gives the rows of a register, `content` writes them as a file that somebody might have.
"""

import io

import xlsxwriter
from django.utils.timezone import localtime

from entities.models import Entity, Person, Representation, SocialEnterpriseStatus
from owes.folding import fold
from support.models import Adoption, Attendance, Partnership, Service, StaffTraining
from support.workbook import contract, flat_contract
from support.workbook.columns import SYNONYMS

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859-2"]
SHEETS = {
    "entities": contract.ENTITIES,
    "people": contract.PEOPLE,
    "statuses": flat_contract.FLAT_STATUSES,
    "representations": flat_contract.FLAT_REPRESENTATIONS,
    "presences": flat_contract.PRESENCES,
    "partnerships": contract.PARTNERSHIPS,
    "adoptions": contract.ADOPTIONS,
    "staff": contract.TRAININGS,
}


def day(value):
    return f"{value:%d.%m.%Y}" if value else ""


def codes(rows):
    return "; ".join(row.code for row in rows)


def entity_rows(project):
    joined = dict(project.enrolments.values_list("entity_id", "joined_on"))
    for row in Entity.objects.select_related("seat", "parent", "founding_group").order_by("code"):
        yield {
            "code": row.code,
            "name": row.name,
            "legal_form": row.get_legal_form_display(),
            **{name: getattr(row, name) for name in ("nip", "regon", "krs", "other_register")},
            **{name: getattr(row, name) for name in ("locality", "street", "phone", "email")},
            "postal_code": row.postal_code,
            "registered_on": day(row.registered_on),
            "struck_off_on": day(row.struck_off_on),
            "seat": teryt(row.seat),
            "parent": row.parent.code if row.parent else "",
            "founding_group": row.founding_group.code if row.founding_group else "",
            "joined_on": day(joined.get(row.pk)),
        }


def teryt(government):
    return government.teryt_codes.order_by("code").last().code if government else ""


def person_rows(project):
    signed = dict(project.declarations.values_list("person_id", "signed_on"))
    for row in Person.objects.select_related("gmina").order_by("code"):
        yield {
            **{name: getattr(row, name) for name in ("code", "first_name", "last_name")},
            **{name: getattr(row, name) for name in ("email", "phone")},
            "sex": row.get_sex_display(),
            "birth_date": day(row.birth_date),
            "gmina": teryt(row.gmina),
            "signed_on": day(signed.get(row.pk)),
        }


def status_rows(project):
    for row in SocialEnterpriseStatus.objects.select_related("entity"):
        yield {
            "entity_code": row.entity.code,
            "entity": row.entity.name,
            "basis": row.get_basis_display(),
            "decision_number": row.decision_number,
            "start": day(row.valid_from),
            "end": day(row.valid_until),
        }


def representation_rows(project):
    for row in Representation.objects.select_related("person", "entity"):
        yield {
            "person_code": row.person.code,
            "first_name": row.person.first_name,
            "last_name": row.person.last_name,
            "entity_code": row.entity.code,
            "role": row.role,
            "start": day(row.since),
            "end": day(row.until),
        }


def presence_rows(project):
    """A row for the recipients of a day, then one for each presence.

    Whom somebody represented is a recipient by the sheet, so those who are none are left out.
    """
    services = Service.objects.filter(project=project).prefetch_related(
        "recipient_links__entity", "adviser_links__staff_member", "sessions", "themes"
    )
    present = Attendance.objects.present().filter(session__service__project=project)
    by_session = {}
    for row in present.select_related("person", "entity"):
        by_session.setdefault(row.session_id, []).append(row)
    for service in services.select_related("type", "activity").order_by("code"):
        advisers = [link.staff_member.name for link in service.adviser_links.all()]
        recipients = [link.entity for link in service.recipient_links.all()]
        told = {
            "code": service.code,
            "type": service.type.name,
            "topic": service.topic,
            "advisers": "; ".join(advisers),
            "mode": service.get_mode_display() if service.mode else "",
            "place": service.place,
            "activity": service.activity.name if service.activity else "",
            "state": Service.State(contract.state_in_files(service.state)).label,
            "themes": "; ".join(theme.name for theme in service.themes.all()),
        }
        for session in service.sessions.all():
            span = f"{localtime(session.starts_at):%H:%M}-{localtime(session.ends_at):%H:%M}"
            hours = {"day": day(session.day), "hours": span}
            hours |= {"break_minutes": session.break_minutes or ""}
            yield told | hours | {"entity": codes(recipients)}
            for row in by_session.get(session.pk, []):
                if row.entity not in recipients:
                    continue
                yield (
                    told
                    | hours
                    | {
                        "entity_code": row.entity.code,
                        "person_code": row.person.code,
                        "first_name": row.person.first_name,
                        "last_name": row.person.last_name,
                    }
                )


def partnership_rows(project):
    for row in Partnership.objects.filter(project=project).prefetch_related(
        "entity_links__entity"
    ):
        code = row.local_government.code
        yield {
            "code": row.code,
            "local_government": teryt(row.local_government) if len(code) == 6 else code,
            "kind": row.get_kind_display(),
            "document_number": row.document_number,
            "day": day(row.day),
            "entities": codes(link.entity for link in row.entity_links.all()),
            "description": row.description,
        }


def adoption_rows(project):
    for row in Adoption.objects.filter(project=project).prefetch_related(
        "kind", "service_links__service"
    ):
        yield {
            "code": row.code,
            "entity": row.entity.code,
            "kind": row.kind.name,
            "day": day(row.day),
            "description": row.description,
            "services": codes(link.service for link in row.service_links.all()),
        }


def training_rows(project):
    for row in StaffTraining.objects.filter(project=project).select_related("staff_member"):
        yield {
            "staff_member": row.staff_member.name,
            "topic": row.topic,
            "organiser": row.organiser,
            "start": day(row.starts_on),
            "end": day(row.ends_on),
            "hours": str(row.hours or "").replace(".", ","),
            "certificate_number": row.certificate_number,
        }


ROWS = {
    "entities": entity_rows,
    "people": person_rows,
    "statuses": status_rows,
    "representations": representation_rows,
    "presences": presence_rows,
    "partnerships": partnership_rows,
    "adoptions": adoption_rows,
    "staff": training_rows,
}


def spellings(header, sheet):
    """Ways in which a header is written: other words, other letters, signs behind."""
    spelt = []
    for word in (header, *(sheet.words or SYNONYMS).get(header, ())):
        spelt += [word, word.upper(), word.capitalize(), f"{word}:", f" {word} *", fold(word)]
    return spelt


def table(register, project, chance):
    """`({header of the register: header of the file}, rows)`, a title above and a total below."""
    sheet = SHEETS[register]
    rows = list(ROWS[register](project))
    given = {name for row in rows for name, value in row.items() if value}
    given |= {column.field for column in sheet.columns if column.header in sheet.required_alone}
    columns = [column for column in sheet.columns if column.field in given]
    chance.shuffle(columns)
    headers, taken = {}, set()
    for column in columns:
        free = [
            text
            for text in spellings(column.header, sheet)
            if fold(text.strip(" *:")) not in taken
        ]
        headers[column.header] = chance.choice(free).strip()
        taken.add(fold(headers[column.header].strip(" *:")))
    body = [[row.get(column.field, "") for column in columns] for row in rows]
    above = chance.choice([[], [["Wykaz ośrodka"]], [["Wykaz"], [], ["stan na 31.12.2024"]]])
    below = chance.choice([[], [["Razem:", len(rows)]], [[], ["* zgodnie z umową"]]])
    return headers, [*above, list(headers.values()), *body, *below]


def content(rows, chance):
    """The rows as a file: `(name, bytes)`."""
    if chance.random() < 0.5:
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file)
        sheet = book.add_worksheet("Arkusz1")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, str(cell))
        book.close()
        return "rejestr.xlsx", file.getvalue()
    quoted = (
        ";".join('"{}"'.format(str(cell).replace('"', '""')) if cell != "" else "" for cell in row)
        for row in rows
    )
    text = "\r\n".join(quoted)
    for encoding in chance.sample(ENCODINGS, len(ENCODINGS)):
        try:
            return "rejestr.csv", text.encode(encoding)
        except UnicodeEncodeError:
            continue
    raise AssertionError("utf-8 writes anything")
