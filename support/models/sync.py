"""The rows under a record, made exactly those wanted.

A model of such rows declares its `KEY`, the columns that are unique together, first the one of the
record, and its `VALUES`, the other columns. The import uses the same columns, but writes in bulk
(`support.workbook.writing`): here each row is saved by itself, so that the user, the reason and
what the model does on saving are as on any page.
"""


def sync_rows(rows, wanted):
    """Creates, updates and deletes rows so that they are exactly those wanted.

    `rows` is the related manager of a record; `wanted` maps the last column of `KEY` to a tuple of
    `VALUES`. A row that is as wanted already is not touched.
    """
    key_column, columns = rows.model.KEY[-1], rows.model.VALUES
    # Not `all()`, which may answer with rows prefetched before the record was locked.
    existing = {getattr(row, key_column): row for row in rows.filter()}
    for key, row in existing.items():
        if key not in wanted:
            row.delete()
    for key, values in wanted.items():
        row = existing.get(key)
        if row is None:
            rows.create(**{key_column: key}, **dict(zip(columns, values, strict=True)))
        elif tuple(getattr(row, name) for name in columns) != values:
            for name, value in zip(columns, values, strict=True):
                setattr(row, name, value)
            row.save()


def sync_links(links, keys):
    """As `sync_rows`, for rows without `VALUES`; `keys` are those of the linked records."""
    sync_rows(links, dict.fromkeys(keys, ()))
