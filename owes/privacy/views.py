"""Pages of personal data: the register of them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from owes.privacy.inventory import purposes
from owes.requests import Request


@require_safe
def personal_data(request: Request) -> HttpResponse:
    """What is kept of people, why, on what basis and how long."""
    if not request.user.has_perm("owes.view_personal_data_register"):
        raise PermissionDenied
    return render(request, "owes/privacy/personal_data.html", {"purposes": purposes()})
