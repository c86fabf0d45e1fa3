"""Tables of the lists of the registers."""

from datetime import date

from django.urls import reverse
from django.utils.html import format_html

from entities.models import Entity, LocalGovernment, Person
from owes.formatting import badge, day, nip
from owes.looks.collecting import STRANGERS, saw
from owes.models import Look, LookedAt
from owes.tables import (
    Column,
    DayColumn,
    HeadingColumn,
    MomentColumn,
    NumberColumn,
    Table,
)


class EntityTable(Table):
    caption = "Podmioty"
    empty_title = "Nie ma takich podmiotów"
    empty_text = "Zmień filtry albo dodaj podmiot do rejestru."

    name = HeadingColumn(
        verbose_name="Nazwa",
        order_by="sort_key",
        second=lambda entity: f"{entity.code}, {entity.get_legal_form_display()}",
    )
    code = Column(verbose_name="Kod", visible=False)
    legal_form = Column(verbose_name="Forma prawna", visible=False)
    seat = Column(verbose_name="Gmina", order_by="seat__sort_key")
    status_from = Column(verbose_name="Status PS", orderable=False)
    kin = Column(verbose_name="Powiązania", orderable=False, empty_values=(), kind="bare")
    nip = Column(verbose_name="NIP", orderable=False, kind="nowrap")
    registered_on = DayColumn(verbose_name="Rejestracja")
    struck_off_on = DayColumn(verbose_name="Wykreślenie", optional=True)
    regon = Column(verbose_name="REGON", optional=True, orderable=False)
    krs = Column(verbose_name="KRS", optional=True, orderable=False)
    locality = Column(verbose_name="Miejscowość", optional=True, orderable=False)
    phone = Column(verbose_name="Telefon", optional=True, orderable=False)
    email = Column(verbose_name="E-mail", optional=True, orderable=False)

    class Meta(Table.Meta):
        model = Entity
        fields = (
            "name",
            "code",
            "legal_form",
            "seat",
            "status_from",
            "kin",
            "nip",
            "registered_on",
            "struck_off_on",
            "regon",
            "krs",
            "locality",
            "phone",
            "email",
        )
        order_by = ("name",)

    def render_status_from(self, value: date) -> str:
        return badge("ok", "star", f"PS od {day(value)}")

    def value_status_from(self, value: date) -> date:
        return value

    def render_kin(self, record: Entity) -> str:
        """Who runs whom, and what became of an initiative group, in words."""
        lines = [f"jednostka podmiotu: {record.parent}"] if record.parent else []
        lines += [f"prowadzi: {unit}" for unit in record.units.all()]
        lines += [f"z grupy: {record.founding_group}"] if record.founding_group else []
        lines += [f"powstały podmiot: {entity}" for entity in record.founded.all()]
        return "; ".join(lines)

    def render_nip(self, value: str) -> str:
        return nip(value)

    def value_nip(self, value: str) -> str:
        return value


class PersonHeading(HeadingColumn):
    """A person as the register shows them: only those who may see names reach the list."""

    def render(self, value: str, record: Person) -> str:
        return format_html(
            '<a href="{}">{}</a><span class="quiet">{}</span>',
            record.get_absolute_url(),
            record,
            record.code,
        )

    def value(self, record: Person) -> str:
        return str(record)


class PersonTable(Table):
    caption = "Osoby"
    empty_title = "Nie ma takich osób"
    empty_text = "Zmień filtry albo dodaj osobę do rejestru."

    last_name = PersonHeading(verbose_name="Imię i nazwisko", order_by="sort_key")
    code = Column(verbose_name="Kod", visible=False)
    sex = Column(verbose_name="Płeć", orderable=False)
    represented = Column(
        verbose_name="Kogo zwykle reprezentuje", orderable=False, empty_values=(), kind="bare"
    )
    gmina = Column(verbose_name="Gmina", order_by="gmina__sort_key")
    birth_date = DayColumn(verbose_name="Data urodzenia", optional=True)
    phone = Column(verbose_name="Telefon", optional=True, orderable=False)
    email = Column(verbose_name="E-mail", optional=True, orderable=False)

    class Meta(Table.Meta):
        model = Person
        fields: tuple[str, ...] = ("last_name", "code", "sex", "represented", "gmina")
        fields += ("birth_date", "phone", "email")
        order_by = ("last_name",)

    def render_represented(self, record: Person) -> str:
        return "; ".join(row.entity.name for row in record.representations.all())


class LocalGovernmentTable(Table):
    caption = "Samorządy"
    empty_title = "Nie ma takich samorządów"
    empty_text = "Zmień filtry. Nowe gminy przychodzą z nowszym plikiem TERC."

    name = HeadingColumn(verbose_name="Nazwa", order_by="sort_key")
    code = Column(verbose_name="Kod")
    level = Column(verbose_name="Szczebel", orderable=False)
    powiat = Column(verbose_name="Powiat", order_by="powiat__sort_key")

    class Meta(Table.Meta):
        model = LocalGovernment
        fields = ("name", "code", "level", "powiat")
        order_by = ("name",)

    def render_name(self, record: LocalGovernment) -> str:
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record)

    def value_name(self, record: LocalGovernment) -> str:
        return str(record)


# Filters of lists as a clerk calls them; the name of another stands as it is.
FILTERS = {
    "q": "szukany tekst",
    "account": "konto",
    "activity": "działanie",
    "adviser": "kadra",
    "entity": "podmiot",
    "from_day": "termin od",
    "kind": "rodzaj",
    "on": "stan na dzień",
    "powiat": "powiat",
    "service": "usługa",
    "sex": "płeć",
    "since": "od dnia",
    "staff_member": "kadra",
    "state": "stan",
    "theme": "zagadnienie",
    "to_day": "termin do",
    "type": "rodzaj",
    "until": "do dnia",
    "year": "rok",
}


class LookTable(Table):
    caption = "Kto widział dane tej osoby"
    is_choosable = False
    empty_title = "Nikt nie otwierał danych tej osoby"
    empty_text = "Każda strona i każdy plik z danymi tej osoby zostawi tu wiersz."

    at = MomentColumn(verbose_name="Kiedy", orderable=False)
    user = Column(verbose_name="Kto", orderable=False)
    kind = Column(verbose_name="W czym", orderable=False)
    path = Column(verbose_name="Adres", orderable=False, kind="code")
    asked = Column(verbose_name="Zawężono według", orderable=False)
    purpose = Column(verbose_name="Po co", orderable=False)
    count = NumberColumn(verbose_name="Ile osób", orderable=False)

    class Meta(Table.Meta):
        model = Look
        fields = ("at", "user", "kind", "path", "asked", "purpose", "count")

    def render_asked(self, value: str) -> str:
        return ", ".join(FILTERS.get(name, name) for name in value.split(", "))


class SeenPersonTable(Table):
    caption = "Czyje dane widziało konto"
    is_choosable = False
    empty_title = "To konto nie widziało w tych dniach niczyich danych"
    empty_text = "Wybierz inne konto albo inne dni."
    foot = "Plik zawiera wszystkie te osoby."

    person = Column(verbose_name="Osoba")
    first = MomentColumn(verbose_name="Po raz pierwszy")
    last = MomentColumn(verbose_name="Po raz ostatni")
    looks = NumberColumn(verbose_name="Ile razy")
    taken = NumberColumn(verbose_name="W tym w plikach")

    class Meta(Table.Meta):
        model = LookedAt
        fields = ("person", "first", "last", "looks", "taken")
        order_by = ("person",)

    def look_up(self) -> None:
        """Codes of the people of the page."""
        self.look_up_for_file([row.record for row in self.page.object_list])

    def look_up_for_file(self, records: list) -> None:
        keys = [record["person"] for record in records]
        self.codes = dict(Person.objects.filter(pk__in=keys).values_list("pk", "code"))
        saw(self.codes)

    def render_person(self, value: int) -> str:
        address = reverse("entities:person_looks", args=[value])
        code = self.value_person(value)
        return format_html('<a href="{}">{}</a>', address, code) if value in self.codes else code

    def value_person(self, value: int) -> str:
        if value == STRANGERS:
            return "osoby z plików, których program nie rozpoznał"
        return self.codes.get(value) or f"osoby nie ma w rejestrze (klucz {value})"
