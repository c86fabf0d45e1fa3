"""A request as the views and the middleware of the program know it: for type hints alone."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from owes.editing import Editing
    from owes.models import FormDraft, User


class Request(HttpRequest):
    """`draft` is what `kept_typing` keeps of what it sends; only a `form_page` has `editing`.

    `look_of` is the page whose data an answer shows, when it is not the answer's own.
    """

    user: "User"
    htmx: HtmxDetails
    draft: "FormDraft | None"
    editing: "Editing"
    look_of: HttpRequest
