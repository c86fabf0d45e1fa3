"""Measurements of the program; each module runs from the folder above: `python -m bench.heart`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "owes.settings")
django.setup()
