from django.db import connection
from django.test.utils import CaptureQueriesContext


def test_a_refusal_asks_no_table_of_permissions(staff):
    with CaptureQueriesContext(connection) as queries:
        assert not staff.has_perm("owes.view_backups")
    assert len(queries) == 0
