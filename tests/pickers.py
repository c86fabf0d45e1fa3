"""What the list of a picker offers."""

import re
from html import unescape

OPTION = re.compile(r'<li role="option"[^>]*data-value="([^"]*)"( data-exact)?')


def offered(client, url, text="", **sent):
    """The texts of the options in the server's order."""
    page = client.get(url, {"q": text, **sent}).content.decode()
    return [unescape(value) for value, _ in OPTION.findall(page)]


def exact(client, url, text, **sent):
    """The text of the option that Enter takes without a highlight; None without one."""
    page = client.get(url, {"q": text, **sent}).content.decode()
    found = [unescape(value) for value, is_exact in OPTION.findall(page) if is_exact]
    assert len(found) < 2
    return found[0] if found else None
