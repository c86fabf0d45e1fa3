"""The page of the calendar, and feeds for calendar programs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from support.access import project_for
from support.calendar.feeds import ical
from support.calendar.forms import CalendarFeedForm, CalendarForm
from support.calendar.month import days_of
from support.models import CalendarFeed

# The address of a new feed waits here for the one page that shows it.
NEW_ADDRESS = "calendar-address"


def calendar(request, slug):
    """Sessions and staff trainings of a week or a month, planned and done."""
    project = project_for(request.user, slug, "support.view_record")
    form = CalendarForm(request.GET, project=project, user=request.user)
    month = None if form.is_week else form.period
    days = days_of(project, form.shown, form.staff_member, month, reader=request.user)
    context = {
        "project": project,
        "form": form,
        "weeks": [(form.week(days[n].date), days[n : n + 7]) for n in range(0, len(days), 7)],
        "weekdays": days[:7],
        "addresses": form.addresses(),
        "may_add": request.user.has_perm("support.add_record", project),
    }
    if context["may_add"]:
        own = project.calendar_feeds.filter(user=request.user, revoked_at=None)
        context |= {
            "feeds": own.select_related("staff_member", "project"),
            "feed_form": CalendarFeedForm(initial={"staff_member": form.staff_member}),
            "new_address": request.session.pop(NEW_ADDRESS, None),
        }
    return render(request, "support/calendar/calendar.html", context)


@require_POST
def calendar_feed_create(request, slug):
    project = project_for(request.user, slug, "support.add_record")
    form = CalendarFeedForm(request.POST)
    if form.is_valid():
        staff_member = form.cleaned_data["staff_member"]
        _, token = CalendarFeed.make(project=project, user=request.user, staff_member=staff_member)
        path = reverse("support:calendar_feed", args=[token])
        request.session[NEW_ADDRESS] = request.build_absolute_uri(path)
    else:
        messages.error(request, "Wybierz osobę z kadry z listy.")
    return redirect("support:calendar", project.slug)


@require_POST
def calendar_feed_revoke(request, slug, pk):
    project = project_for(request.user, slug, "support.add_record")
    get_object_or_404(project.calendar_feeds, pk=pk, user=request.user).revoke()
    messages.success(request, "Adres kalendarza odwołano. Programy już z niego nie czytają.")
    return redirect("support:calendar", project.slug)


@login_not_required
@require_safe
def calendar_feed(request, token):
    """For calendar programs, which cannot sign in: the secret address is the permission."""
    feed = CalendarFeed.objects.select_related("project", "staff_member").by_token(token)
    if feed is None:
        raise Http404
    response = HttpResponse(
        ical(feed, request.build_absolute_uri), content_type="text/calendar; charset=utf-8"
    )
    response["Cache-Control"] = "private, no-store"
    return response
