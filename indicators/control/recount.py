"""The count of a trial control once more, by the counting machine, without the faulty evidence."""

from collections import defaultdict

from django.utils import timezone

from indicators.counting.judging import judge
from indicators.counting.scope import Scope
from indicators.models import ControlledDocument
from owes.rehearsal import try_out
from support.models import Subject

# Another of the kind may prove the same. In place of papers of its own a record has none.
REPLACEABLE = (
    Subject.SERVICE,
    Subject.PARTNERSHIP,
    Subject.ADOPTION,
    Subject.STAFF_TRAINING,
    Subject.STATUS,
)


def recount(control):
    """Keeps which records fall out, as the records of the registers say now.

    Those in doubt are judged while the faulty services, adoptions, acts, trainings and statuses
    are away: a fixed number of queries.
    """
    faulty = list(ControlledDocument.objects.faulty().filter(record__control=control))
    in_doubt = control.in_doubt({document.proves for document in faulty})
    of_their_own = {document.proves for document in faulty if document.subject not in REPLACEABLE}
    lost = control.in_doubt(of_their_own)
    evidence = defaultdict(set)
    for document in faulty:
        if document.subject in REPLACEABLE:
            evidence[Subject(document.subject)].add(document.subject_key)
    if evidence:
        proved = try_out(lambda: _proved_without(evidence, control, in_doubt))
        for indicator, keys in in_doubt.items():
            lost[indicator] |= {
                code: key for code, key in keys.items() if key not in proved[indicator]
            }
    control.lost = {indicator: list(codes) for indicator, codes in lost.items()}
    control.recounted_at = timezone.now()
    control.save(update_fields=["lost", "recounted_at"])


def _proved_without(evidence, control, in_doubt):
    """`{indicator: keys}` of those in doubt that count all the same; the evidence is deleted.

    What points at it stays: whoever calls this takes all of it back.
    """
    for subject, keys in evidence.items():
        rows = subject.model._base_manager.filter(pk__in=keys)
        rows._raw_delete(rows.db)
    scope = Scope.of(control.project, control.on)
    keys = defaultdict(set)
    for indicator in scope.indicators:
        keys[indicator.model] |= set(in_doubt.get(indicator.code, {}).values())
    asked = {model: frozenset(own) for model, own in keys.items() if own}
    verdicts = judge(scope.indicators, scope, asked)
    return {
        code: {
            verdict.candidate
            for verdict in verdicts.get(code, ())
            if verdict.is_counted and verdict.counted_on in control.period
        }
        for code in in_doubt
    }
