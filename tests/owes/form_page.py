"""What a browser does with the page of a form: reads its hidden fields and sends them back."""

import re

HIDDEN = re.compile(r'<input type="hidden" name="(editing-[a-z]+)" value="([^"]*)">')


def hidden(response):
    """The fields by which a form is saved once and against the version it shows."""
    return dict(HIDDEN.findall(response.content.decode()))


def opened(client, url):
    """The hidden fields of the form as it opens."""
    return hidden(client.get(url))
