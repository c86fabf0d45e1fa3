"""Indicators that projects of social economy support centres are asked for, as data.

Each is a row of `ProjectIndicator` (`words`), the blocks of its first rule, the words of that rule
where they are somebody's own, and the usual means of verification. A project takes from it what
its contract asks for; what is taken is the project's own.
"""

from typing import Any

PES_IN_AREA = [{"block": "pes_form"}, {"block": "in_area"}]
APART = "Cele PES i PS odczytano rozłącznie: podmiot liczy się jako PES albo jako PS."
FROM_FIRST = "Podmiot jest objęty wsparciem od pierwszej zatwierdzonej usługi, bez progu godzin."
CARDS = "formularze zgłoszeniowe, karty doradztwa, listy obecności"
STATEMENT = "oświadczenie o wdrożeniu, karta usługi"


def adopted(code: str, kind: str, words: dict[str, str], stem: str) -> dict[str, Any]:
    return {
        "words": {"code": code, **words},
        "blocks": [{"block": "adopted", "kind": kind}, *PES_IN_AREA],
        "text": (
            f"Liczy się PES z obszaru projektu z wdrożeniem {stem}ym z datą w okresie "
            "projektu, połączonym z zatwierdzoną usługą, która dała temu podmiotowi dzień "
            "wsparcia nie później niż w dniu wdrożenia. Podmiot liczy się raz, w dniu pierwszego "
            "takiego wdrożenia."
        ),
        "summary": (f"Wdrożenie {stem}e połączone z wcześniejszą usługą; podmiot liczony raz."),
        "means": STATEMENT,
    }


# The eight that the contract of SPUTNIK II asks for, without its own words.
OF_CONTRACT: list[dict[str, Any]] = [
    {
        "words": {
            "code": "pes",
            "name": "Liczba podmiotów ekonomii społecznej (PES) objętych wsparciem",
            "short_name": "PES objęte wsparciem",
            "label": "PES",
            "source": "ustawa o ekonomii społecznej, art. 2 pkt 5",
            "achieved": "Objęto wsparciem {}",
            "achieved_noun": "PES,PES,PES",
        },
        "blocks": [
            {"block": "supported"},
            *PES_IN_AREA,
            {"block": "ps_status", "held": False},
        ],
        "text": (
            "Liczy się podmiot o formie prawnej PES, z siedzibą w obszarze projektu, objęty w "
            "okresie projektu wsparciem: zatwierdzonymi usługami, na których był obecny. "
            f"Każdy podmiot liczy się raz, w dniu objęcia wsparciem. {APART} {FROM_FIRST}"
        ),
        "summary": (
            "Podmiot z obszaru, objęty w okresie projektu wsparciem: zatwierdzonymi usługami "
            "z obecnością; liczony raz, w dniu objęcia wsparciem."
        ),
        "means": CARDS,
    },
    {
        "words": {
            "code": "ps",
            "name": "Liczba przedsiębiorstw społecznych (PS) objętych wsparciem",
            "short_name": "PS objęte wsparciem",
            "label": "PS",
            "source": "ustawa o ekonomii społecznej, art. 3–10",
            "lacks": "przedsiębiorstwa społecznego,przedsiębiorstw społecznych",
            "achieved": "Objęto wsparciem {}",
            "achieved_noun": "PS,PS,PS",
        },
        "blocks": [{"block": "supported"}, *PES_IN_AREA, {"block": "ps_status"}],
        "text": (
            "Liczy się podmiot jak we wskaźniku PES, jeżeli w dniu objęcia wsparciem "
            "obowiązywał jego status PS. Późniejsza zmiana statusu niczego nie przenosi. "
            f"{APART} {FROM_FIRST}"
        ),
        "summary": "Jak PES, gdy w dniu objęcia wsparciem obowiązywał status PS.",
        "means": f"{CARDS}, dokument potwierdzający status PS",
    },
    {
        "words": {
            "code": "representatives",
            "name": "Liczba przedstawicieli PES i PS objętych wsparciem",
            "short_name": "Przedstawiciele PES i PS",
            "label": "przedstawiciele",
            "lacks": "przedstawiciela PES albo PS,przedstawicieli PES i PS",
            "achieved": "Objęto wsparciem {}",
            "achieved_noun": (
                "przedstawiciela PES i PS,przedstawicieli PES i PS,przedstawicieli PES i PS"
            ),
        },
        "blocks": [{"block": "present"}],
        "text": (
            "Liczy się osoba obecna w okresie projektu na terminie zatwierdzonej usługi "
            "wsparcia w imieniu PES z obszaru projektu, który był odbiorcą tej usługi, nie "
            "przed rejestracją ani po wykreśleniu podmiotu. Każda osoba liczy się raz, w dniu "
            "pierwszej takiej obecności. Osoby z grup inicjatywnych nie liczą się jako "
            "przedstawiciele."
        ),
        "summary": "Osoba obecna na zatwierdzonej usłudze w imieniu PES albo PS; liczona raz.",
        "means": "listy obecności, karty doradztwa, deklaracje uczestników",
    },
    {
        "words": {
            "code": "new_entities",
            "name": "Liczba nowych PES i PS",
            "short_name": "Nowe PES i PS",
            "label": "nowe",
            "achieved": "Po wsparciu ośrodka zarejestrowano {}",
            "achieved_noun": "nowy PES albo PS,nowe PES i PS,nowych PES i PS",
        },
        "blocks": [{"block": "founded"}, *PES_IN_AREA],
        "text": (
            "Liczy się PES z obszaru projektu, zarejestrowany w okresie projektu, jeżeli "
            "przed dniem rejestracji jego grupa inicjatywna albo on sam był odbiorcą "
            "zatwierdzonej "
            "usługi wsparcia i ktoś był na niej obecny w ich imieniu. Liczy się w dniu "
            "rejestracji. Z jednej grupy może powstać kilka podmiotów."
        ),
        "summary": (
            "Wpis do rejestru w okresie projektu, po wcześniejszym wsparciu grupy albo podmiotu."
        ),
        "means": "odpis KRS albo wpis do ewidencji, karty doradztwa grupy",
    },
    {
        "words": {
            "code": "local_governments",
            "name": "Liczba JST współpracujących z sektorem ekonomii społecznej",
            "short_name": "JST współpracujące z sektorem",
            "label": "JST",
            "lacks": (
                "samorządu współpracującego z sektorem,samorządów współpracujących z sektorem"
            ),
            "achieved": "Z sektorem ekonomii społecznej współpracowało {}",
            "achieved_noun": "JST,JST,JST",
        },
        "blocks": [{"block": "cooperating"}, {"block": "jst_in_area"}],
        "text": (
            "Liczy się gmina, powiat albo miasto na prawach powiatu z obszaru projektu, nigdy "
            "województwo, z co najmniej jednym aktem współpracy z datą w okresie projektu. "
            "Samorząd liczy się raz, w dniu pierwszego aktu, także gdy zmienił się jego kod."
        ),
        "summary": "Samorząd z obszaru z udokumentowaną współpracą; liczony raz.",
        "means": "porozumienia, listy intencyjne, protokoły i notatki ze spotkań",
    },
    adopted(
        "digital",
        "digital",
        {
            "name": "Liczba PES i PS z nowoczesnymi rozwiązaniami technologicznymi",
            "short_name": "Rozwiązania cyfrowe w PES i PS",
            "label": "cyfrowe",
            "lacks": ("podmiotu z rozwiązaniem cyfrowym,podmiotów z rozwiązaniami cyfrowymi"),
            "achieved": "Nowoczesne rozwiązania technologiczne wprowadzono w {}",
            "achieved_noun": "PES albo PS,PES i PS,PES i PS",
        },
        "cyfrow",
    ),
    adopted(
        "eco",
        "eco",
        {
            "name": "Liczba PES i PS z działaniami na rzecz środowiska",
            "short_name": "Działania ekologiczne w PES i PS",
            "label": "ekologiczne",
            "lacks": (
                "podmiotu z działaniami ekologicznymi,podmiotów z działaniami ekologicznymi"
            ),
            "achieved": "Działania na rzecz środowiska wprowadzono w {}",
            "achieved_noun": "PES albo PS,PES i PS,PES i PS",
        },
        "ekologiczn",
    ),
    {
        "words": {
            "code": "staff",
            "name": "Przeszkolona kadra OWES",
            "short_name": "Szkolenia kadry OWES",
            "label": "kadra",
            "achieved": "Przeszkolono {}",
            "achieved_noun": "osobę z kadry OWES,osoby z kadry OWES,osób z kadry OWES",
        },
        "blocks": [{"block": "trained"}],
        "text": (
            "Liczy się osoba z kadry ośrodka, która ukończyła szkolenie w okresie projektu; "
            "raz, w dniu końca pierwszego takiego szkolenia."
        ),
        "summary": "Osoba z kadry, która ukończyła szkolenie w okresie projektu; liczona raz.",
        "means": "zaświadczenia o ukończeniu szkoleń",
    },
]

# By which number the contract of SPUTNIK II counts each.
RULES_OF_CONTRACT = {
    "pes": 1,
    "ps": 1,
    "representatives": 2,
    "new_entities": 3,
    "local_governments": 4,
    "digital": 5,
    "eco": 6,
    "staff": 7,
}


def of_contract(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry as the contract of SPUTNIK II words it."""
    code, law = entry["words"]["code"], entry["words"].get("source")
    rule = f"umowa, zasady liczenia wskaźnika {RULES_OF_CONTRACT[code]}"
    words = entry["words"] | {"source": f"{rule}; {law}" if law else rule}
    added = " Umowa nie podaje wartości docelowej." if code == "staff" else ""
    return entry | {"words": words, "text": entry["text"] + added}


CONTRACT = [of_contract(entry) for entry in OF_CONTRACT]

# Asked for by other funders; their rules are said by their blocks.
OTHERS: list[dict[str, Any]] = [
    {
        "words": {
            "code": "women",
            "name": "Liczba kobiet objętych wsparciem",
            "short_name": "Kobiety objęte wsparciem",
            "label": "kobiety",
            "lacks": "kobiety,kobiet",
        },
        "blocks": [{"block": "present", "whom": "pes_or_group"}, {"block": "sex", "sex": "K"}],
        "means": "listy obecności, karty doradztwa, deklaracje uczestników",
    },
    {
        "words": {
            "code": "young_or_older",
            "name": "Liczba osób do 29 lat albo od 55 lat objętych wsparciem",
            "short_name": "Osoby do 29 albo od 55 lat",
            "label": "do 29 albo 55+",
        },
        "blocks": [
            {"block": "present", "whom": "pes_or_group"},
            {"block": "age", "at_most": 29, "at_least": 55},
        ],
        "means": "deklaracje uczestników, listy obecności, karty doradztwa",
    },
    {
        "words": {
            "code": "initiative_group_members",
            "name": "Liczba osób objętych wsparciem, także z grup inicjatywnych",
            "short_name": "Osoby, także z grup",
            "label": "osoby i grupy",
        },
        "blocks": [{"block": "present", "whom": "pes_or_group"}],
        "means": "listy obecności, karty doradztwa, deklaracje uczestników",
    },
    {
        "words": {
            "code": "groups",
            "name": "Liczba grup inicjatywnych objętych wsparciem",
            "short_name": "Grupy inicjatywne",
            "label": "grupy",
            "noun": "grupa,grupy,grup",
            "lacks": "grupy inicjatywnej,grup inicjatywnych",
        },
        "blocks": [
            {"block": "supported"},
            {"block": "forms", "forms": ["initiative_group"]},
            {"block": "in_area"},
        ],
        "means": "karty doradztwa, listy obecności",
    },
    {
        "words": {
            "code": "groups_with_assumptions",
            "name": "Liczba grup inicjatywnych, które wypracowały założenia PES",
            "short_name": "Grupy z założeniami PES",
            "label": "założenia PES",
            "noun": "grupa,grupy,grup",
            "lacks": "grupy z założeniami PES,grup z założeniami PES",
        },
        "blocks": [
            {"block": "adopted", "kind": "assumptions", "linked": False},
            {"block": "forms", "forms": ["initiative_group"]},
            {"block": "in_area"},
        ],
        "means": "założenia PES przyjęte przez grupę, karty doradztwa",
    },
    {
        "words": {
            "code": "increased_potential",
            "name": "Liczba PES, które zwiększyły potencjał",
            "short_name": "PES z większym potencjałem",
            "label": "potencjał",
            "lacks": "PES z większym potencjałem,PES z większym potencjałem",
        },
        "blocks": [
            {"block": "adopted", "kind": "potential", "linked": False},
            *PES_IN_AREA,
        ],
        "means": "oświadczenie PES o zwiększeniu potencjału, ocena przed wsparciem i po nim",
    },
    {
        "words": {
            "code": "intensively_supported",
            "name": "Liczba PES objętych wsparciem: co najmniej 3 usługi i 10 godzin",
            "short_name": "PES: 3 usługi i 10 h",
            "label": "PES 3 usługi, 10 h",
        },
        "blocks": [
            {"block": "supported"},
            *PES_IN_AREA,
            {"block": "at_least", "services": 3, "minutes": 600},
        ],
        "means": CARDS,
    },
    {
        "words": {
            "code": "kgw",
            "name": "Liczba kół gospodyń wiejskich objętych wsparciem",
            "short_name": "KGW objęte wsparciem",
            "label": "KGW",
            "noun": "koło,koła,kół",
            "lacks": "koła gospodyń wiejskich,kół gospodyń wiejskich",
        },
        "blocks": [
            {"block": "supported"},
            {"block": "forms", "forms": ["kgw"]},
            {"block": "in_area"},
        ],
        "means": CARDS,
    },
    {
        "words": {
            "code": "new_social_cooperatives",
            "name": "Liczba nowych spółdzielni socjalnych",
            "short_name": "Nowe spółdzielnie socjalne",
            "label": "nowe spółdzielnie",
            "noun": "spółdzielnia,spółdzielnie,spółdzielni",
            "lacks": "spółdzielni socjalnej,spółdzielni socjalnych",
        },
        "blocks": [
            {"block": "founded"},
            {"block": "forms", "forms": ["social_cooperative"]},
            {"block": "in_area"},
        ],
        "means": "odpis KRS, karty doradztwa grupy",
    },
    {
        "words": {
            "code": "remote",
            "name": "Liczba PES objętych wsparciem na odległość",
            "short_name": "PES wsparte na odległość",
            "label": "PES na odległość",
        },
        "blocks": [
            {"block": "supported"},
            *PES_IN_AREA,
            {"block": "modes", "modes": ["online", "phone", "email"]},
        ],
        "means": "karty doradztwa, listy obecności",
    },
    {
        "words": {
            "code": "clauses",
            "name": "Liczba JST, które zastosowały klauzule społeczne",
            "short_name": "JST z klauzulami społecznymi",
            "label": "klauzule",
        },
        "blocks": [{"block": "cooperating", "kinds": ["clause"]}, {"block": "jst_in_area"}],
        "means": "dokumentacja zamówień z klauzulami społecznymi",
    },
    {
        "words": {
            "code": "hours_of_support",
            "name": "Liczba godzin wsparcia udzielonego podmiotom",
            "short_name": "Godziny wsparcia",
            "label": "godziny wsparcia",
            "lacks": "wsparcia,wsparcia",
        },
        "blocks": [{"block": "hours"}],
        "means": "karty doradztwa, listy obecności",
    },
    {
        "words": {
            "code": "participations",
            "name": "Liczba uczestnictw w usługach wsparcia",
            "short_name": "Uczestnictwa w usługach",
            "label": "uczestnictwa",
        },
        "blocks": [{"block": "participations"}],
        "means": "listy obecności, karty doradztwa",
    },
    {
        "words": {
            "code": "services_of_support",
            "name": "Liczba udzielonych usług wsparcia",
            "short_name": "Usługi wsparcia",
            "label": "usługi",
        },
        "blocks": [{"block": "services"}],
        "means": "karty doradztwa, listy obecności",
    },
    {
        "words": {
            "code": "residents",
            "name": "Liczba osób na wydarzeniach otwartych dla mieszkańców",
            "short_name": "Osoby na wydarzeniach",
            "label": "osoby na wydarzeniach",
        },
        "blocks": [{"block": "heads"}],
        "means": "listy obecności, zdjęcia i notatki z wydarzeń",
    },
]

CATALOGUE = {entry["words"]["code"]: entry for entry in (*OF_CONTRACT, *OTHERS)}


def usual_means(code: str, blocks: list[dict[str, Any]]) -> str:
    """How an indicator is usually proved: as the catalogue's, or as one that counts the same."""
    base = blocks[0]["block"] if blocks else ""
    alike = (entry for entry in CATALOGUE.values() if entry["blocks"][0]["block"] == base)
    entry = CATALOGUE.get(code) or next(alike, None)
    return entry["means"] if entry else ""
