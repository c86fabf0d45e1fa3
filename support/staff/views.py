"""Pages of the staff and their trainings."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from owes.editing import form_page
from owes.lists.exporting import export
from owes.tables import paged
from support.access import demand, project_for
from support.models import StaffMember, StaffTraining
from support.staff.filters import StaffTrainingFilter
from support.staff.forms import StaffMemberForm, StaffTrainingForm
from support.staff.tables import StaffTrainingTable


def staff_list(request, slug):
    project = project_for(request.user, slug, "support.view_record")
    may_add = request.user.has_perm("support.add_record", project)
    filters = StaffTrainingFilter(request.GET, project.staff_trainings.for_list(), project=project)
    table = paged(request, StaffTrainingTable(filters.qs, may_change=may_add))
    if file := export(request, table, "szkolenia-kadry", filters.in_words()):
        return file
    context = {"project": project, "filters": filters, "table": table, "may_add": may_add}
    context["staff"] = StaffMember.objects.with_training_count(project)
    return render(request, "support/staff/staff_list.html", context)


@form_page
def staff_member_create(request, slug):
    project = project_for(request.user, slug, "support.add_record")
    return _staff_member_form(request, project, StaffMember())


@form_page
def staff_member_edit(request, slug, pk):
    project = project_for(request.user, slug, "support.add_record")
    return _staff_member_form(request, project, get_object_or_404(StaffMember, pk=pk))


def _staff_member_form(request, project, staff_member):
    """A coordinator sets the account: services of the adviser are then the account's own."""
    accounts = None
    if request.user.has_perm("support.change_team", project):
        accounts = staff_member.possible_accounts(project)
    editing = request.editing.of(staff_member)
    form = StaffMemberForm(editing.data, instance=staff_member, accounts=accounts)
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, f"Zapisano: {staff_member}.")
            return redirect("support:staff_list", project.slug)
    context = {"project": project, "form": form, "staff_member": staff_member}
    return render(request, "support/staff/staff_member_form.html", context)


@form_page
def staff_training_create(request, slug):
    project = project_for(request.user, slug, "support.add_record")
    return _staff_training_form(request, project, StaffTraining())


@form_page
def staff_training_edit(request, slug, pk):
    project = project_for(request.user, slug)
    training = get_object_or_404(project.staff_trainings, pk=pk)
    demand(request.user, "support.change_stafftraining", training)
    return _staff_training_form(request, project, training)


def _staff_training_form(request, project, training):
    editing = request.editing.of(training)
    form = StaffTrainingForm(editing.data, instance=training, project=project)
    if editing.is_ready(form):
        training = form.save()
        if editing.saved():
            messages.success(request, f"Zapisano szkolenie „{training.topic}”.")
            if training.long_day:
                messages.warning(request, training.long_day)
            return redirect("support:staff_list", project.slug)
    context = {"project": project, "form": form, "training": training}
    return render(request, "support/staff/staff_training_form.html", context)
