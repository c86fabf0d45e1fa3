"""The team of a project: members, invitations, accounts."""

from smtplib import SMTPException

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from owes.accounts import forget_former_addresses, invite
from owes.editing import form_page
from support.access import demand, project_for
from support.models import Membership, Project
from support.project.team_forms import AccountForm, InvitationForm, MembershipForm


def team_settings(request, slug):
    project = project_for(request.user, slug, "support.change_team")
    team = project.memberships.for_list()
    return render(
        request, "support/project/team_settings.html", {"project": project, "team": team}
    )


@form_page
def membership_create(request, slug):
    project = project_for(request.user, slug, "support.change_team")
    form = InvitationForm(request.editing.data, project=project, by=request.user)
    if request.editing.is_ready(form):
        membership = form.save()
        if request.editing.saved():
            # No letter before the transaction ends: it may still be rolled back.
            transaction.on_commit(lambda: send_link(request, membership))
            return redirect("support:team_settings", slug)
    context = {"project": project, "form": form}
    return render(request, "support/project/membership_form.html", context)


@form_page
@transaction.atomic
def membership_edit(request, slug, pk):
    project = project_for(request.user, slug, "support.change_team")
    # One at a time, or two coordinators could take the role from each other.
    Project.objects.select_for_update().get(pk=project.pk)
    membership = get_object_or_404(project.memberships.select_related("user"), pk=pk)
    editing = request.editing.of(membership)
    form = MembershipForm(editing.data, instance=membership)
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, f"Zapisano: {membership.user}.")
            return redirect("support:team_settings", slug)
    context = {"project": project, "form": form, "membership": membership}
    return render(request, "support/project/membership_form.html", context)


@require_POST
def membership_invite(request, slug, pk):
    project = project_for(request.user, slug, "support.change_team")
    invitable = project.memberships.in_force(timezone.localdate()).filter(user__is_active=True)
    send_link(request, get_object_or_404(invitable, pk=pk))
    return redirect("support:team_settings", slug)


@form_page
def account_edit(request, slug, pk):
    project = project_for(request.user, slug, "support.change_team")
    demand(request.user, "support.change_accounts")
    user = get_object_or_404(project.memberships.select_related("user"), pk=pk).user
    editing = request.editing.of(user)
    form = AccountForm(editing.data, instance=user, by=request.user)
    if editing.is_ready(form):
        forget_former_addresses(form.save())
        if editing.saved():
            messages.success(request, f"Zapisano konto: {user}.")
            return redirect("support:team_settings", slug)
    context = {"project": project, "form": form, "account": user}
    return render(request, "support/project/account_form.html", context)


def send_link(request, membership: Membership):
    """Sends the link to set a password; when that fails, the account stays."""
    user = membership.user
    if user.has_usable_password():
        messages.success(request, f"{user} ma już hasło i od teraz widzi ten projekt.")
        return
    try:
        invite(user, project=membership.project, role=membership.get_role_display())
    except (SMTPException, OSError):
        messages.error(
            request,
            f"Konto {user.email} jest, ale list z linkiem do hasła nie wyszedł. "
            "Wyślij go ponownie z listy zespołu.",
        )
    else:
        messages.success(request, f"Na adres {user.email} poszedł link do ustawienia hasła.")
