"""A person who is not in the register yet, as a row of a roster names them.

`Jan Kowalski (nowa osoba, M)`: in the brackets, after the sex, a phone, an e-mail and a year of
birth may follow in any order. `na pewno nowa osoba` says that the person is none of the likely
twins. As it is one text of one field, it can be corrected, copied and pasted like any name.
"""

import re
from dataclasses import dataclass

from entities.forms.person import PersonForm
from entities.matching import Matching
from entities.models import Kind, NotDuplicate, Person
from entities.traits import PersonTraits
from entities.written_names import WrittenName, split_name
from owes.folding import fold
from owes.lookups import label_of, typed
from support.models import Attendance

WRITTEN = re.compile(r"(?P<name>[^()]+)\((?P<sure>na pewno )?nowa osoba\b(?P<rest>[^()]*)\)", re.I)
WOMAN, MAN = Person.Sex.WOMAN, Person.Sex.MAN
SEXES = {"k": WOMAN, "kobieta": WOMAN, "m": MAN, "mezczyzna": MAN}
WORDS = {WOMAN: "nowa osoba: kobieta", MAN: "nowa osoba: mężczyzna"}
ASK_SEX = "Podaj płeć: wybierz niżej albo dopisz w nawiasie K lub M."
# Names of men that end as those of women do.
MEN_IN_A = {"barnaba", "bonawentura", "dyzma", "jarema", "kosma", "kuba", "sasza", "zawisza"}
NAME = re.compile(r"[^\W\d_]+([ .'’-]+[^\W\d_]+)+")
YEAR = re.compile(r"(19|20)\d\d")


@dataclass
class Newcomer:
    """What a row says about a new person; the grid of the row sets `twins`."""

    first_name: str
    last_name: str
    sex: str = ""
    phone: str = ""
    email: str = ""
    birth_year: str = ""
    is_sure: bool = False
    twins: list = ()
    pk = None

    @classmethod
    def read(cls, text):
        """The newcomer that the text names, or None when it names somebody of the register."""
        match = WRITTEN.fullmatch(typed(text))
        if not match:
            return None
        first_name, last_name = split_name(typed(match["name"]))
        person = cls(first_name, last_name, is_sure=bool(match["sure"]))
        for part in filter(None, map(str.strip, match["rest"].split(","))):
            if fold(part) in SEXES:
                person.sex = SEXES[fold(part)]
            elif "@" in part:
                person.email = part
            elif YEAR.fullmatch(part):
                person.birth_year = part
            elif any(sign.isdigit() for sign in part):
                person.phone = part
            else:
                person.sex = part
        return person

    @classmethod
    def from_name(cls, text):
        """The newcomer that a name not in the register may mean, or None when it is no name."""
        written = WrittenName.read(typed(text))
        name = " ".join(written.words)
        first_name, last_name = split_name(name)
        if written.bracket or not last_name or not NAME.fullmatch(name):
            return None
        return cls(first_name, last_name)

    @classmethod
    def of(cls, person):
        """What a row says that names a person of the register by the name alone."""
        return cls(person.first_name, person.last_name)

    def written(self, **changes):
        """The text that `read` reads, with changes."""
        values = {**vars(self), **changes}
        sure = "na pewno " if values["is_sure"] else ""
        details = (values[name] for name in ("sex", "birth_year", "phone", "email"))
        inside = ", ".join(filter(None, (f"{sure}nowa osoba", *details)))
        return f"{self} ({inside})"

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    @property
    def key(self):
        """The same for rows that name the same newcomer: they mean one person."""
        return fold(self.last_name), fold(self.first_name)

    @property
    def form(self):
        """The form of the register: a roster accepts exactly what the register accepts."""
        names = ("first_name", "last_name", "sex", "phone", "email", "birth_year")
        return PersonForm({name: getattr(self, name) for name in names}, instance=Person())

    @property
    def errors(self):
        if not self.last_name:
            return ["Podaj imię i nazwisko."]
        if self.sex not in SEXES.values():
            return [ASK_SEX]
        form = self.form
        return [
            f"{form.fields[name].label}: {sentence}"
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]

    def traits(self, entities, code="", maiden_name=""):
        person = Person(
            code=code,
            first_name=self.first_name,
            last_name=self.last_name,
            sex=self.sex,
            phone=self.phone,
            email=self.email,
            birth_year=int(self.birth_year or 0) or None,
        )
        return PersonTraits.of(person, entities, maiden_name)

    def create(self, by):
        """Saves the person, and that the twins, which were shown to the user, are other people."""
        form = self.form
        form.is_valid()
        person = form.save()
        for twin in self.twins:
            NotDuplicate.say(Kind.PERSON, person.pk, twin.row.pk, by=by)
        return person

    @property
    def is_asked_about(self):
        """Whether it may be somebody of the register, and the user has not denied it."""
        return bool(self.twins) and not self.is_sure

    @property
    def question(self):
        """The errors of the row, in sentences; the question about twins covers the sex too."""
        if not self.is_asked_about:
            return self.errors
        shared = ", ".join(self.twins[0].shared)
        question = f"Podobna osoba jest już w rejestrze (wspólne: {shared}). Kto to jest?"
        return [question, *(error for error in self.errors if error != ASK_SEX)]

    def suggestions(self):
        """`(words, text of the row)` to choose from when it is not known who this is."""
        known = [(words_of(twin.row), label_of(twin.row)) for twin in self.twins]
        known = known if self.is_asked_about else []
        is_sure = bool(known) or self.is_sure
        if self.sex in SEXES.values():
            new = [("to inna, nowa osoba", self.written(is_sure=is_sure))]
            return known and known + new
        likely = likely_sex(self.first_name)
        order = sorted(WORDS, key=lambda sex: sex != likely)
        return known + [(WORDS[sex], self.written(sex=sex, is_sure=is_sure)) for sex in order]


def people_register():
    """All people with the entities that they represent or came for; four queries."""
    attended = Attendance.objects.order_by().values_list("person_id", "entity_id")
    return Matching(Kind.PERSON, attended.distinct())


def words_of(person):
    """to Anna Mak (O0011), KGW „Zagon”: the person with the entities they represent."""
    entities = dict.fromkeys(str(row.entity) for row in person.representations.all())
    return ", ".join([f"to {label_of(person)}", *entities])


def likely_sex(first_name):
    """K or M guessed from the first name; the user checks it."""
    name = fold(first_name)
    return WOMAN if name.endswith("a") and name not in MEN_IN_A else MAN
