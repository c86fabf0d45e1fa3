"""Run by `manage.py shell`: entities whose names begin as formulas do; tells the names."""

from entities.models import Entity

STARTS = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "＝1", "＋1", "－1", "＠1"]
STARTS += ['=HYPERLINK("http://127.0.0.1")', "=1;2", "=1+1|x"]
for number, start in enumerate(STARTS):
    entity = Entity.objects.create(
        code=f"F{number}", name=f"{start} wzorzec {number}", legal_form="association"
    )
    print(entity.name, end="\x1e")  # noqa: T201
