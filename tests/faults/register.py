"""Run by `manage.py shell` in a seeded installation: the register of the demonstration."""

from django.db import transaction

from support.models import Project
from support.workbook.demonstration import FOLDER
from support.workbook.files import read_csv_folder
from support.workbook.importing import save_book
from support.workbook.reader import read_book

with transaction.atomic():
    save_book(read_book(read_csv_folder(FOLDER)), Project.objects.get(), "próba")
