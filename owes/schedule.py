"""When beat orders what the program does by itself; hours are those of Warsaw."""

from datetime import timedelta

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "requeue-stale-jobs": {
        "task": "owes.jobs.requeue_stale",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "back-up": {"task": "owes.jobs.back_up", "schedule": crontab(hour=2, minute=30)},
    "sweep-drafts": {"task": "owes.jobs.sweep_drafts", "schedule": timedelta(days=1)},
    "sweep-sign-in": {"task": "owes.jobs.sweep_sign_in", "schedule": timedelta(days=1)},
    "drop-old-looks": {"task": "owes.jobs.drop_looks", "schedule": crontab(hour=3, minute=30)},
    "sweep-files": {"task": "owes.jobs.sweep_files", "schedule": crontab(hour=4, minute=15)},
    "drop-list-files": {"task": "owes.jobs.drop_list_files", "schedule": timedelta(hours=1)},
    "seal-history": {
        "task": "owes.jobs.seal_history",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300},
    },
    "verify-history": {"task": "owes.jobs.verify_history", "schedule": crontab(hour=4, minute=0)},
    "tell-retention": {
        "task": "support.jobs.tell_retention",
        "schedule": crontab(hour=6, minute=0),
    },
    "check-data": {
        "task": "indicators.jobs.order_nightly_checks",
        "schedule": crontab(hour=5, minute=0),
    },
}
