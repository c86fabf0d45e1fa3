"""What projects add to the frame of every page: the project, the menu of its records, tabs.

The actions of a card are for the project that the frame shows.
"""

from dataclasses import replace
from operator import attrgetter

from django.db.models import Count, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from owes.frame import Action, CardTab, MenuEntry
from support.access import projects_of
from support.models import Membership, Project, Service

RECORDS = [
    ("Kalendarz", "calendar", "support:calendar"),
    ("Współpraca z JST", "handshake", "support:partnership_list"),
    ("Wdrożenia", "chip", "support:adoption_list"),
    ("Szkolenia kadry", "study", "support:staff_list"),
    ("Dowody", "file", "support:evidence_list"),
]
PAPERS = [
    ("Zaświadczenia", "file", "support:certificate_list"),
    ("Godziny", "clock", "support:monthly_sheet_list"),
    ("Druki", "print", "support:paper_list"),
]
PROJECTS, MOST_PROJECTS = "Projekty", 6
REGISTERS = [
    ("Podmioty", "org", "entities:entity_list"),
    ("Osoby", "person", "entities:person_list"),
    ("Samorządy", "map", "entities:local_government_list"),
]
CENTRE = [
    ("Ośrodek", "gear", "owes:centre_settings"),
    ("Kopie zapasowe", "shield", "owes:backup_list"),
    ("Stan programu", "info", "owes:program_state"),
    ("Wglądy w dane", "person", "entities:look_list"),
]
# For coordinators too.
PRIVACY = [
    ("Dane osobowe", "shield", "owes:personal_data"),
    ("Koniec przechowywania", "clock", "support:retention_list"),
]
# For an administrator, who may not change the project's own settings.
ADMINISTRATION = [
    ("Zespół", "person", "support:team_settings"),
    ("Słowniki", "gear", "support:dictionary_settings"),
]


def project(request):
    """The project of the address, else the one opened last, else the newest of the user's."""
    slug = getattr(request.resolver_match, "kwargs", {}).get("slug")
    own = projects_of(request.user)
    opened = [project for project in own if project.opened_at and not project.is_archived]
    last = max(opened, key=attrgetter("opened_at"), default=None)
    named = next((project for project in own if project.slug == slug), None)
    if named and named != last and len(own) > 1:
        named.opened_at = timezone.now()
        memberships = Membership.objects.filter(user=request.user, project=named)
        memberships.update(opened_at=named.opened_at)
    return named or last or next(iter(own), None)


def menu(request, project):
    user = request.user
    entries = []
    if user.has_perm("entities.list_registers"):
        entries += _entries(REGISTERS, "Rejestry", [])
    entries += _other_projects(request, project)
    if user.is_administrator:
        entries += _entries(CENTRE, "Ośrodek", [], 99)
    if user.has_perm("owes.view_personal_data_register"):
        entries += _entries(PRIVACY, "Ośrodek", [], 99 + len(CENTRE))
    if project is None:
        return entries
    if user.has_perm("support.view_record", project):
        entries += [*_work(user, project), *_entries(RECORDS, "Zapisy", [project.slug])]
    if user.has_perm("support.print_papers", project):
        entries += _entries(PAPERS, "Zapisy", [project.slug], first=60)
    if user.has_perm("support.import_records", project):
        entries += _entries(
            [("Import", "up", "support:import_list")], "Zapisy", [project.slug], 70
        )
    if user.has_perm("support.change_project", project):
        settings = [("Ustawienia projektu", "gear", "support:project_settings")]
        entries += _entries(settings, "Rozliczenie", [project.slug], first=90)
    elif user.has_perm("support.change_team", project):
        entries += _entries(ADMINISTRATION, "Rozliczenie", [project.slug], first=90)
    return entries


def _other_projects(request, project):
    """The switch to each of the other projects."""
    others = [other for other in projects_of(request.user) if other != project]
    entries = [
        MenuEntry(
            other.name, "report", first_page(request.user, other), PROJECTS, number, pages=()
        )
        for number, other in enumerate(others[:MOST_PROJECTS])
    ]
    if others or request.user.has_perm("support.add_project"):
        entries.append(
            MenuEntry(
                "Wszystkie projekty", "home", reverse("indicators:project_list"), PROJECTS, 90
            )
        )
    return entries


def first_page(user, project):
    """Where a project opens: an administrator who does not belong to it sees its team."""
    if user.has_perm("support.view_record", project):
        return project.get_absolute_url()
    return reverse("support:team_settings", args=[project.slug])


def _entries(lines, group, arguments, first=30):
    return [
        MenuEntry(label, icon, reverse(view, args=arguments), group, first + number)
        for number, (label, icon, view) in enumerate(lines)
    ]


def _work(user, project):
    """Services, with the counts of what waits for the user, for approval and to be read."""
    services = _page(project, "service_list")
    pages = (services, _page(project, "visit_create").removesuffix("add/"))
    return [
        MenuEntry("Usługi", "service", services, "Zapisy", 20, pages=pages),
        *_waiting(user, project),
    ]


def _waiting(user, project):
    """What waits for the user, each with its count; one query."""
    services = project.services
    returned = services.led_or_made_by(user).filter(state=Service.State.RETURNED)
    mine, queue, scans = (_page(project, view) for view in ("mine", "queue", "scan_list"))
    asked = [
        (
            "support.add_record",
            returned,
            MenuEntry("Moje", "person", mine, position=15, count_label="zwrócone do poprawy"),
        ),
        (
            "support.approve_service",
            services.waiting(),
            MenuEntry(
                "Do zatwierdzenia", "tick", queue, "Zapisy", 21, count_label="do zatwierdzenia"
            ),
        ),
        (
            "support.add_evidence",
            project.scans.open(),
            MenuEntry("Skany", "print", scans, "Zapisy", 40, count_label="do rozpoznania"),
        ),
    ]
    shown = [
        (rows, entry) for permission, rows, entry in asked if user.has_perm(permission, project)
    ]
    if not shown:
        return []
    counted = Project.objects.filter(pk=project.pk)
    [counts] = counted.values_list(*(_count_of(rows) for rows, _ in shown))
    return [
        replace(entry, count=count or 0) for (_, entry), count in zip(shown, counts, strict=True)
    ]


def _count_of(rows):
    """The number of a project's rows as a column; NULL when there are none."""
    return Subquery(rows.order_by().values("project").annotate(n=Count("pk")).values("n"))


def _page(project, view):
    return reverse(f"support:{view}", args=[project.slug])


def entity_tabs(user, entity):
    return [
        CardTab("Wsparcie", reverse("support:entity_support", args=[entity.pk])),
        CardTab("Dowody", reverse("support:entity_evidence", args=[entity.pk])),
    ]


def person_tabs(user, person):
    return [CardTab("Wsparcie", reverse("support:person_support", args=[person.pk]))]


def entity_actions(user, entity, project):
    steps = [("Dodaj usługę", "visit_create", True), ("Dodaj wdrożenie", "adoption_create", False)]
    return _actions(user, project, steps, entity=entity.code)


def person_actions(user, person, project):
    actions = _actions(user, project, [("Dodaj usługę", "visit_create", True)], person=person.code)
    if actions and not project.declarations.filter(person=person).exists():
        address = reverse("support:declaration_edit", args=[project.slug, person.pk])
        actions.append(Action("Zapisz deklarację", address))
    return actions


def _actions(user, project, steps, **initial):
    """An action for each `(label, view, is_main)`, its form filled with `initial`."""
    if project is None or not user.has_perm("support.add_record", project):
        return []
    return [
        Action(label, f"{_page(project, view)}?{urlencode(initial)}", is_main)
        for label, view, is_main in steps
    ]
