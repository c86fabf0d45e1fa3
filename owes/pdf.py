"""HTML to PDF. The one place that imports WeasyPrint, whose system libraries may be missing.

Text typed by people ends up in this HTML, so nothing named in it is ever fetched: pictures come as
`data:` URLs, the style and the fonts are handed over here, from the project and a locked package.
"""

import ctypes
import sys
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.checks import Warning as CheckWarning
from PIL import ImageFile

from owes.typography import tie

APT_LINE = (
    "apt-get install -y --no-install-recommends "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
)
LIBRARIES = [
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
]
FACES = [
    ("Regular", 400, "normal"),
    ("It", 400, "italic"),
    ("Semibold", 600, "normal"),
    ("Bold", 700, "normal"),
]


class PdfUnavailable(Exception):
    """The machine lacks the libraries; the message says what to install."""

    def __init__(self) -> None:
        super().__init__(f"Brak bibliotek systemowych do PDF: {APT_LINE}")


def render(
    html: str,
    variant: str = "pdf/ua-1",
    identifier: str | None = None,
    attached: Iterable[tuple] = (),
) -> bytes:
    """The bytes of a tagged PDF. The same HTML, `identifier` and files give the same bytes.

    `variant` is "pdf/ua-1" for a download and "pdf/a-3a" for a document that is kept, which may
    carry files: `attached` are `(name, bytes, moment)`.
    """
    document = _laid_out([html], variant)
    attachment = load_weasyprint().Attachment
    return document.write_pdf(
        **_options(variant),
        pdf_identifier=identifier.encode() if identifier else None,
        attachments=[
            attachment(
                string=content, name=name, created=moment, modified=moment, relationship="Data"
            )
            for name, content, moment in attached
        ],
    )


def render_all(
    pages: Iterable[str], title: str, tell: Callable[[int], Any] = lambda done: None
) -> bytes:
    """One PDF of many documents, each numbering its own pages; `tell` hears of each laid out."""
    variant = "pdf/ua-1"
    document = _laid_out(pages, variant, tell)
    document.metadata.title = title
    return document.write_pdf(**_options(variant))


def _options(variant: str) -> dict[str, Any]:
    return {"pdf_variant": variant, "pdf_tags": True}


def load_weasyprint() -> Any:
    """The library that draws, with its fonts and URLs; raises `PdfUnavailable`."""
    try:
        # At the first use: a machine may lack the system libraries that this loads.
        import weasyprint.text.fonts  # noqa: PLC0415
    except OSError as error:
        raise PdfUnavailable from error
    # WeasyPrint turns this on for the whole process; an upload cut short must stay refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def _laid_out(
    pages: Iterable[str], variant: str, tell: Callable[[int], Any] = lambda done: None
) -> Any:
    """The documents as one of WeasyPrint's, with the metadata of the first."""
    weasyprint = load_weasyprint()
    faces = _font_faces()

    class FontFetcher(weasyprint.urls.URLFetcher):  # type: ignore[name-defined]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in faces:
                raise ValueError(f"Nie jest to czcionka programu: {url}")
            return super().fetch(url, headers)

    fonts = weasyprint.text.fonts.FontConfiguration()
    face_rules = weasyprint.CSS(
        string="\n".join(faces.values()), font_config=fonts, url_fetcher=FontFetcher()
    )
    sealed = weasyprint.urls.URLFetcher(allowed_protocols={"data"})
    look = weasyprint.CSS(
        filename=finders.find("css/print.css"), font_config=fonts, url_fetcher=sealed
    )
    documents = []
    for done, html in enumerate(pages, start=1):
        page = weasyprint.HTML(string=html, url_fetcher=sealed)
        tie(page.etree_element)
        documents.append(
            page.render(stylesheets=[face_rules, look], font_config=fonts, **_options(variant))
        )
        tell(done)
    if len(documents) == 1:
        return documents[0]
    return documents[0].copy([page for document in documents for page in document.pages])


def _font_faces() -> dict[str, str]:
    """One `@font-face` rule by the URL of its file, the same files on every machine."""
    folder = Path(str(files("font_source_sans_pro") / "files"))
    urls = {folder.joinpath(f"SourceSansPro-{name}.ttf").as_uri(): rest for name, *rest in FACES}
    return {
        url: f'@font-face {{ font-family: "Source Sans Pro"; src: url("{url}");'
        f" font-weight: {weight}; font-style: {slant}; }}"
        for url, (weight, slant) in urls.items()
    }


def missing_libraries() -> list[str]:
    """Names of the Linux libraries that cannot be loaded; other systems show it on rendering."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def check_libraries(app_configs: Any, **kwargs: Any) -> list[CheckWarning]:
    """A system check: without the libraries everything but the PDFs works, so only a warning."""
    missing = missing_libraries()
    if not missing:
        return []
    return [
        CheckWarning(
            f"Brak bibliotek systemowych do PDF ({', '.join(missing)}).",
            hint=APT_LINE,
            id="owes.W001",
        )
    ]
