"""The texts of documents that a new project starts with; each project may change its own.

They are in Polish, as they are printed. A blank line separates paragraphs, a line that begins with
"§" is a heading. What only the centre knows stands in square brackets, to be filled in once.
"""

import re
from dataclasses import dataclass

GAP = re.compile(r"\[[^\[\]]{1,200}\]")

CLAUSE = """
1. Administratorem Pani/Pana danych osobowych jest [nazwa i adres administratora, telefon,
e-mail].

2. W sprawach danych osobowych można pisać do inspektora ochrony danych: [e-mail inspektora
ochrony danych albo informacja, że go nie wyznaczono].

3. Dane przetwarzamy, aby udzielić wsparcia w ramach zadania publicznego, udokumentować je,
rozliczyć i poddać kontroli. Podstawą jest wykonanie umowy o udział we wsparciu, obowiązek
prawny ciążący na administratorze oraz zadanie realizowane w interesie publicznym (art. 6 ust.
1 lit. b, c i e RODO). Informację o potrzebach związanych z dostępnością przetwarzamy tylko za
Pani/Pana zgodą (art. 9 ust. 2 lit. a RODO).

4. Dane otrzymują zleceniodawca zadania i uprawnione organy kontroli oraz podmioty, które na
zlecenie administratora prowadzą jego systemy informatyczne i archiwum.

5. Dane przechowujemy przez okres realizacji zadania, a po jego zakończeniu tak długo, jak
wymagają tego umowa ze zleceniodawcą i przepisy o archiwizacji: [termin przechowywania
dokumentów].

6. Ma Pani/Pan prawo dostępu do swoich danych, ich sprostowania, usunięcia, ograniczenia
przetwarzania i przenoszenia oraz prawo sprzeciwu, w granicach określonych w RODO. Zgodę można
w każdej chwili wycofać; nie wpływa to na to, co zrobiono wcześniej.

7. Ma Pani/Pan prawo wniesienia skargi do Prezesa Urzędu Ochrony Danych Osobowych.

8. Podanie danych jest dobrowolne, ale bez nich nie można skorzystać ze wsparcia. Danych nie
wykorzystujemy do podejmowania decyzji w sposób zautomatyzowany, w tym do profilowania.
"""

AGREEMENT = """
§ 1. Przedmiot

Strony będą współpracować na rzecz rozwoju ekonomii społecznej na terenie Samorządu, w
szczególności wspierać podmioty ekonomii społecznej i przedsiębiorstwa społeczne w dostępie do
zadań publicznych i zamówień.

§ 2. Zakres współpracy

1) upowszechnianie wiedzy o ekonomii społecznej wśród mieszkańców i pracowników Samorządu,

2) informowanie podmiotów ekonomii społecznej o wsparciu, z którego mogą skorzystać,

3) rozwijanie zlecania zadań publicznych oraz stosowania klauzul społecznych w zamówieniach,

4) udział przedstawicieli podmiotów ekonomii społecznej w tworzeniu programu współpracy
Samorządu z organizacjami pozarządowymi,

5) udostępnianie, w miarę możliwości, miejsca na spotkania, szkolenia i doradztwo.

§ 3. Zasady

Każda ze Stron wyznacza osobę do kontaktu i na bieżąco informuje drugą Stronę o podjętych
działaniach. Współpraca nie powoduje zobowiązań finansowych żadnej ze Stron.

§ 4. Czas trwania

Współpraca trwa od dnia podpisania dokumentu do dnia zakończenia zadania. Każda ze Stron może
od niej odstąpić, zawiadamiając drugą Stronę na piśmie.

§ 5. Postanowienia końcowe

Zmiany wymagają formy pisemnej. Dokument sporządzono w dwóch jednobrzmiących egzemplarzach, po
jednym dla każdej ze Stron.
"""


def clause():
    return _unwrapped(CLAUSE)


def agreement():
    return _unwrapped(AGREEMENT)


def _unwrapped(text):
    """Each paragraph in one line, as it is edited."""
    return "\n\n".join(" ".join(part.text.split()) for part in paragraphs(text))


@dataclass(frozen=True)
class Paragraph:
    text: str

    @property
    def is_heading(self):
        return self.text.startswith("§")


def paragraphs(text):
    """The paragraphs of a text as a document prints them."""
    return [Paragraph(part.strip()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def gaps(text):
    """The parts in square brackets, still to be filled in."""
    return GAP.findall(text)
