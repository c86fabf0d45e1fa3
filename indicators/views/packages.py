"""Packages for the funder: who made which, what for, and the files."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_safe

from entities.models import Person
from indicators.definitions import INDICATORS
from indicators.forms.packages import PackageForm
from indicators.jobs import package_job
from indicators.models import Package
from owes.editing import form_page
from support.access import project_for

PERMISSION = "indicators.make_package"


@require_safe
def package_list(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    packages = _of(project).select_related("by")[:200]
    return render(
        request, "indicators/package_list.html", {"project": project, "packages": packages}
    )


@form_page
def package_create(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    editing = request.editing
    editing.is_reported = False
    initial = {"report": request.GET.get("report", "")}
    form = PackageForm(editing.data, project=project, initial=initial)
    if editing.is_ready(form):
        return redirect(form.save(request.user))
    return render(request, "indicators/package_form.html", {"project": project, "form": form})


@require_GET
def package_detail(request, slug, pk):
    """What is in a package, and the key to the numbers of people, which stays here."""
    project = project_for(request.user, slug, PERMISSION)
    package = get_object_or_404(_of(project).select_related("by"), pk=pk)
    people = Person.objects.in_bulk(package.people.values(), field_name="code")
    context = {
        "project": project,
        "package": package,
        "job": package_job(package),
        "indicators": [
            one.short_name for one in INDICATORS.values() if one.code in package.indicators
        ],
        "key": [(number, code, people.get(code)) for number, code in package.people.items()],
    }
    page = "indicators/_package.html" if request.htmx else "indicators/package_detail.html"
    return render(request, page, context)


@require_safe
def package_file(request, slug, pk):
    package = get_object_or_404(_of(project_for(request.user, slug, PERMISSION)), pk=pk)
    if not package.sha256:
        raise Http404
    name = package.file_name
    return FileResponse(package.file.open("rb"), as_attachment=True, filename=name)


def _of(project):
    packages = Package.objects.filter(report__project=project)
    return packages.select_related("report__project", "report__corrects")
