"""Looks for words in every table of the database and in every file."""

import json
import re
from pathlib import Path
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import connection


def rows_with(words):
    """`{(table, column)}` of the texts that hold any of the words, in any case."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor:
                found |= {
                    (table, column)
                    for column, value in zip(columns, row, strict=True)
                    if _has(value, words)
                }
    return found


def files_with(words):
    """Names of the files whose bytes hold any of the words."""
    spelt = [word.encode() for word in words]
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    return {path.name for path in files if any(word in path.read_bytes() for word in spelt)}


def _has(value, words):
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return False
    if "\\u" in value:  # JSON as SQLite holds it
        value = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), value)
    value = unquote_plus(value).casefold()
    return any(word.casefold() in value for word in words)
