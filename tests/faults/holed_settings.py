"""The settings of production, with a page more: see `hole.py`."""

from owes.settings import *  # noqa: F403

ROOT_URLCONF = "tests.faults.hole"
