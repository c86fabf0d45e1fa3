from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect


def private_pages(get_response):
    """No page is kept by a browser or a proxy: almost every one holds somebody's data.

    Static files never come here, whitenoise answers them first.
    """

    def middleware(request):
        response = get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def whole_page_sign_in(get_response):
    """A sign-in that expired before an htmx request asks for the whole page, not for a part."""

    def middleware(request):
        response = get_response(request)
        sign_in = resolve_url("account_login")
        if request.htmx and response.status_code == 302 and response.url.startswith(sign_in):
            return HttpResponseClientRedirect(sign_in)
        return response

    return middleware
