"""Where one is signed in, and the end of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from owes.formatting import plural
from owes.requests import Request
from owes.sign_in.sessions import end_sessions, own_sessions


@require_safe
def session_list(request: Request) -> HttpResponse:
    context = {"sessions": own_sessions(request)}
    return render(request, "owes/sign_in/session_list.html", context)


@require_POST
def session_end(request: Request) -> HttpResponse:
    """The one that the button is of, or all but this one."""
    ended = end_sessions(request, request.POST.get("mark", ""))
    if ended:
        messages.success(request, f"Zakończono {plural(ended, 'sesję,sesje,sesji')}.")
    else:
        messages.info(request, "Tej sesji już nie ma.")
    return redirect("owes:session_list")
