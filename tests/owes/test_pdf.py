import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import ImageFile

from owes import pdf

pikepdf = pytest.importorskip("pikepdf")
pytestmark = pytest.mark.pdf

SECRET = "sekret-ktorego-nie-ma-w-dokumencie"
PAGE = """<!doctype html><html lang="pl"><head><title>Raport wskaźników</title></head>
<body><h1>Zażółć gęślą jaźń</h1>
<table><thead><tr><th scope="col">Wskaźnik</th></tr></thead>
<tbody><tr><td>PES objęte wsparciem</td></tr></tbody></table>
{}
</body></html>"""


@pytest.fixture
def listener():
    """A server on this machine that remembers what it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def fonts(document):
    return {
        str(font["/BaseFont"]).partition("+")[2]
        for page in document.pages
        for font in page["/Resources"]["/Font"].values()
    }


def test_document_is_tagged_polish_and_brings_its_fonts():
    document = opened(pdf.render(PAGE.format("")))
    assert document.Root.Lang == "pl"
    assert bool(document.Root.MarkInfo.Marked)
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    assert {name[:15] for name in fonts(document)} == {"Source-Sans-Pro"}


def test_document_to_be_kept_is_pdf_a():
    with opened(pdf.render(PAGE.format(""), variant="pdf/a-3a")).open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"


def test_same_page_gives_same_bytes():
    first, second = (pdf.render(PAGE.format(""), identifier="raport-1") for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "attack",
    [
        '<link rel="attachment" href="{url}">',
        '<link rel="stylesheet" href="{url}">',
        '<a rel="attachment" href="{url}">załącznik</a>',
        '<img src="{url}" alt="">',
        '<object data="{url}"></object>',
        '<embed src="{url}">',
        '<iframe src="{url}"></iframe>',
        '<style>@import url("{url}");</style>',
        '<style>@font-face {{ font-family: x; src: url("{url}") }} p {{ font: x }}</style>',
        "<p style=\"background: url('{url}')\">tło</p>",
        "<p style=\"content: url('{url}')\">treść</p>",
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><use href="{url}#a"/></svg>',
        '<base href="{url}/"><img src="x" alt="">',
    ],
)
def test_text_of_users_reaches_no_file_and_no_server(attack, listener, tmp_path):
    server, asked = listener
    secret = tmp_path / "secret.css"
    secret.write_text(f'body::before {{ content: "{SECRET}" }}', encoding="utf-8")
    for url in [secret.as_uri(), f"{server}/probe"]:
        document = opened(pdf.render(PAGE.format(attack.format(url=url))))
        assert SECRET.encode() not in b"".join(
            stream.read_bytes()
            for stream in document.objects
            if isinstance(stream, pikepdf.Stream)
        )
        assert list(document.attachments) == []
        assert "/EmbeddedFiles" not in document.Root.get("/Names", {})
    assert asked == []


def test_missing_library_is_a_sentence_with_the_remedy(monkeypatch):
    monkeypatch.setattr(pdf, "LIBRARIES", ["libnie-ma-takiej.so.0"])
    [warning] = pdf.check_libraries(None)
    assert (warning.id, warning.hint) == ("owes.W001", pdf.APT_LINE)
    assert warning.msg == "Brak bibliotek systemowych do PDF (libnie-ma-takiej.so.0)."


def test_unavailable_renderer_names_the_packages():
    assert str(pdf.PdfUnavailable()) == f"Brak bibliotek systemowych do PDF: {pdf.APT_LINE}"


@pytest.mark.pdf
def test_rendering_leaves_pictures_cut_short_refused_in_this_process():
    pdf.render("<p>Ala</p>")
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
