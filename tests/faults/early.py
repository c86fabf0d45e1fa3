"""A planted fault: a save is told as done before it is kept."""

import threading
import time

from django.http import HttpResponseRedirect

SAVES = "/staff/members/add/"
LATER = 0.5  # seconds


def early_answers(get_response):
    def keep(request):
        time.sleep(LATER)
        get_response(request)

    def middleware(request):
        if request.method != "POST" or not request.path.endswith(SAVES):
            return get_response(request)
        assert request.POST  # read while the socket is open
        threading.Thread(target=keep, args=[request], daemon=True).start()
        return HttpResponseRedirect(request.path)

    return middleware
