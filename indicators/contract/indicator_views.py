"""The indicators of a project and their rules, as the contract asks for them."""

from copy import copy

from django.apps import apps
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from indicators.contract.catalogue_forms import CatalogueForm
from indicators.contract.composer_forms import RuleForm
from indicators.contract.indicator_forms import IndicatorWordsForm
from indicators.contract.indicators import counted_now, rule_versions
from indicators.contract.preview import preview_of
from indicators.contract.steps import way_back_of
from indicators.reference import add_indicators
from owes.editing import form_page
from owes.formatting import error_list, plural
from owes.submissions import fingerprint
from support.access import project_for
from support.project.confirmation import save_knowingly

PERMISSION = "indicators.change_projectindicator"
ADDED = "Dodano {}."
PREVIEW = "indicators/contract/_rule_preview.html"
INDICATORS = "wskaźnik,wskaźniki,wskaźników"


def indicator_settings(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    context = {"project": project, "rows": counted_now(project, timezone.localdate())}
    return render(request, "indicators/contract/indicator_settings.html", context)


def indicator_rules(request, slug, code):
    """Every rule that an indicator has had, the newest first."""
    project = project_for(request.user, slug, PERMISSION)
    row = get_object_or_404(project.indicators.prefetch_related("rules"), code=code)
    context = _opened(request, project, row) | {"versions": rule_versions(row)}
    return render(request, "indicators/contract/indicator_rules.html", context)


@form_page
def catalogue_create(request, slug):
    """Takes indicators of the catalogue, or of another project, as they are."""
    project = project_for(request.user, slug, PERMISSION)
    context = _opened(request, project)
    form = CatalogueForm(request.editing.data, project=project, user=request.user)
    if request.editing.is_ready(form):
        entries = form.entries()
        add_indicators(apps, project, entries)
        if request.editing.saved():
            messages.success(request, ADDED.format(plural(len(entries), INDICATORS)))
            return redirect(context["back"])
    context["form"] = form
    return render(request, "indicators/contract/catalogue_form.html", context)


@form_page
def indicator_create(request, slug):
    """Composes a new indicator; `act=preview` counts it and saves nothing."""
    project = project_for(request.user, slug, PERMISSION)
    editing = request.editing
    initial = {"valid_from": project.starts_on, "basis": "umowa", "represented_in_area": True}
    form = RuleForm(editing.data, project=project, initial=initial)
    words = IndicatorWordsForm(editing.data, project=project)
    context = _opened(request, project) | {"form": form, "words": words}
    if _is_preview(request):
        context["preview"] = _preview(form)
        if request.htmx:
            return render(request, PREVIEW, context)
    elif editing.is_ready(form, words):
        rule = form.rule()
        rule.indicator = words.save()
        rule.save()
        if editing.saved():
            messages.success(request, f"Dodano wskaźnik: {words.instance.name}.")
            if context["way_back"].query:
                return redirect(context["back"])
            return redirect("indicators:indicator_rules", slug, words.instance.code)
    context["errors"] = error_list(form) + error_list(words)
    return render(request, "indicators/contract/indicator_form.html", context)


@form_page
def rule_create(request, slug, code):
    """A new rule of an indicator, since a day; those that are there are never edited."""
    project = project_for(request.user, slug, PERMISSION)
    row = get_object_or_404(project.indicators, code=code)
    editing, last = request.editing, row.rules.last()
    initial = RuleForm.initial_of(last) if last else {}
    form = RuleForm(editing.data, project=project, row=row, initial=initial)
    context = _opened(request, project, row) | {"form": form}
    if _is_preview(request):
        context["preview"] = _preview(form)
        if request.htmx:
            return render(request, PREVIEW, context)
    elif editing.is_ready(form):
        rule = form.rule()
        context["effects"] = save_knowingly(request, lambda: copy(rule).save(), [project])
        if editing.is_saved:
            messages.success(request, "Zapisano zasadę.")
            return redirect(context["back"])
    context |= {"errors": error_list(form), "seen": fingerprint(request.POST)}
    return render(request, "indicators/contract/rule_form.html", context)


@form_page
def indicator_edit(request, slug, code):
    """The names of an indicator, and its end; its code stays."""
    project = project_for(request.user, slug, PERMISSION)
    row = get_object_or_404(project.indicators, code=code)
    context = _opened(request, project, row)
    editing = request.editing.of(row)
    words = IndicatorWordsForm(editing.data, instance=row, project=project)
    if editing.is_ready(words):
        context["effects"] = save_knowingly(request, words.save, [project])
        if editing.is_saved:
            messages.success(request, "Zapisano wskaźnik.")
            return redirect(context["back"])
    context |= {"words": words, "errors": error_list(words)}
    context["seen"] = fingerprint(request.POST)
    return render(request, "indicators/contract/indicator_form.html", context)


def _opened(request, project, row=None):
    """What the head of a page says: from where it was opened, and where it leads `back`.

    A form of one indicator, `row`, leads back to its rules.
    """
    way_back = way_back_of(request, project, "Wskaźniki projektu", "indicators:indicator_settings")
    rules = row and reverse("indicators:indicator_rules", args=[project.slug, row.code])
    back = rules + way_back.query if row else way_back.url
    return {"project": project, "row": row, "way_back": way_back, "back": back}


def _is_preview(request):
    return request.method == "POST" and request.POST.get("act") == "preview"


def _preview(form):
    """What the rule counts so far; None while its blocks are wrong or none."""
    form.is_valid()
    return (
        preview_of(form.project, form.rule(), form.row, timezone.localdate())
        if form.blocks
        else None
    )
