from typing import Any

from entities.terc import TERC_DAY, load_known_changes, load_terc, shipped_rows


def load(apps: Any) -> None:
    """Local governments of Poland, for an empty register; run again it changes nothing."""
    if not apps.get_model("entities", "TerytCode").objects.exists():
        load_terc(apps, list(shipped_rows()), TERC_DAY)
        load_known_changes(apps)
