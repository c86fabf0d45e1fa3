"""What every page carries around its content: the centre, the project, the menu, tabs of cards.

An app to the right of `owes` contributes by dotted names in settings:
`FRAME_PROJECT` is a function `(request) -> project or None` (anything with `name`,
`funding_sentence` and `get_absolute_url`); each of `FRAME` is a function
`(request, project) -> [Entry]`; each of `CARD_TABS[kind]` is a function `(user, row) -> [Tab]`,
and of `CARD_ACTIONS[kind]` a function `(user, row, project) -> [Action]`.
"""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from owes.models import Centre

GROUPS = ["", "Zapisy", "Rejestry", "Rozliczenie", "Projekty", "Ośrodek"]

register = template.Library()


@dataclass(frozen=True)
class MenuEntry:
    """A line of the side menu; `count` stands beside it with words for those who cannot see it.

    Its pages begin with its address, or with one of `pages`; with none it is one page alone.
    """

    label: str
    icon: str
    url: str
    group: str = ""
    position: int = 0
    count: int | None = None
    count_label: str = ""
    pages: tuple | None = None

    def covers(self, path: str) -> int:
        """How many characters of the page's address match this entry; 0 when none."""
        starts = (self.url,) if self.pages is None else self.pages
        lengths = [len(start) for start in starts if path.startswith(start)]
        return len(path) if path == self.url else max(lengths, default=0)


@dataclass(frozen=True)
class CardTab:
    """A page of a card: the card of an entity has pages in several apps."""

    label: str
    url: str


@dataclass(frozen=True)
class Action:
    """A next step that begins at a card; of all on a page one `is_main`."""

    label: str
    url: str
    is_main: bool = False


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor; a stranger gets the name of the centre only."""
    context = {"centre": SimpleLazyObject(Centre.current), "is_demo": settings.DEMO}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    project = import_string(settings.FRAME_PROJECT)(request)
    entries = [entry for name in settings.FRAME for entry in import_string(name)(request, project)]
    return context | {
        "project_of_frame": project,
        "menu": _menu(entries),
        "current_url": _current(request.path, entries),
    }


def _menu(entries: list[MenuEntry]) -> list[tuple[str, list[MenuEntry]]]:
    """`(title, entries)` of each group that has any, in the order of the house."""
    ordered = sorted(entries, key=lambda entry: entry.position)
    groups = [(title, [entry for entry in ordered if entry.group == title]) for title in GROUPS]
    return [(title, lines) for title, lines in groups if lines]


def _current(path: str, entries: list[MenuEntry]) -> str:
    """The address of the entry the page belongs to: the one that covers most of its own."""
    entry = max(entries, key=lambda entry: entry.covers(path), default=None)
    return entry.url if entry and entry.covers(path) else ""


@register.inclusion_tag("components/tabs.html", takes_context=True)
def card_tabs(context: template.Context, kind: str, row: Any) -> dict[str, Any]:
    """The tabs of a card, those the user may open."""
    user = context["request"].user
    names = settings.CARD_TABS[kind]
    tabs = [tab for name in names for tab in import_string(name)(user, row)]
    return {"tabs": tabs, "path": context["request"].path}


@register.inclusion_tag("components/card_actions.html", takes_context=True)
def card_actions(context: template.Context, kind: str, row: Any) -> dict[str, Any]:
    """The next steps of a card, those the user may take; the main one is the last."""
    request = context["request"]
    project = import_string(settings.FRAME_PROJECT)(request)
    names = settings.CARD_ACTIONS[kind]
    sources = [import_string(name) for name in names]
    actions = [action for source in sources for action in source(request.user, row, project)]
    return {"actions": sorted(actions, key=lambda action: action.is_main)}
