"""The demonstration written as flat sheets and read into an empty database is the same register.

FLAT_ROUNDS says how many times, each with other headers, orders, encodings and layouts.
"""

import hashlib
import os
import random

import pytest
from django.core.files.base import ContentFile

from entities.models import Entity, Person
from indicators.counting.verifying import numbers_by_day
from owes.folding import fold
from support.models import Import, Project, StaffMember
from support.workbook.columns import guessed, headers_of
from support.workbook.files import read_table
from support.workbook.identity import NEW
from support.workbook.imports import check, save
from support.workbook.layout import table_in
from tests.factories import UserFactory
from tests.loaded import put_back
from tests.support.workbook.flat_files import SHEETS, content, spellings, table

ROUNDS = int(os.environ.get("FLAT_ROUNDS", "1"))


def sent(register, file, by):
    name, data = file
    digest = hashlib.sha256(data).hexdigest()
    row = Import(project=Project.objects.get(slug="sputnik-ii"), register=register, by=by)
    row.file_name, row.sha256 = name, digest
    row.file.save(name, ContentFile(data), save=False)
    row.save()
    return row


def bring(row, columns):
    """Saves the file with the columns as they are; a guess may be missing, but is never wrong."""
    sheet = SHEETS[row.register]
    headers = headers_of(table_in(read_table(row.file.path, sheet).rows, sheet).rows)
    right = {name: fold(header) for name, header in columns.items()}
    guesses = guessed(headers, sheet)
    wrong = {name: text for name, text in guesses.items() if right.get(name) != text}
    assert wrong == {}
    row.columns = columns
    check(row)
    while row.is_asked:  # everybody of the file is somebody of their own
        row.answers |= {doubt["key"]: NEW for doubt in row.result["doubts"]}
        check(row)
    assert row.is_checked, row.result
    save(row)
    assert row.is_saved, row.result


def facts():
    """The numbers of every day, and everybody in the registers."""
    return (
        numbers_by_day(),
        set(Entity.objects.values_list("code", "name", "nip", "seat")),
        set(Person.objects.values_list("code", "first_name", "last_name", "sex", "birth_date")),
    )


@pytest.mark.long
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_register_of_flat_sheets_is_the_same_register(demo, loaded, seed):
    chance = random.Random(seed)
    files = {}
    for register in SHEETS:
        columns, rows = table(register, demo, chance)
        files[register] = columns, content(rows, chance)
    before = facts()
    staff = list(StaffMember.objects.values_list("name", flat=True))
    put_back(loaded.rows["reference"])
    for name in staff:
        StaffMember.objects.create(name=name)
    by = UserFactory()
    for register, (columns, file) in files.items():
        bring(sent(register, file, by), columns)
    assert facts() == before


def test_there_are_two_hundred_spellings_of_headers():
    texts = {
        (sheet.name, text)
        for sheet in SHEETS.values()
        for header in sheet.headers
        for text in spellings(header, sheet)
    }
    assert len({text for _, text in texts}) >= 200
