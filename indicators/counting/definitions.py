"""The indicators of the contract, in its order: every count of the program.

The rules are those agreed for SPUTNIK II; their words for people are in `rule`. To add one, write
one more `Indicator` here and its test: the pages, the PDF, the files and the command follow.
"""

from django.db.models import Q

from entities.models import Entity, LocalGovernment, Person
from indicators.counting.act_rows import (
    inside_period,
    partnerships,
    trainings,
    with_partnership,
    with_training,
)
from indicators.counting.adoption_rows import adoption_source, entities_with_adoption
from indicators.counting.attendance_rows import (
    ATTENDANCE_ORDER,
    NEW_ENTITY_SOURCE,
    SERVICE_OF_ATTENDANCE,
    attendances,
    representative_steps,
)
from indicators.counting.conditions import (
    already_ps,
    local_government_conditions,
    new_entity_conditions,
    not_yet_ps,
    pes_in_area,
)
from indicators.counting.engine import Indicator
from indicators.counting.sources import CountingSource, Rows
from indicators.counting.splits import by_deciding_powiat, by_own_powiat, by_seat, by_sex
from indicators.counting.support_rows import SUPPORT
from support.models import Adoption, StaffMember

OF_ENTITY = {"powiat": by_seat}

INDICATORS = {
    indicator.code: indicator
    for indicator in [
        Indicator(
            code="pes",
            name="Liczba podmiotów ekonomii społecznej (PES) objętych wsparciem",
            short_name="PES objęte wsparciem",
            label="PES",
            rule=(
                "Liczy się podmiot o formie prawnej PES, z siedzibą w obszarze projektu, objęty w "
                "okresie projektu wsparciem: zatwierdzonymi usługami, na których był obecny. "
                "Każdy podmiot liczy się raz, w dniu objęcia wsparciem."
            ),
            summary=(
                "Podmiot z obszaru, objęty w okresie projektu wsparciem: zatwierdzonymi usługami "
                "z obecnością; liczony raz, w dniu objęcia wsparciem."
            ),
            source=(
                "umowa, zasady liczenia wskaźnika 1; ustawa o ekonomii społecznej, art. 2 pkt 5"
            ),
            noun="podmiot,podmioty,podmiotów",
            lacks="podmiotu objętego wsparciem,podmiotów objętych wsparciem",
            achieved=("Objęto wsparciem {}", "PES,PES,PES"),
            model=Entity,
            candidates=lambda scope: Entity.objects.all(),
            conditions=lambda scope: [*pes_in_area(scope), *not_yet_ps(scope)],
            counting_source=SUPPORT,
            splits=OF_ENTITY,
            readings=lambda reading: [reading.of_status, reading.of_support],
        ),
        Indicator(
            code="ps",
            name="Liczba przedsiębiorstw społecznych (PS) objętych wsparciem",
            short_name="PS objęte wsparciem",
            label="PS",
            rule=(
                "Liczy się podmiot jak we wskaźniku PES, jeżeli w dniu objęcia wsparciem "
                "obowiązywał jego status PS. Późniejsza zmiana statusu niczego nie przenosi."
            ),
            summary="Jak PES, gdy w dniu objęcia wsparciem obowiązywał status PS.",
            source="umowa, zasady liczenia wskaźnika 1; ustawa o ekonomii społecznej, art. 3–10",
            noun="podmiot,podmioty,podmiotów",
            lacks="przedsiębiorstwa społecznego,przedsiębiorstw społecznych",
            achieved=("Objęto wsparciem {}", "PS,PS,PS"),
            model=Entity,
            candidates=lambda scope: Entity.objects.all(),
            conditions=lambda scope: [*pes_in_area(scope), already_ps(scope)],
            counting_source=SUPPORT,
            splits=OF_ENTITY,
            readings=lambda reading: [reading.of_status, reading.of_support],
        ),
        Indicator(
            code="representatives",
            name="Liczba przedstawicieli PES i PS objętych wsparciem",
            short_name="Przedstawiciele PES i PS",
            label="przedstawiciele",
            rule=(
                "Liczy się osoba obecna w okresie projektu na terminie zatwierdzonej usługi "
                "wsparcia w imieniu PES z obszaru projektu, który był odbiorcą tej usługi, nie "
                "przed rejestracją ani po wykreśleniu podmiotu. Każda osoba liczy się raz, w dniu "
                "pierwszej takiej obecności."
            ),
            summary="Osoba obecna na zatwierdzonej usłudze w imieniu PES albo PS; liczona raz.",
            source="umowa, zasady liczenia wskaźnika 2",
            noun="osoba,osoby,osób",
            lacks="przedstawiciela PES albo PS,przedstawicieli PES i PS",
            achieved=(
                "Objęto wsparciem {}",
                "przedstawiciela PES i PS,przedstawicieli PES i PS,przedstawicieli PES i PS",
            ),
            model=Person,
            candidates=lambda scope: Person.objects.all(),
            conditions=lambda scope: [],
            counting_source=CountingSource(
                rows=(Rows(attendances, "person"),),
                row_steps=representative_steps,
                order=ATTENDANCE_ORDER,
                details=SERVICE_OF_ATTENDANCE,
            ),
            splits={"sex": by_sex, "powiat": by_deciding_powiat},
            readings=lambda reading: [reading.of_founders],
        ),
        Indicator(
            code="new_entities",
            name="Liczba nowych PES i PS",
            short_name="Nowe PES i PS",
            label="nowe",
            rule=(
                "Liczy się PES z obszaru projektu, zarejestrowany w okresie projektu, jeżeli "
                "przed dniem rejestracji jego grupa inicjatywna albo on sam był odbiorcą "
                "zatwierdzonej "
                "usługi wsparcia i ktoś był na niej obecny w ich imieniu. Liczy się w dniu "
                "rejestracji. Z jednej grupy może powstać kilka podmiotów."
            ),
            summary=(
                "Wpis do rejestru w okresie projektu, po wcześniejszym wsparciu grupy albo "
                "podmiotu."
            ),
            source="umowa, zasady liczenia wskaźnika 3",
            noun="podmiot,podmioty,podmiotów",
            lacks="nowego podmiotu,nowych podmiotów",
            achieved=(
                "Po wsparciu ośrodka zarejestrowano {}",
                "nowy PES albo PS,nowe PES i PS,nowych PES i PS",
            ),
            model=Entity,
            candidates=lambda scope: Entity.objects.filter(
                Q(founding_group__isnull=False) | Q(registered_on__range=scope.days)
            ),
            conditions=new_entity_conditions,
            counting_source=NEW_ENTITY_SOURCE,
            splits=OF_ENTITY,
        ),
        Indicator(
            code="local_governments",
            name="Liczba JST współpracujących z sektorem ekonomii społecznej",
            short_name="JST współpracujące z sektorem",
            label="JST",
            rule=(
                "Liczy się gmina, powiat albo miasto na prawach powiatu z obszaru projektu, nigdy "
                "województwo, z co najmniej jednym aktem współpracy z datą w okresie projektu. "
                "Samorząd liczy się raz, w dniu pierwszego aktu, także gdy zmienił się jego kod."
            ),
            summary="Samorząd z obszaru z udokumentowaną współpracą; liczony raz.",
            source="umowa, zasady liczenia wskaźnika 4",
            noun="samorząd,samorządy,samorządów",
            lacks="samorządu współpracującego z sektorem,samorządów współpracujących z sektorem",
            achieved=("Z sektorem ekonomii społecznej współpracowało {}", "JST,JST,JST"),
            model=LocalGovernment,
            candidates=with_partnership,
            conditions=local_government_conditions,
            counting_source=CountingSource(
                rows=(Rows(partnerships, "local_government"),),
                row_steps=inside_period("Akty współpracy są poza okresem projektu."),
                order=("day", "code"),
                details={"partnership": "pk", "partnership_code": "code"},
            ),
            splits={"powiat": by_own_powiat},
        ),
        Indicator(
            code="digital",
            name="Liczba PES i PS z nowoczesnymi rozwiązaniami technologicznymi",
            short_name="Rozwiązania cyfrowe w PES i PS",
            label="cyfrowe",
            rule=(
                "Liczy się PES z obszaru projektu z wdrożeniem cyfrowym z datą w okresie "
                "projektu, połączonym z zatwierdzoną usługą, która dała temu podmiotowi dzień "
                "wsparcia nie "
                "później niż w dniu wdrożenia. Podmiot liczy się raz, w dniu pierwszego takiego "
                "wdrożenia."
            ),
            summary="Wdrożenie cyfrowe połączone z wcześniejszą usługą; podmiot liczony raz.",
            source="umowa, zasady liczenia wskaźnika 5",
            noun="podmiot,podmioty,podmiotów",
            lacks="podmiotu z rozwiązaniem cyfrowym,podmiotów z rozwiązaniami cyfrowymi",
            achieved=(
                "Nowoczesne rozwiązania technologiczne wprowadzono w {}",
                "PES albo PS,PES i PS,PES i PS",
            ),
            model=Entity,
            candidates=entities_with_adoption(Adoption.Kind.DIGITAL),
            conditions=pes_in_area,
            counting_source=adoption_source(Adoption.Kind.DIGITAL),
            splits=OF_ENTITY,
        ),
        Indicator(
            code="eco",
            name="Liczba PES i PS z działaniami na rzecz środowiska",
            short_name="Działania ekologiczne w PES i PS",
            label="ekologiczne",
            rule=(
                "Liczy się PES z obszaru projektu z wdrożeniem ekologicznym z datą w okresie "
                "projektu, połączonym z zatwierdzoną usługą, która dała temu podmiotowi dzień "
                "wsparcia nie później niż w dniu wdrożenia. Podmiot liczy się raz, w dniu "
                "pierwszego takiego wdrożenia."
            ),
            summary="Wdrożenie ekologiczne połączone z wcześniejszą usługą; podmiot liczony raz.",
            source="umowa, zasady liczenia wskaźnika 6",
            noun="podmiot,podmioty,podmiotów",
            lacks="podmiotu z działaniami ekologicznymi,podmiotów z działaniami ekologicznymi",
            achieved=(
                "Działania na rzecz środowiska wprowadzono w {}",
                "PES albo PS,PES i PS,PES i PS",
            ),
            model=Entity,
            candidates=entities_with_adoption(Adoption.Kind.ECO),
            conditions=pes_in_area,
            counting_source=adoption_source(Adoption.Kind.ECO),
            splits=OF_ENTITY,
        ),
        Indicator(
            code="staff",
            name="Przeszkolona kadra OWES",
            short_name="Szkolenia kadry OWES",
            label="kadra",
            rule=(
                "Liczy się osoba z kadry ośrodka, która ukończyła szkolenie w okresie projektu; "
                "raz, w dniu końca pierwszego takiego szkolenia. Umowa nie podaje wartości "
                "docelowej."
            ),
            summary="Osoba z kadry, która ukończyła szkolenie w okresie projektu; liczona raz.",
            source="umowa, zasady liczenia wskaźnika 7",
            noun="osoba,osoby,osób",
            lacks="przeszkolonej osoby z kadry,przeszkolonych osób z kadry",
            achieved=(
                "Przeszkolono {}",
                "osobę z kadry OWES,osoby z kadry OWES,osób z kadry OWES",
            ),
            model=StaffMember,
            candidates=with_training,
            conditions=lambda scope: [],
            counting_source=CountingSource(
                rows=(Rows(trainings, "staff_member"),),
                row_steps=inside_period("Szkolenia skończyły się poza okresem projektu."),
                order=("day", "pk"),
                details={"training": "pk", "topic": "topic"},
            ),
            record_code="name",
        ),
    ]
}
