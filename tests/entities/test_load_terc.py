"""TERC: the shipped file, and a newer one of GUS loaded over it."""

from datetime import date

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from entities.models import LocalGovernment, TerytCode
from entities.reference import load

pytestmark = pytest.mark.usefixtures("db")

HEADER = "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA"


def government(teryt):
    return LocalGovernment.objects.by_teryt(teryt).get()


@pytest.mark.parametrize(
    ("teryt", "code", "shown"),
    [
        ("14", "14", "województwo mazowieckie"),
        ("1419", "1419", "powiat płocki"),
        ("1462", "1462", "Płock"),
        ("1462011", "1462", "Płock"),
        ("1465028", "1465", "Warszawa"),
        ("1261029", "1261", "Kraków"),
        ("1404011", "140401", "Gostynin (miejska)"),
        ("1404022", "140402", "Gostynin (wiejska)"),
        ("1419022", "141902", "Bodzanów (miejsko-wiejska)"),
        ("1419023", "141902", "Bodzanów (miejsko-wiejska)"),
        ("1419024", "141902", "Bodzanów (miejsko-wiejska)"),
        ("1419025", "141902", "Bodzanów (miejsko-wiejska)"),
        ("1419142", "141914", "Staroźreby (miejsko-wiejska)"),
        ("1419143", "141914", "Staroźreby (miejsko-wiejska)"),
    ],
)
def test_teryt_code_leads_to_its_local_government(teryt, code, shown):
    row = government(teryt)
    assert (row.code, str(row)) == (code, shown)


def test_reference_holds_the_whole_of_poland():
    assert TerytCode.objects.count() == 4332 + 2
    levels = [LocalGovernment.objects.filter(level=level).count() for level in
              ("voivodeship", "powiat", "city", "gmina")]  # fmt: skip
    assert levels == [16, 314, 66, 2411]


def test_reference_ties_each_local_government_to_those_above():
    codes = ("141902", "1462", "1419")
    gmina, city, powiat = (LocalGovernment.objects.get(code=code) for code in codes)
    assert (gmina.parent, gmina.powiat) == (powiat, powiat)
    assert (powiat.powiat, powiat.parent.code) == (powiat, "14")
    assert (city.powiat, city.parent.code) == (city, "14")
    assert LocalGovernment.objects.get(code="14").powiat is None
    assert LocalGovernment.objects.filter(level="gmina", powiat=None).count() == 0


def test_reference_knows_the_days_of_changed_codes():
    assert TerytCode.objects.get(code="1419022").valid_until == date(2022, 12, 31)
    assert TerytCode.objects.get(code="1419143").valid_from == date(2026, 1, 1)


def test_reference_loaded_again_changes_nothing(django_assert_num_queries):
    with django_assert_num_queries(1):
        load(apps)


@pytest.fixture
def terc(tmp_path):
    """A file of GUS with the rows given, as of a day."""

    def terc(*rows, day="2027-01-01"):
        path = tmp_path / "TERC.csv"
        lines = [HEADER, *(f"{row};{day}" for row in rows)]
        path.write_text("\n".join(lines), encoding="utf-8-sig")
        return str(path)

    return terc


def all_rows():
    """The register of now as rows of GUS, for a file that changes one of them."""
    for code in TerytCode.objects.exclude(code__in=["1419022", "1419142"]).order_by("code"):
        digits = [code.code[:2], code.code[2:4], code.code[4:6], code.code[6:]]
        lead = code.local_government
        is_city = len(code.code) == 4 and lead.level == "city"
        mark = "miasto na prawach powiatu" if is_city else ""
        yield code.code, ";".join([*digits, lead.name, mark])


def test_load_terc_of_the_same_state_changes_no_code(terc, capsys):
    call_command("load_terc", terc(*(row for _, row in all_rows())))
    assert capsys.readouterr().out == "Stan na 01.01.2027: nowych kodów 0, zakończonych 0.\n"
    assert TerytCode.objects.get(code="1419022").valid_until == date(2022, 12, 31)


def test_load_terc_follows_a_changed_kind_and_a_new_gmina(terc):
    bulkowo = government("1419042")
    rows = [row for code, row in all_rows() if code != "1419042"]
    rows += ["14;19;04;3;Bulkowo;gmina miejsko-wiejska", "14;19;04;4;Bulkowo;miasto",
             "14;19;99;2;Nowa Gmina;gmina wiejska"]  # fmt: skip
    call_command("load_terc", terc(*rows))
    for code in ("1419042", "1419043", "1419044"):
        assert government(code) == bulkowo
    bulkowo.refresh_from_db()
    assert bulkowo.kind == "3"
    assert TerytCode.objects.get(code="1419042").valid_until == date(2026, 12, 31)
    assert TerytCode.objects.get(code="1419043").valid_from == date(2027, 1, 1)
    new = government("1419992")
    assert (new.name, new.powiat.code) == ("Nowa Gmina", "1419")
    assert LocalGovernment.objects.search("nowa gmina").get() == new


def test_load_terc_renames(terc):
    rows = [row.replace(";Łąck;", ";Łąck Nowy;") for _, row in all_rows()]
    call_command("load_terc", terc(*rows))
    assert LocalGovernment.objects.search("lack nowy").get().powiat.code == "1419"


@pytest.mark.parametrize(
    "text", ["", "a;b;c", "WOJ;POW\n14;19", f"{HEADER}\n14;19;1;2;X;;2027-01-01"]
)
def test_load_terc_refuses_another_file(tmp_path, text):
    path = tmp_path / "TERC.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("load_terc", str(path))
    assert TerytCode.objects.count() == 4334


def test_load_terc_refuses_what_is_no_text(tmp_path):
    path = tmp_path / "TERC.csv"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(CommandError):
        call_command("load_terc", str(path))
