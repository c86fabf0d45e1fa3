import pytest

from owes import pdf
from owes.typography import tied

H = "\u00a0"
PAGE = """<!doctype html><html lang="pl"><head><title>Raport z prac</title></head><body>
<p title="w domu">Praca w <b>biurze i </b>w
   domu</p><code>a = i w</code></body></html>"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dom i ogród", f"dom i{H}ogród"),
        ("W Płocku i w Gostyninie", f"W{H}Płocku i{H}w{H}Gostyninie"),
        ("(z nimi) „o wodzie”", f"(z{H}nimi) „o{H}wodzie”"),
        ("praca w\n   domu", f"praca w{H}domu"),
        ("praca w ", f"praca w{H}"),
        ("kawa a herbata", f"kawa a{H}herbata"),
        ("od 5 kwietnia 2022 r. do maja", f"od 5{H}kwietnia{H}2022{H}r. do maja"),
        ("umowa nr 7 z art. 18 ust. 4", f"umowa nr{H}7 z{H}art.{H}18 ust.{H}4"),
        ("§ 4 i Dz. U. 2018 poz. 2057", f"§{H}4 i{H}Dz.{H}U. 2018 poz.{H}2057"),
        ("25 000,00 zł, 2 h 30 min, 5 %", f"25{H}000,00{H}zł, 2{H}h 30{H}min, 5{H}%"),
        ("J. R. Nowak", f"J.{H}R.{H}Nowak"),
        ("razem 7, w okresie: 42.", f"razem 7, w{H}okresie:{H}42."),
        ("ul. Długa 7", f"ul.{H}Długa 7"),
        ("na zawsze, do nas", "na zawsze, do nas"),
        ("12 zawodników, 30 minut", "12 zawodników, 30 minut"),
        ("5 majątków", "5 majątków"),
        ("", ""),
    ],
)
def test_a_line_does_not_end_inside_what_belongs_together(text, expected):
    assert tied(text) == expected
    assert tied(expected) == expected


@pytest.mark.pdf
def test_texts_of_a_drawn_page_are_tied_and_its_attributes_and_code_are_not(monkeypatch):
    trees, weasyprint = [], pdf.load_weasyprint()
    render = weasyprint.HTML.render

    def seen(self, **options):
        trees.append(self.etree_element)
        return render(self, **options)

    monkeypatch.setattr(weasyprint.HTML, "render", seen)
    pdf.render(PAGE)
    [html] = trees
    assert "".join(html.find(".//p").itertext()) == f"Praca w{H}biurze i{H}w{H}domu"
    assert html.find(".//p").get("title") == "w domu"
    assert html.find(".//code").text == "a = i w"
    assert html.find(".//title").text == "Raport z prac"
