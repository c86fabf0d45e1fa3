"""A page without the white space that only lays out its template."""

import re


def tight(page):
    """The HTML of a response, or of a part, with no white space beside its tags."""
    html = page if isinstance(page, str) else page.content.decode()
    html = re.sub(r"[ \t\r\n]+", " ", html)
    return re.sub(r" ?(<[^>]+?) ?(/?>) ?", r"\1\2", html)
