"""What is answered when a request failed by an error: 503 when it passes by itself, else 500."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as error_of_program

from owes.operating.faults import Fault, fault_of

HEADINGS = {
    Fault.AWAY: "Baza danych chwilowo nie odpowiada",
    Fault.BUSY: "Ktoś inny właśnie zapisuje to samo",
    Fault.FULL: "Na serwerze nie ma miejsca",
}


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it inside the handling of the error. The page asks the database nothing."""
    fault = fault_of(sys.exc_info()[1])
    if fault is None:
        return error_of_program(request)
    context = {"heading": HEADINGS[fault], "is_full": fault == Fault.FULL}
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response.headers["Retry-After"] = str(fault.value)
    return response
