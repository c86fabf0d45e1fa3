"""A pasted row with what it was recognized as, and the questions that rows raise."""

import hashlib
from dataclasses import dataclass, field

from entities.models import Person
from owes.lookups import typed
from support.roster.newcomers import Newcomer

DETAILS = ("phone", "email")


@dataclass
class Question:
    """A question about a text of rows; the field `name` holds its answer.

    `choices` are `(answer, words)`; another answer may be typed in the field `typed_name`. All
    rows with the same text share one question.
    """

    kind: str
    text: str
    choices: list = field(default_factory=list)
    answer: str = ""
    typed_answer: str = ""
    row: int = 0  # the first row of the text

    @property
    def is_about_person(self):
        return self.kind == "person"

    @property
    def is_about_entity(self):
        return self.kind == "entity"

    @property
    def name(self):
        return f"{self.kind}-{_digest(self.text)}"

    @property
    def typed_name(self):
        return f"{self.name}-other"

    @property
    def label(self):
        if self.is_about_entity:
            return f"Który to podmiot: „{self.text}”?" if self.text else "Który to podmiot?"
        return f"Kto to jest: „{self.text}”?"

    @property
    def given(self):
        """The answer; a typed one comes before a chosen one."""
        return self.typed_answer or self.answer

    def read(self, answers):
        self.answer = typed(answers.get(self.name))
        self.typed_answer = typed(answers.get(self.typed_name))
        return self


@dataclass
class RecognizedRow:
    """A pasted row and its result: a `person`, or a new one, or `errors`, or likely `twins`."""

    number: int
    values: dict
    error: str = ""  # of the whole row
    first_name: str = ""
    last_name: str = ""
    bracket: str = ""
    maiden_name: str = ""
    has_code: bool = False  # of the person, in the bracket
    sex: str = ""
    person: Person | None = None
    entity: object = None
    twins: list = field(default_factory=list)
    others: list = field(default_factory=list)  # people whom the user said this is not
    shared: str = ""
    differing: str = ""
    newcomer_given: Newcomer | None = None  # named by an answer or by the cell itself
    errors: list = field(default_factory=list)
    questions: list = field(default_factory=list)  # the `Question`s first asked at this row
    questions_above: list = field(default_factory=list)  # the `Question`s of earlier rows
    details: list = field(default_factory=list)  # of a new person, to be corrected
    is_there: bool = False
    is_skipped: bool = False
    key: str = ""  # from the number and the text, so that answers do not move to another row

    def __post_init__(self):
        self.key = f"{self.number}-{_digest(chr(9).join(self.values.values()))}"
        self.errors = [self.error] if self.error else []

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def written(self):
        """The name as pasted, in one cell or in two."""
        names = (self.values.get(name) for name in ("first_name", "last_name"))
        whole = self.values.get("name") or self.values.get("turned_name")
        return typed(whole or " ".join(filter(None, names)))

    @property
    def skip_name(self):
        return f"skip-{self.key}"

    @property
    def is_right(self):
        return not (self.errors or self.twins or self.is_skipped)

    @property
    def waits(self):
        return not (self.is_right or self.is_skipped)

    @property
    def is_new(self):
        return self.is_right and self.person is None

    @property
    def status(self):
        """`(kind, icon, words)`."""
        if self.is_skipped:
            return "none", "cross", "pominięty"
        if self.errors:
            return "risk", "risk", "błąd"
        if self.twins:
            return "watch", "watch", "prawdopodobny bliźniak"
        if self.is_there:
            return "none", "check", "już jest na liście"
        return ("info", "plus", "nowa osoba") if self.is_new else ("ok", "check", "dopasowana")

    @property
    def newcomer(self):
        """The row as a new person; the form of the register validates it."""
        details = (typed(self.values.get(name)) for name in DETAILS)
        return Newcomer(self.first_name, self.last_name, self.sex, *details)

    @property
    def text(self):
        """The row with the answers about it, to be pasted again without a header."""
        name = self.values.get("name", "") or self.name
        if "name" not in self.values and self.bracket:
            name = f"{name} ({self.bracket})"
        cells = (self.values.get(column) for column in ("entity", "sex", *DETAILS))
        return "\t".join([name, *(typed(cell) for cell in cells)]).rstrip("\t")

    def field_of(self, name):
        return f"{name}-{self.key}"

    def refuse(self, sentence):
        self.errors.append(sentence)


def _digest(text):
    """The same for texts that differ only in case."""
    return hashlib.sha256(text.casefold().encode()).hexdigest()[:12]
