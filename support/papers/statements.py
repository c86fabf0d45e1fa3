"""The forms that entities, people and local governments sign; without a record they are blank.

The code of a blank form leads to no record; it only says which paper it is.
"""

from django.db.models import Q
from django.utils import timezone

from entities.models import Entity, EntityActivity, LocalGovernment, Person, SocialEnterpriseStatus
from support.models import AdoptionKind, Enrolment, Partnership
from support.papers.codes import BLANK, Paper, code_of
from support.papers.printing import Printout
from support.wording import paragraphs

BLANK_ROWS = 2

KINDS_OF_SUPPORT = [
    "animacja i pomoc w zawiązaniu podmiotu",
    "doradztwo ogólne",
    "doradztwo prawne",
    "doradztwo księgowo-podatkowe",
    "doradztwo finansowe",
    "doradztwo marketingowe",
    "doradztwo biznesowe",
    "szkolenia i warsztaty",
    "coaching, mentoring, tutoring",
    "cyfryzacja",
    "ekologia",
    "współpraca z samorządem",
]
ACCESS_NEEDS = [
    "pomoc asystenta",
    "tłumacz języka migowego albo pętla indukcyjna",
    "materiały dużą czcionką",
    "tekst łatwy do czytania",
    "wejście i toaleta bez barier",
    "udział zdalny",
    "opieka nad osobą zależną",
]


def _code(paper, project, record):
    return code_of(paper, project, record or BLANK)


def application(project, entity=None):
    """The form by which an entity joins the project (formularz zgłoszeniowy)."""
    today = timezone.localdate()
    context = {
        "entity": entity,
        "activities": _activities(entity, today),
        "bases": _bases(entity, today),
        "people": _people(entity, today),
        "enrolment": entity and Enrolment.objects.filter(project=project, entity=entity).first(),
        "kinds_of_support": KINDS_OF_SUPPORT,
        "empty_rows": range(BLANK_ROWS),
    }
    return Printout(
        template="support/papers/application.html",
        project=project,
        title="Formularz zgłoszeniowy",
        subtitle="podmiotu ekonomii społecznej albo przedsiębiorstwa społecznego",
        code=_code(Paper.APPLICATION, project, entity),
        url=entity.get_absolute_url() if entity else "",
        file_name=f"formularz-zgloszeniowy-{entity.code if entity else 'pusty'}.pdf",
        context=context,
    )


def entities():
    """Entities with all that the application form prints of them."""
    return Entity.objects.select_related("seat__powiat__parent", "parent").prefetch_related(
        "activities", "statuses", "representations__person"
    )


def _activities(entity, today):
    """`(label, is run today)` of each kind of activity."""
    kinds = {
        row.kind
        for row in (entity.activities.all() if entity else [])
        if row.since <= today and (row.until is None or row.until >= today)
    }
    return [(kind.label, kind in kinds) for kind in EntityActivity.Kind]


def _bases(entity, today):
    """`{basis: status in force or None}` of each basis of the PS status, the OWES first."""
    rows = entity.statuses.all() if entity else []
    valid = {
        row.basis: row
        for row in rows
        if row.valid_from <= today and (row.valid_until is None or row.valid_until >= today)
    }
    return {basis.value: valid.get(basis) for basis in SocialEnterpriseStatus.Basis}


def _people(entity, today):
    """Representations of the entity in force today, in the Polish order of names."""
    rows = [
        row
        for row in (entity.representations.all() if entity else [])
        if (row.since is None or row.since <= today) and (row.until is None or row.until >= today)
    ]
    return sorted(rows, key=lambda row: row.person.sort_key)


def declaration(project, person=None):
    """A representative's declaration with the clause of the project; it has no PESEL."""
    today = timezone.localdate()
    current = Q(until=None) | Q(until__gte=today)
    usual = person and person.representations.filter(current).select_related("entity").last()
    # A declaration with an earlier clause is not of the paper printed now.
    signed = (
        person
        and project.declarations.filter(
            person=person, clause_version__in=["", project.clause_version]
        ).first()
    )
    context = {
        "person": person,
        "representation": usual,
        "sexes": [(sex.label, bool(person) and person.sex == sex) for sex in Person.Sex],
        "born": person and (person.birth_year or (person.birth_date and person.birth_date.year)),
        "declaration": signed,
        "clause": paragraphs(project.clause),
        "needs": ACCESS_NEEDS,
    }
    return Printout(
        template="support/papers/declaration.html",
        project=project,
        title="Deklaracja uczestnika",
        subtitle="osoby, która bierze udział we wsparciu jako przedstawiciel podmiotu",
        code=_code(Paper.DECLARATION, project, person),
        url=person.get_absolute_url() if person else "",
        file_name=f"deklaracja-{person.code if person else 'pusta'}.pdf",
        context=context,
    )


def adoption(project, record=None):
    """An entity's statement that it adopted a change for good."""
    services = [link.service for link in record.service_links.all()] if record else []
    own = record and record.kind_id
    kinds = AdoptionKind.objects.filter(Q(needs_service=True) | Q(pk=own))
    context = {
        "adoption": record,
        "kinds": [(kind.stated, kind.pk == own) for kind in kinds],
        "services": services,
        "empty_rows": range(0 if services else BLANK_ROWS),
    }
    return Printout(
        template="support/papers/adoption.html",
        project=project,
        title="Oświadczenie o wdrożeniu",
        subtitle="zmiany przyjętej na stałe do pracy podmiotu dzięki wsparciu ośrodka",
        code=_code(Paper.ADOPTION, project, record),
        url=record.get_absolute_url() if record else "",
        file_name=f"oswiadczenie-o-wdrozeniu-{record.code if record else 'puste'}.pdf",
        context=context,
    )


def cooperation(project, partnership):
    """The paper of an act of cooperation: an agreement or a note, by its kind."""
    if partnership.is_agreement:
        return agreement(project, partnership)
    return meeting(project, partnership)


def agreement(project, partnership=None):
    number = partnership.document_number if partnership else ""
    is_letter = bool(partnership) and partnership.kind == Partnership.Kind.LETTER
    context = {
        "partnership": partnership,
        "party": _party(partnership.local_government) if partnership else "",
        "office": _office(partnership.local_government) if partnership else "",
        "signing": "list intencyjny podpisują" if is_letter else "porozumienie zawierają",
        "terms": paragraphs(project.agreement),
        "entities": _entities_of(partnership),
    }
    return Printout(
        template="support/papers/agreement.html",
        project=project,
        title="List intencyjny" if is_letter else "Porozumienie o współpracy",
        subtitle=f"nr {number}" if number else "",
        code=_code(Paper.AGREEMENT, project, partnership),
        url=partnership.get_absolute_url() if partnership else "",
        file_name=f"porozumienie-{partnership.code if partnership else 'puste'}.pdf",
        context=context,
    )


def meeting(project, partnership=None):
    context = {
        "partnership": partnership,
        "kind": partnership.get_kind_display() if partnership else "spotkanie",
        "entities": _entities_of(partnership),
        "empty_rows": range(BLANK_ROWS),
    }
    return Printout(
        template="support/papers/meeting.html",
        project=project,
        title="Notatka ze spotkania",
        subtitle="w sprawie współpracy samorządu z podmiotami ekonomii społecznej",
        code=_code(Paper.MEETING, project, partnership),
        url=partnership.get_absolute_url() if partnership else "",
        file_name=f"notatka-{partnership.code if partnership else 'pusta'}.pdf",
        context=context,
    )


def _entities_of(partnership):
    return [link.entity for link in partnership.entity_links.all()] if partnership else []


def _party(government):
    """The name of the local government as a party to an agreement."""
    match government.level:
        case LocalGovernment.Level.GMINA:
            return f"Gmina {government}"
        case LocalGovernment.Level.CITY:
            return f"Miasto {government.name}"
    return str(government)[:1].upper() + str(government)[1:]


def _office(government):
    """The office that usually represents a local government of this level."""
    match government.level, government.kind:
        case LocalGovernment.Level.GMINA, LocalGovernment.Kind.RURAL:
            return "wójt"
        case LocalGovernment.Level.GMINA, _:
            return "burmistrz"
        case LocalGovernment.Level.CITY, _:
            return "prezydent miasta"
        case LocalGovernment.Level.POWIAT, _:
            return "starosta"
    return "marszałek województwa"
