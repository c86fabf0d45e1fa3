"""The eight indicators of the contract for every project there is, and rules of its readings."""

from django.db import migrations

from indicators.catalogue import APART, CONTRACT, FROM_FIRST
from indicators.reference import add_indicators

NESTED = "Cel PS odczytano jako część celu PES: podmiot ze statusem PS liczy się w obu."
FOUNDERS = "Osoby z grup inicjatywnych liczą się jako przedstawiciele."
NO_FOUNDERS = "Osoby z grup inicjatywnych nie liczą się jako przedstawiciele."
READ = ("pes", "ps", "representatives")  # what readings were about


def write_rules(apps, schema_editor):
    Reading = apps.get_model("indicators", "Reading")
    for project in apps.get_model("support", "Project").objects.order_by("pk"):
        add_indicators(apps, project, CONTRACT)
        for reading in Reading.objects.filter(project=project).order_by("valid_from"):
            for entry in CONTRACT:
                if entry["words"]["code"] in READ:
                    _write(apps, entry, reading)


def _write(apps, entry, reading):
    code = entry["words"]["code"]
    indicators = apps.get_model("indicators", "ProjectIndicator").objects
    apps.get_model("indicators", "IndicatorRule").objects.update_or_create(
        indicator=indicators.get(project=reading.project, code=code),
        valid_from=reading.valid_from,
        defaults={
            "basis": reading.basis,
            "blocks": _blocks(code, entry["blocks"], reading),
            "text": _text(entry["text"], reading),
            "summary": entry["summary"],
        },
    )


def _asks_for_more(reading):
    return reading.least_services > 1 or reading.least_minutes > 0


def _blocks(code, blocks, reading):
    if code == "representatives":
        return [{"block": "present", "whom": "pes_or_group"}] if reading.founders_count else blocks
    if code == "pes" and reading.ps_within_pes:
        blocks = [block for block in blocks if block["block"] != "ps_status"]
    if not _asks_for_more(reading):
        return blocks
    least = {"services": reading.least_services, "minutes": reading.least_minutes}
    return [*blocks, {"block": "at_least", **least}]


def _text(text, reading):
    if reading.founders_count:
        text = text.replace(NO_FOUNDERS, FOUNDERS)
    if reading.ps_within_pes:
        text = text.replace(APART, NESTED)
    return text.replace(FROM_FIRST, _enough(reading)) if _asks_for_more(reading) else text


def _enough(reading):
    few = reading.least_services % 10 in (2, 3, 4) and reading.least_services // 10 % 10 != 1
    noun = "usługę" if reading.least_services == 1 else "usługi" if few else "usług"
    hours, minutes = divmod(reading.least_minutes, 60)
    time = " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))
    return (
        f"Podmiot jest objęty wsparciem, gdy dostał co najmniej {reading.least_services}\u00a0{noun}"
        f"{f' i {time} wsparcia' if time else ''}; liczy się od dnia, w którym to osiągnął."
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0013_indicator_rules")]

    operations = [migrations.RunPython(write_rules, migrations.RunPython.noop)]
