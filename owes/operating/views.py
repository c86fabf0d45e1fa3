"""What an administrator sees of the program itself."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from owes.operating.doctor import Level, diagnoses
from owes.requests import Request
from owes.tables import Column, Table


class DiagnosisTable(Table):
    caption = "Części programu"
    is_choosable = False

    level = Column(verbose_name="Wynik", orderable=False)
    part = Column(verbose_name="Część", orderable=False)
    sentence = Column(verbose_name="Co widać", orderable=False)
    remedy = Column(verbose_name="Co zrobić", orderable=False)

    def render_level(self, value: Level) -> str:
        return value.badge


@require_safe
def program_state(request: Request) -> HttpResponse:
    if not request.user.has_perm("owes.view_program_state"):
        raise PermissionDenied
    found = sorted(diagnoses(), key=lambda each: each.level.order)
    faults = sum(each.level is not Level.WELL for each in found)
    context = {"table": DiagnosisTable(found), "faults": faults}
    return render(request, "owes/operating/program_state.html", context)
