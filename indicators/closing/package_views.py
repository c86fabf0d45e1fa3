"""Packages for the funder: who made which, what for, and the files."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_safe

from entities.models import Person
from indicators.closing.package_forms import PackageForm
from indicators.closing.packages import package_job
from indicators.models import Package
from owes.editing import form_page
from owes.looks.collecting import saw
from support.access import project_for

VIEW, MAKE = "indicators.view_package", "indicators.make_package"


@require_safe
def package_list(request, slug):
    project = project_for(request.user, slug, VIEW)
    packages = _open_to(request.user, project).select_related("by")[:200]
    context = {"project": project, "packages": packages}
    context["may_make"] = request.user.has_perm(MAKE, project)
    return render(request, "indicators/closing/package_list.html", context)


@form_page
def package_create(request, slug):
    project = project_for(request.user, slug, MAKE)
    editing = request.editing
    editing.is_reported = False
    initial = {"report": request.GET.get("report", "")}
    form = PackageForm(editing.data, project=project, initial=initial)
    if editing.is_ready(form):
        package = form.save(request.user)
        if editing.saved():
            return redirect(package)
    return render(
        request, "indicators/closing/package_form.html", {"project": project, "form": form}
    )


@require_GET
def package_detail(request, slug, pk):
    """What is in a package; for those who make them also the key to the numbers of people."""
    project = project_for(request.user, slug, VIEW)
    package = get_object_or_404(_open_to(request.user, project).select_related("by"), pk=pk)
    numbers = package.people if request.user.has_perm(MAKE, project) else {}
    people = Person.objects.in_bulk(numbers.values(), field_name="code")
    context = {
        "project": project,
        "package": package,
        "job": package_job(package),
        "indicators": [
            indicator.short_name
            for indicator in project.indicators.all()
            if indicator.code in package.indicators
        ],
        "key": [(number, code, people.get(code)) for number, code in numbers.items()],
    }
    page = (
        "indicators/closing/_package.html"
        if request.htmx
        else "indicators/closing/package_detail.html"
    )
    return render(request, page, context)


@require_safe
def package_file(request, slug, pk):
    project = project_for(request.user, slug, VIEW)
    package = get_object_or_404(_open_to(request.user, project), pk=pk)
    if not package.sha256:
        raise Http404
    saw(package.report.people())
    name = package.file_name
    return FileResponse(package.file.open("rb"), as_attachment=True, filename=name)


def _open_to(user, project):
    """All to those who make them; an auditor sees what the coordinator released whole."""
    packages = Package.objects.filter(report__project=project)
    if not user.has_perm(MAKE, project):
        packages = packages.released()
    return packages.select_related("report__project", "report__corrects")
