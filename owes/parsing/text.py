"""Text as every reader takes it."""

import re

# Soft hyphen, zero width, directions of writing, invisible operators, byte order mark: they come
# along with what is copied from a page, and neither Polish nor Ukrainian needs them.
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")


def visible(text: str) -> str:
    return INVISIBLE.sub("", text)


def read_text(value: object) -> str:
    """What is seen of a text, without spaces at its ends; a hard space is a space."""
    return visible(str(value)).replace("\u00a0", " ").strip()


def spaced(value: object) -> str:
    """Text in small letters, with one space between words."""
    return " ".join(read_text(value).casefold().split())
