from django.urls import path

from indicators.checks import views as checks
from indicators.closing import package_views as packages
from indicators.closing import views as closing
from indicators.contract import indicator_views as contract
from indicators.contract import setup_views as setup
from indicators.contract import target_views as targets
from indicators.control import views as control
from indicators.dashboard import project_views as projects
from indicators.dashboard import start_views as start
from indicators.dashboard import views as dashboard
from indicators.dashboard import what_if_views as what_if
from indicators.records import entity_views as entities
from indicators.records import views as indicators
from indicators.reports import annex5_views as official
from indicators.reports import views as reports

app_name = "indicators"

urlpatterns = [
    path("", dashboard.home, name="home"),
    path("projects/", projects.project_list, name="project_list"),
    path("start/", start.start, name="start"),
    path("start/contract/", start.contract_load, name="contract_load"),
    # /p/<slug>/
    path("p/<slug:slug>/", dashboard.dashboard, name="dashboard"),
    path("p/<slug:slug>/start/", start.project_start, name="project_start"),
    path("p/<slug:slug>/what-if/", what_if.what_if, name="what_if"),
    path("p/<slug:slug>/indicators/", indicators.indicator_list, name="indicator_list"),
    path(
        "p/<slug:slug>/indicators/<slug:code>/",
        indicators.indicator_detail,
        name="indicator_detail",
    ),
    path("p/<slug:slug>/entities/", entities.project_entity_list, name="project_entity_list"),
    # /entities/<pk>/
    path("entities/<int:pk>/indicators/", entities.entity_indicators, name="entity_indicators"),
    # /p/<slug>/settings/targets/
    path("p/<slug:slug>/settings/targets/", targets.target_settings, name="target_settings"),
    path("p/<slug:slug>/settings/targets/add/", targets.target_create, name="target_create"),
    path(
        "p/<slug:slug>/settings/targets/<int:pk>/milestones/",
        targets.milestone_edit,
        name="milestone_edit",
    ),
    # /p/<slug>/settings/indicators/
    path(
        "p/<slug:slug>/settings/indicators/",
        contract.indicator_settings,
        name="indicator_settings",
    ),
    path("p/<slug:slug>/settings/catalogue/", contract.catalogue_create, name="catalogue_create"),
    path("p/<slug:slug>/settings/composer/", contract.indicator_create, name="indicator_create"),
    path(
        "p/<slug:slug>/settings/indicators/<slug:code>/",
        contract.indicator_rules,
        name="indicator_rules",
    ),
    path(
        "p/<slug:slug>/settings/indicators/<slug:code>/edit/",
        contract.indicator_edit,
        name="indicator_edit",
    ),
    path(
        "p/<slug:slug>/settings/indicators/<slug:code>/rules/add/",
        contract.rule_create,
        name="rule_create",
    ),
    path("p/<slug:slug>/setup/indicators/", setup.setup_indicators, name="setup_indicators"),
    # /p/<slug>/checks/
    path("p/<slug:slug>/checks/", checks.check_list, name="check_list"),
    path("p/<slug:slug>/checks/run/", checks.check_run, name="check_run"),
    path("p/<slug:slug>/checks/progress/", checks.check_progress, name="check_progress"),
    path("p/<slug:slug>/checks/accept/", checks.finding_accept, name="finding_accept"),
    path("p/<slug:slug>/checks/withdraw/", checks.finding_withdraw, name="finding_withdraw"),
    # /p/<slug>/control/
    path("p/<slug:slug>/control/", control.control_list, name="control_list"),
    path("p/<slug:slug>/control/add/", control.control_create, name="control_create"),
    path("p/<slug:slug>/control/<int:pk>/", control.control_detail, name="control_detail"),
    path(
        "p/<slug:slug>/control/<int:pk>/protocol/",
        control.control_protocol,
        name="control_protocol",
    ),
    path("p/<slug:slug>/control/<int:pk>/export/", control.control_export, name="control_export"),
    path("p/<slug:slug>/control/<int:pk>/finish/", control.control_finish, name="control_finish"),
    path(
        "p/<slug:slug>/control/records/<int:pk>/",
        control.control_record_edit,
        name="control_record_edit",
    ),
    # /p/<slug>/reports/
    path("p/<slug:slug>/reports/", reports.report_list, name="report_list"),
    path("p/<slug:slug>/reports/add/", closing.report_create, name="report_create"),
    path("p/<slug:slug>/reports/verify/", closing.report_verify, name="report_verify"),
    path("p/<slug:slug>/reports/<int:pk>/", closing.report_detail, name="report_detail"),
    path(
        "p/<slug:slug>/reports/<int:pk>/texts/", official.report_text_edit, name="report_text_edit"
    ),
    path(
        "p/<slug:slug>/reports/<int:pk>/costs/", official.report_cost_edit, name="report_cost_edit"
    ),
    path("p/<slug:slug>/reports/<int:pk>/copy/", official.report_copy, name="report_copy"),
    path(
        "p/<slug:slug>/reports/<int:pk>/official/",
        official.report_official,
        name="report_official",
    ),
    path("p/<slug:slug>/reports/<int:pk>/close/", closing.report_close, name="report_close"),
    path("p/<slug:slug>/reports/<int:pk>/closing/", closing.report_closing, name="report_closing"),
    path("p/<slug:slug>/reports/<int:pk>/send/", closing.report_send, name="report_send"),
    path("p/<slug:slug>/reports/<int:pk>/correct/", closing.report_correct, name="report_correct"),
    path("p/<slug:slug>/reports/<int:pk>/discard/", closing.report_discard, name="report_discard"),
    path("p/<slug:slug>/reports/<int:pk>/file/", closing.report_document, name="report_document"),
    path("p/<slug:slug>/reports/jobs/<int:pk>/", reports.report_job, name="report_job"),
    path("p/<slug:slug>/reports/jobs/<int:pk>/file/", reports.report_file, name="report_file"),
    # /p/<slug>/reports/packages/
    path("p/<slug:slug>/reports/packages/", packages.package_list, name="package_list"),
    path("p/<slug:slug>/reports/packages/add/", packages.package_create, name="package_create"),
    path(
        "p/<slug:slug>/reports/packages/<int:pk>/", packages.package_detail, name="package_detail"
    ),
    path(
        "p/<slug:slug>/reports/packages/<int:pk>/file/", packages.package_file, name="package_file"
    ),
]
