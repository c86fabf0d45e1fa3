"""What a browser does with the page of a form: reads its hidden fields and sends them back."""

import re

from django.forms import BaseForm
from django.urls import get_resolver
from lxml import html

HIDDEN = re.compile(r'<input type="hidden" name="(editing-[a-z]+)" value="([^"]*)">')


def hidden(response):
    """The fields by which a form is saved once and against the version it shows."""
    return dict(HIDDEN.findall(response.content.decode()))


def opened(client, url):
    """The hidden fields of the form as it opens."""
    return hidden(client.get(url))


def sent(page):
    """Everything a browser would send of the form as it stands; lists of several values too."""
    [form] = html.fromstring(page.content.decode()).xpath("//form[@data-draft]")
    fields = {}
    # An empty field is sent too, which lxml leaves out.
    for field in form.xpath('.//input[not(@value)][not(@type="checkbox" or @type="radio")]'):
        field.set("value", "")
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    return fields


def every_form(base=BaseForm):
    """Every class of a form of the program and of its libraries, each once."""
    assert get_resolver().url_patterns  # imports the views, and they the forms
    classes = set(base.__subclasses__())
    return classes.union(*map(every_form, classes))
