"""Files of other spreadsheets than xlsx: a small xls and ods of `{sheet: rows}`."""

import io
import zipfile
from datetime import date
from html import escape

import xlwt

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:{urn}:1.0"'
    for name, urn in {
        "office": "oasis:names:tc:opendocument:xmlns:office",
        "table": "oasis:names:tc:opendocument:xmlns:table",
        "text": "oasis:names:tc:opendocument:xmlns:text",
        "calcext": "org:documentfoundation:names:experimental:calc:xmlns:calcext",
    }.items()
)
KIND = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    f'manifest:full-path="/" manifest:media-type="{KIND}"/></manifest:manifest>'
)
FAILED = "#N/A"  # written as a cell whose formula failed


def xls(sheets, hidden=()):
    book = xlwt.Workbook()
    days = xlwt.easyxf(num_format_str="dd.mm.yyyy")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        sheet.visibility = name in hidden
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell == FAILED:
                    sheet.row(number).set_cell_error(column, 0x2A)
                elif isinstance(cell, date):
                    sheet.write(number, column, cell, days)
                else:
                    sheet.write(number, column, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods(sheets, hidden=()):
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    return ods_of(tables)


def ods_of(tables):
    """The package of these tables, as XML."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", KIND, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", MANIFEST)
    return file.getvalue()


def _row(cells):
    return f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"


def _cell(value):
    kind, more = "string", ""
    if value == FAILED:
        more = ' office:string-value="" calcext:value-type="error" table:formula="of:=NA()"'
    elif isinstance(value, date):
        kind, more = "date", f' office:date-value="{value.isoformat()}"'
    elif isinstance(value, int):
        kind, more = "float", f' office:value="{value}"'
    if value == "":
        return "<table:table-cell/>"
    text = f"<text:p>{escape(str(value))}</text:p>"
    return f'<table:table-cell office:value-type="{kind}"{more}>{text}</table:table-cell>'
