"""Middleware: private pages, sign-in again, and drafts kept before a form is refused."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect, JsonResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from owes import drafts, submissions
from owes.formatting import clock
from owes.requests import Request

Answer = Callable[[Request], HttpResponseBase]


def private_pages(get_response: Answer) -> Answer:
    """No page is kept by a browser or a proxy: almost every one holds somebody's data.

    Static files never come here, whitenoise answers them first.
    """

    def middleware(request: Request) -> HttpResponseBase:
        response = get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


UNKNOWN_CHARACTER = "%EF%BF%BD"


def readable_addresses(get_response: Answer) -> Answer:
    """Refuses a path with a NUL, and reads one in a query as an unknown character.

    PostgreSQL takes no text with it.
    """

    def middleware(request: Request) -> HttpResponseBase:
        if "\x00" in request.path:
            raise BadRequest("NUL in the path")
        query = request.META.get("QUERY_STRING", "")
        request.META["QUERY_STRING"] = query.replace("%00", UNKNOWN_CHARACTER)
        return get_response(request)

    return middleware


def whole_page_sign_in(get_response: Answer) -> Answer:
    """A sign-in that expired before an htmx request asks for the whole page, not for a part."""

    def middleware(request: Request) -> HttpResponseBase:
        response = get_response(request)
        sign_in = resolve_url("account_login")
        if (
            request.htmx
            and response.status_code == 302
            and response["Location"].startswith(sign_in)
        ):
            back = urlencode({"next": request.htmx.current_url_abs_path or "/"})
            return HttpResponseClientRedirect(f"{sign_in}?{back}")
        return response

    return middleware


def kept_typing(get_response: Answer) -> Answer:
    """Keeps what a form sends before anything may refuse it.

    A sign-in that expired, a page older than the last sign-in, an error: the text is kept for the
    person the form was shown to, by its signed token, and saving drops it. The same token lets a
    script keep what is not sent yet (`editing-act` is `keep`), which changes nothing else.
    """

    def middleware(request: Request) -> HttpResponseBase:
        request.draft = None
        if request.method != "POST":
            return get_response(request)
        try:
            data = request.POST
        except UnreadablePostError:
            return get_response(request)
        key, refusal = submissions.key_of(request), ""
        token = submissions.read(data.get(submissions.FIELD), key)
        if token:
            try:
                request.draft = drafts.keep(token.user_id, key, data, token.opening)
            except drafts.TooLong:
                refusal = "Szkicu nie zapisano: wpis jest za długi. Zapisz formularz."
        if data.get("editing-act") != "keep":
            return get_response(request)
        if token is None or request.draft is None:
            refusal = refusal or "Szkicu nie zapisano: otwórz formularz ponownie."
            return JsonResponse({"refusal": refusal}, status=413 if token else 400)
        is_signed_in = request.user.pk == token.user_id
        at = clock(request.draft.updated_at)
        return JsonResponse({"at": at, "is_signed_in": is_signed_in})

    return middleware


class SignInAgain(LoginRequiredMiddleware):
    """Tells a person whose sign-in expired over a form that what they typed is kept."""

    def handle_no_permission(  # type: ignore[override]
        self, request: Request, view_func: Callable
    ) -> HttpResponseRedirect:
        if request.draft:
            messages.info(
                request, "Sesja wygasła. To, co było wpisane, wróci do formularza po zalogowaniu."
            )
            return redirect_to_login(request.draft.get_absolute_url())
        return super().handle_no_permission(request, view_func)
