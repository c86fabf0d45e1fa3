"""What gunicorn writes itself, in lines like those of the program; it finds this file by itself.

The line of a request is written by the program (owes/operating/access_log.py): gunicorn's would
hold queries and keys of addresses.
"""

from pathlib import Path

from owes import environment
from owes.operating.log_lines import logging_settings

VAR_DIR = environment.folder("VAR_DIR", Path(__file__).parent / "var")


def on_starting(server):
    """Processes of the run before no longer count (owes/operating/metrics.py)."""
    for path in environment.metrics_folder(VAR_DIR).glob("*.db"):
        path.unlink(missing_ok=True)


logconfig_dict = logging_settings(
    is_readable=environment.flag("OWES_DEMO") or environment.flag("DEBUG")
)
