"""The eight indicators of a project as SQL by hand, shared by both databases.

Each statement gives `(code of the indicator, code of the record, first day it counts from)`, as
the contract is read when nothing was added to it. Keys of the area and of the kinds of services
are written into the text, as the program does: with joins PostgreSQL expects one row of them.
"""

from django.db import connection

from entities.models import LegalForm
from indicators.counting.judging import day_of_database

NOT_PES = ", ".join(f"'{form}'" for form in LegalForm.not_pes())
SEATED_PES = f"""
JOIN entities_localgovernment seat ON seat.id = e.seat_id
  AND seat.powiat_id IN ({{area}}) AND e.legal_form NOT IN ({NOT_PES})
"""
SERVED = """
FROM support_service v
JOIN support_session s ON s.service_id = v.id AND s.day BETWEEN %(start)s AND %(end)s
JOIN support_recipient r ON r.service_id = v.id
"""
APPROVED = "v.project_id = %(project)s AND v.state = 'approved' AND v.type_id IN ({types})"
LIVED = """
(e.registered_on IS NULL OR e.registered_on <= s.day)
AND (e.struck_off_on IS NULL OR e.struck_off_on >= s.day)
"""
SOMEBODY_CAME = """
(v.type_id IN ({unattended}) OR EXISTS (
  SELECT 1 FROM support_attendance a
  WHERE a.session_id = s.id AND a.entity_id = r.entity_id AND a.state = 'present'
))
"""
CAME = """
JOIN support_attendance a
  ON a.session_id = s.id AND a.entity_id = r.entity_id AND a.state = 'present'
"""

SUPPORTED = f"""
SELECT CASE WHEN EXISTS (
         SELECT 1 FROM entities_socialenterprisestatus st
         WHERE st.entity_id = e.id AND st.valid_from <= f.day
           AND (st.valid_until IS NULL OR st.valid_until >= f.day)
       ) THEN 'ps' ELSE 'pes' END, e.code, f.day
FROM (
  SELECT r.entity_id, MIN(s.day) AS day {SERVED}
  JOIN entities_entity e ON e.id = r.entity_id
  WHERE {APPROVED} AND {LIVED} AND {SOMEBODY_CAME}
  GROUP BY r.entity_id
) f
JOIN entities_entity e ON e.id = f.entity_id {SEATED_PES}
"""
REPRESENTATIVES = f"""
SELECT 'representatives', p.code, f.day
FROM (
  SELECT a.person_id, MIN(s.day) AS day {SERVED} {CAME}
  JOIN entities_entity e ON e.id = a.entity_id {SEATED_PES}
  WHERE {APPROVED} AND {LIVED}
  GROUP BY a.person_id
) f
JOIN entities_person p ON p.id = f.person_id
"""
NEW_ENTITIES = f"""
SELECT 'new_entities', e.code, e.registered_on
FROM entities_entity e {SEATED_PES}
WHERE e.registered_on BETWEEN %(start)s AND %(end)s AND EXISTS (
  SELECT 1 {SERVED} {CAME}
  WHERE {APPROVED} AND r.entity_id IN (e.id, e.founding_group_id) AND s.day < e.registered_on
)
"""
LOCAL_GOVERNMENTS = """
SELECT 'local_governments', g.code, MIN(c.day)
FROM support_partnership c
JOIN entities_localgovernment g ON g.id = c.local_government_id
WHERE c.project_id = %(project)s AND c.day BETWEEN %(start)s AND %(end)s
  AND g.level <> 'voivodeship' AND g.powiat_id IN ({area})
GROUP BY g.id, g.code
"""
ADOPTIONS = f"""
SELECT d.kind, e.code, MIN(d.day)
FROM support_adoption d
JOIN entities_entity e ON e.id = d.entity_id {SEATED_PES}
WHERE d.project_id = %(project)s AND d.day BETWEEN %(start)s AND %(end)s AND EXISTS (
  SELECT 1 {SERVED}
  JOIN support_adoptionservice l ON l.service_id = v.id
  WHERE {APPROVED} AND l.adoption_id = d.id AND r.entity_id = d.entity_id
    AND s.day <= d.day AND {LIVED} AND {SOMEBODY_CAME}
)
GROUP BY d.kind, e.id, e.code
"""
STAFF = """
SELECT 'staff', m.name, MIN(COALESCE(k.ends_on, k.starts_on))
FROM support_stafftraining k
JOIN support_staffmember m ON m.id = k.staff_member_id
WHERE k.project_id = %(project)s
  AND COALESCE(k.ends_on, k.starts_on) BETWEEN %(start)s AND %(end)s
GROUP BY m.id, m.name
"""
STATEMENTS = [SUPPORTED, REPRESENTATIVES, NEW_ENTITIES, LOCAL_GOVERNMENTS, ADOPTIONS, STAFF]


def counted_by_hand(scope) -> dict:
    """`{code of the indicator: {code of the record: day}}`."""
    start, end = scope.days
    parameters = {"project": scope.project.pk, "start": start, "end": end}
    keys = {
        "area": scope.area,
        "types": scope.support_types,
        "unattended": scope.unattended_types,
    }
    keys = {name: ", ".join(map(str, pks)) for name, pks in keys.items()}
    days = {indicator.code: {} for indicator in scope.indicators}
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement.format(**keys), parameters)
            for code, record, day in cursor.fetchall():
                days[code][record] = day_of_database(day)
    return days
