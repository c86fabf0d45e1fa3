"""What an administrator sees of backups: the last ones, and a notice when there is no new one."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.views.decorators.http import require_safe

from owes.formatting import badge, moment, plural
from owes.models import Backup
from owes.requests import Request
from owes.tables import Column, Table

SHOWN = 10
OLD = timedelta(days=2)
# Settings of the server without which no backup is made by itself, and what to say then.
LACKING = [
    ("BACKUP_DIR", "Program nie robi kopii sam: administrator serwera nie ustawił BACKUP_DIR."),
    ("BACKUP_KEYS", "Nie ma klucza, którym szyfruje się kopię: ustaw BACKUP_KEYS."),
]


class BackupTable(Table):
    caption = "Ostatnie kopie zapasowe"
    is_choosable = False
    empty_title = "Nie ma jeszcze żadnej kopii"
    empty_text = (
        "Robi ją polecenie manage.py backup, co noc także sam program, gdy ustawi się BACKUP_DIR."
    )

    made_at = Column(verbose_name="Kiedy", orderable=False)
    name = Column(verbose_name="Plik", orderable=False)
    size = Column(verbose_name="Wielkość", orderable=False, kind="n")
    seconds = Column(verbose_name="Czas", orderable=False, kind="n")
    is_encrypted = Column(verbose_name="Zaszyfrowana", orderable=False)
    trouble = Column(verbose_name="Wynik", orderable=False, empty_values=())

    def render_made_at(self, value: Any) -> str:
        return moment(value)

    def render_size(self, value: int) -> str:
        return filesizeformat(value) if value else ""

    def render_seconds(self, value: int) -> str:
        return f"{value} s"

    def render_is_encrypted(self, value: bool) -> str:
        return "tak" if value else "nie"

    def render_trouble(self, value: str) -> str:
        return badge("risk", "risk", value) if value else badge("ok", "check", "zrobiona")


@require_safe
def backup_list(request: Request) -> HttpResponse:
    if not request.user.has_perm("owes.view_backups"):
        raise PermissionDenied
    context = {
        "table": BackupTable(Backup.objects.all()[:SHOWN]),
        "notice": late_sentence(),
        "lacking": [sentence for name, sentence in LACKING if not getattr(settings, name)],
    }
    return render(request, "owes/backups/backup_list.html", context)


def backup_notice(request: HttpRequest) -> dict[str, str]:
    """Context processor: for administrators, on every page but that of the backups themselves."""
    user = getattr(request, "user", None)
    if settings.DEMO or user is None or not user.is_authenticated:
        return {}
    return {"backup_notice": late_sentence()} if user.is_administrator else {}


def late_sentence() -> str:
    """Empty while the last good backup is young enough."""
    last = Backup.objects.good().first()
    if last is None:
        return "Nie zrobiono jeszcze żadnej kopii zapasowej."
    age = timezone.now() - last.made_at
    if age <= OLD:
        return ""
    return f"Ostatnia dobra kopia zapasowa ma {plural(age.days, 'dzień,dni,dni')}."
