from django.urls import include, path
from django.views.generic import RedirectView

from owes.backups.views import backup_list
from owes.lists.views import list_file, list_file_download
from owes.operating.health import healthz, readyz
from owes.operating.metrics import metrics
from owes.operating.security_txt import security_txt
from owes.operating.views import program_state
from owes.privacy.views import (
    anonymisation_approve,
    anonymisation_create,
    anonymisation_list,
    anonymisation_withdraw,
    personal_data,
)
from owes.sign_in.views import session_end, session_list
from owes.views import (
    centre_logo,
    centre_settings,
    components,
    job_retry,
    read_back,
    search,
)

owes_pages = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("readyz", readyz, name="readyz"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("components/", components, name="components"),
    path("centre/", centre_settings, name="centre_settings"),
    path("centre/logo/", centre_logo, name="centre_logo"),
    path("centre/backups/", backup_list, name="backup_list"),
    path("centre/state/", program_state, name="program_state"),
    path("centre/personal-data/", personal_data, name="personal_data"),
    path("centre/anonymisations/", anonymisation_list, name="anonymisation_list"),
    path(
        "centre/anonymisations/add/<str:model>/<int:pk>/",
        anonymisation_create,
        name="anonymisation_create",
    ),
    path(
        "centre/anonymisations/<int:pk>/approve/",
        anonymisation_approve,
        name="anonymisation_approve",
    ),
    path(
        "centre/anonymisations/<int:pk>/withdraw/",
        anonymisation_withdraw,
        name="anonymisation_withdraw",
    ),
    path("accounts/sessions/", session_list, name="session_list"),
    path("accounts/sessions/end/", session_end, name="session_end"),
    path("jobs/<int:pk>/retry/", job_retry, name="job_retry"),
    path("files/<int:pk>/", list_file, name="list_file"),
    path("files/<int:pk>/download/", list_file_download, name="list_file_download"),
    path("search/", search, name="search"),
    path("read-back/", read_back, name="read_back"),
]

handler500 = "owes.operating.error_pages.server_error"

urlpatterns = [
    path("", include((owes_pages, "owes"))),
    # An address of an account is changed by an administrator: it is how people sign in.
    path("accounts/email/", RedirectView.as_view(pattern_name="account_change_password")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include("entities.urls")),
    path("", include("support.urls")),
    path("", include("indicators.urls")),
]
