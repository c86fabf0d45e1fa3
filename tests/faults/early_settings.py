"""The settings of production, with a fault planted: see `early.py`."""

from owes.settings import *  # noqa: F403
from owes.settings import MIDDLEWARE

MIDDLEWARE = ["tests.faults.early.early_answers", *MIDDLEWARE]
