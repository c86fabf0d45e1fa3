"""Text as every reader takes it."""


def read_text(value: object) -> str:
    """Text without spaces at its ends; a hard space is a space."""
    return str(value).replace("\u00a0", " ").strip()


def spaced(value: object) -> str:
    """Text in small letters, with one space between words."""
    return " ".join(read_text(value).casefold().split())
