"""What a person at a browser does with a form: opens it, types over it, sends it, says why."""

from lxml import html

SHOWN_FIRST = '<button class="btn btn-primary" type="submit" name="seen"'


class Browser:
    """Opens the page of an address where it has one, types over it, and sends it."""

    def __init__(self, client):
        self.client = client

    def send(self, url, typed):
        page = self.client.get(url)
        if page.status_code != 200 or not getattr(page.resolver_match.func, "is_form_page", False):
            return self.client.post(url, typed)
        data = filled(page) | typed
        return self.again(self.client.post(url, {k: v for k, v in data.items() if v is not None}))

    def again(self, page):
        """Presses "Zapisz" where the effect is shown first."""
        if (
            page.status_code == 200
            and '<button class="btn btn-primary" type="submit" name="seen"' in text(page)
        ):
            return self.client.post(page.request["PATH_INFO"], filled(page) | seen(page))
        return page

    def explain(self, page, why):
        """Fills in the reason the page asks for, and sends it again."""
        data = filled(page) | {"editing-reason": why}
        return self.again(self.client.post(page.request["PATH_INFO"], data))


def text(page):
    return page.content.decode()


def filled(page):
    """What a browser would send of the form that saves; lists of several values too."""
    forms = html.fromstring(text(page)).xpath("//main//form[@method='post'][not(@id='szkic')]")
    fields = {}
    for name, value in forms[0].form_values():
        fields.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def seen(page):
    return {"seen": page.context["seen"]}
