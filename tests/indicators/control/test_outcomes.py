"""What a trial control says of each indicator, and in a few sentences."""

from datetime import date

import pytest

from indicators.control.outcomes import outcomes_of, summary
from indicators.models import Target, TrialControl
from tests.factories import AdoptionFactory, EntityFactory, PersonFactory, sputnik
from tests.indicators.control.trials import ask_only, begun, find, standing
from tests.indicators.given import DAY, supported

pytestmark = pytest.mark.usefixtures("db")


def test_a_faulty_card_puts_in_doubt_everything_its_service_decided(coordinator):
    ask_only(("service", "karta"), ("person", "deklaracja"))
    first = supported(DAY, person=PersonFactory(code="O-1"), code="U/1")
    supported(DAY, person=PersonFactory(code="O-2"), code="U/2")
    attendances = first.services.get().sessions.get().attendances
    attendances.create(person=PersonFactory(code="O-3"), entity=first)
    Target.objects.filter(indicator="representatives").update(value=3)
    control = begun(coordinator, size=1, seed="a")
    record = control.records.get(indicator="representatives")
    line = standing(control, "representatives")
    assert (line.counted, line.target, line.remaining, line.margin) == (3, 3, 3, 0)
    find(control, "missing", record=record, name="karta")
    line = standing(control, "representatives")
    of_first = record.code in ("O-1", "O-3")
    assert (len(line.in_doubt), line.remaining) == ((2, 1) if of_first else (1, 2))
    assert (line.margin, line.missing) == (line.remaining - 3, 3 - line.remaining)
    find(control, "found", record=record)
    assert len(standing(control, "representatives").in_doubt) == 0


def test_a_faulty_paper_of_an_entity_falls_out_of_all_its_indicators(coordinator):
    ask_only(("entity", "odpis KRS"), ("adoption", "oświadczenie"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"))
    adoption = AdoptionFactory(entity=entity, kind="eco", day=DAY)
    adoption.services.add(entity.services.get())
    control = begun(coordinator)
    find(control, "wrong", record__indicator="eco", name="oświadczenie")
    assert [len(standing(control, code).in_doubt) for code in ("pes", "eco")] == [0, 1]
    find(control, "wrong", record__indicator="pes", name="odpis KRS")
    assert [len(standing(control, code).in_doubt) for code in ("pes", "eco")] == [1, 1]


def test_the_sentence_of_a_control(coordinator):
    Target.objects.all().delete()
    start = date(2022, 4, 5)
    for code, value in [("pes", 1), ("representatives", 2)]:
        Target.objects.create(project=sputnik(), indicator=code, value=value, valid_from=start)
    ask_only(("entity", "odpis KRS"))
    supported(DAY)
    control = begun(coordinator)
    head, short = "Wylosowano 2\xa0zapisy, z wadą ", "Celu nie osiągnięto i z tymi zapisami: "
    assert summary(outcomes_of(control)) == (
        f"{head}jest 0. 2\u00a0zapisy czekają na wynik choć jednego dokumentu. "
        f"{short}przedstawiciele."
    )
    find(control, "found")
    find(control, "missing", record__indicator="representatives")
    assert summary(outcomes_of(control)) == (
        f"{head}jest 1. To, co wadliwe, nie odbiera żadnego osiągniętego celu. "
        f"{short}przedstawiciele."
    )
    find(control, "missing", record__indicator="pes")
    assert summary(outcomes_of(control)) == (
        f"{head}są 2. Bez tego, co wadliwe, cel nie jest osiągnięty: PES. {short}przedstawiciele."
    )


def test_a_target_that_stands_on_records_in_doubt_is_told_apart(coordinator):
    Target.objects.all().delete()
    Target.objects.create(project=sputnik(), indicator="pes", value=1, valid_from=date(2022, 4, 5))
    ask_only(("service", "karta"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"), code="U/1")
    supported(date(2023, 5, 4), entity=entity, code="U/2")
    control = begun(coordinator)
    find(control, "found")
    find(control, "missing", about="usługa U/1")
    line = standing(control, "pes")
    assert (line.proved, line.undoubted, line.margin) == (1, 0, 0)
    assert summary([line]) == (
        "Wylosowano 1\xa0zapis, z wadą jest 1. To, co wadliwe, nie odbiera żadnego osiągniętego "
        "celu. Gdyby odpadł każdy zapis, o którym zdecydowało to, co wadliwe, cel nie byłby "
        "osiągnięty: PES."
    )
    find(control, "missing", about="usługa U/2")
    assert "celu" not in summary([standing(control, "pes")])


def test_a_control_from_before_the_recount_says_what_it_said(coordinator):
    ask_only(("service", "karta"))
    supported(DAY, entity=EntityFactory(code="P-1"))
    control = begun(coordinator)
    find(control, "missing")
    TrialControl.objects.update(recounted_at=None, lost={})
    control.refresh_from_db()
    line = standing(control, "pes")
    assert (line.proved, line.undoubted, line.remaining) == (None, 0, 0)
    assert [line.lost for line in outcomes_of(control)] == [None] * 8
