"""What gunicorn writes itself, in lines like those of the program; it finds this file by itself.

The line of a request is written by the program (owes/operating/access_log.py): gunicorn's would
hold queries and keys of addresses.
"""

from owes import environment
from owes.operating.log_lines import logging_settings

logconfig_dict = logging_settings(
    is_readable=environment.flag("OWES_DEMO") or environment.flag("DEBUG")
)
