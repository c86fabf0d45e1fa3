"""The protocol of a trial control as a PDF."""

from django.conf import settings
from django.template.loader import render_to_string

from indicators.control.outcomes import summary
from owes.pdf import render


def render_control(control, outcomes):
    """The PDF of a trial control's protocol; one not finished is a working copy."""
    marks = ["Dane przykładowe"] * settings.DEMO + ["wersja robocza"] * (not control.is_finished)
    context = {"trial_control": control, "project": control.project, "outcomes": outcomes}
    context |= {"mark": ", ".join(marks), "summary": summary(outcomes)}
    return render(render_to_string("indicators/control/control_pdf.html", context))
