"""What a browser does with forms, over real sockets."""

import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from http.cookiejar import CookieJar


@dataclass
class Answer:
    status: int
    content: bytes
    headers: Message
    seconds: float

    @property
    def text(self):
        return self.content.decode("utf-8", "replace")


class _Forms(HTMLParser):
    """Fields of the forms of a page that are sent to the page itself."""

    def __init__(self, path):
        super().__init__()
        self.own = (None, "", path)
        self.forms, self.is_open, self.name = [], False, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.is_open = given.get("method") == "post" and given.get("action") in self.own
            if self.is_open:
                self.forms.append({})
        elif self.is_open and given.get("name"):
            self._field(tag, given)
        elif self.is_open and tag == "option" and "selected" in given:
            self.forms[-1][self.name] = given.get("value", "")

    def _field(self, tag, given):
        self.name = given["name"]
        if given.get("type") in ("radio", "checkbox") and "checked" not in given:
            return
        if given.get("type") not in ("submit", "file") and tag in ("input", "textarea", "select"):
            self.forms[-1].setdefault(self.name, given.get("value", ""))

    def handle_endtag(self, tag):
        self.is_open = self.is_open and tag != "form"


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def fields(page, path):
    """Of the longest form of a page that was opened."""
    parser = _Forms(path)
    parser.feed(page.text)
    assert parser.forms, f"{path}: {page.status}, no form"
    return max(parser.forms, key=len)


class Browser:
    def __init__(self, port):
        self.root, self.jar = f"http://127.0.0.1:{port}", CookieJar()
        self.opener = urllib.request.build_opener(
            _Stays, urllib.request.HTTPCookieProcessor(self.jar)
        )

    @property
    def cookie(self):
        """The header that another program needs, to be signed in as this one."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def open(self, path, data=None):
        return self._send(path, urllib.parse.urlencode(data).encode() if data else None, {})

    def upload(self, path, content, name):
        """A form with a file, as its page is opened first."""
        edge = "kraniec"
        part = f"--{edge}\r\nContent-Disposition: form-data; name="
        fields = [f'{part}"{key}"\r\n\r\n{value}\r\n' for key, value in self.form(path).items()]
        head = f'{part}"file"; filename="{name}"\r\n\r\n'
        body = "".join([*fields, head]).encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._send(path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def _send(self, path, body, headers):
        headers = {"Referer": self.root + path} | headers
        request = urllib.request.Request(self.root + path, body, headers)
        started = time.monotonic()
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        content = answer.read()
        took = time.monotonic() - started
        return Answer(answer.status, content, answer.headers, took)

    def form(self, path, **typed):
        """What the form of a page sends with some fields typed."""
        return fields(self.open(path), path) | typed

    def submit(self, path, **typed):
        return self.open(path, self.form(path, **typed))

    def sign_in(self, login="faults@example.org", password="wiatr w polu 7 razy"):
        answer = self.submit("/accounts/login/", login=login, password=password)
        assert answer.status == 302, answer.text
        return self
