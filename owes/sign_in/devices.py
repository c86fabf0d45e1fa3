"""Browsers from which an account signed in: the cookie by which they are known again."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from owes.sign_in.models import Device

# The first word that a browser says of itself tells which one it is: others imitate those below.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}
KEPT_FOR = timedelta(days=400)  # the longest that browsers keep a cookie


def digest_of_known_device(request: HttpRequest, **of_user: Any) -> str:
    """The digest of the cookie, if the account signed in from this browser; else nothing."""
    digest = _digest(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))
    is_known = digest and Device.objects.filter(digest=digest, **of_user).exists()
    return digest if is_known else ""


def remember_device(request: HttpRequest, response: HttpResponseBase, user: Any) -> bool:
    """Knows the browser from now on; whether it is a new one of an account that had others.

    One browser has one cookie, whoever signs in at it.
    """
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "") or secrets.token_urlsafe(32)
    had_any = Device.objects.filter(user=user).exists()
    device, is_new = Device.objects.get_or_create(user=user, digest=_digest(token))
    Device.objects.filter(pk=device.pk).update(last_at=timezone.now())
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        token,
        max_age=KEPT_FOR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return is_new and had_any


def browser_name(user_agent: str) -> str:
    """Firefox, Windows; what it is of an agent that says neither."""
    found = [
        next((name for word, name in names.items() if word in user_agent), "")
        for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or "nieznana przeglądarka"


def sweep() -> None:
    Device.objects.filter(last_at__lt=timezone.now() - KEPT_FOR).delete()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest() if token else ""
