from django.urls import path

from indicators.views import reports, targets

app_name = "indicators"

urlpatterns = [
    # /p/<slug>/settings/targets/
    path("p/<slug:slug>/settings/targets/", targets.target_settings, name="target_settings"),
    path("p/<slug:slug>/settings/targets/add/", targets.target_create, name="target_create"),
    # /p/<slug>/reports/
    path("p/<slug:slug>/reports/", reports.report_list, name="report_list"),
    path("p/<slug:slug>/reports/jobs/<int:pk>/", reports.report_job, name="report_job"),
    path("p/<slug:slug>/reports/jobs/<int:pk>/file/", reports.report_file, name="report_file"),
]
