"""Addresses of support, by room."""

from django.urls import include, path, register_converter

from owes.periods import MonthConverter
from support.attendance import views as attendances
from support.calendar import views as calendar
from support.cards import views as cards
from support.certificates import views as certificates
from support.cooperation import adoption_views as adoptions
from support.cooperation import partnership_views as partnerships
from support.evidence import requirement_views as evidence_requirements
from support.evidence import views as evidence
from support.hours import views as monthly_sheets
from support.meetings import views as meetings
from support.papers import statement_views as statements
from support.papers import views as papers
from support.project import dictionary_views as dictionaries
from support.project import joining_views as joining
from support.project import setup_views as setup
from support.project import state_views as states
from support.project import team_views as team
from support.project import views as settings
from support.records import history_views as histories
from support.records import views as records
from support.retention import views as retention
from support.scans import views as scans
from support.services import pasting_views as pasting
from support.services import views as services
from support.services import visit_views as visits
from support.services import work_views as work
from support.staff import views as staff
from support.workbook import views as imports

app_name = "support"
register_converter(MonthConverter, "month")

partnership_pages = [
    path("", partnerships.partnership_list, name="partnership_list"),
    path("add/", partnerships.partnership_create, name="partnership_create"),
    path("<int:pk>/edit/", partnerships.partnership_edit, name="partnership_edit"),
]

adoption_pages = [
    path("", adoptions.adoption_list, name="adoption_list"),
    path("add/", adoptions.adoption_create, name="adoption_create"),
    path("<int:pk>/edit/", adoptions.adoption_edit, name="adoption_edit"),
]

certificate_pages = [
    path("", certificates.certificate_list, name="certificate_list"),
    path("add/<int:service>/", certificates.certificate_create, name="certificate_create"),
    path("<int:pk>/", certificates.certificate_detail, name="certificate_detail"),
    path("<int:pk>/cancel/", certificates.certificate_cancel, name="certificate_cancel"),
    path("<int:pk>/paper/", certificates.certificate_paper, name="certificate_paper"),
    path("print/", certificates.certificate_print, name="certificate_print"),
]

staff_pages = [
    path("", staff.staff_list, name="staff_list"),
    path("members/add/", staff.staff_member_create, name="staff_member_create"),
    path("members/<int:pk>/edit/", staff.staff_member_edit, name="staff_member_edit"),
    path("trainings/add/", staff.staff_training_create, name="staff_training_create"),
    path("trainings/<int:pk>/edit/", staff.staff_training_edit, name="staff_training_edit"),
]

evidence_pages = [
    path("", evidence.evidence_list, name="evidence_list"),
    path("missing/", evidence.evidence_missing, name="evidence_missing"),
    path("judge/", evidence.evidence_judge, name="evidence_judge"),
    path("release/", evidence.evidence_release, name="evidence_release"),
    path("<int:pk>/", evidence.evidence_detail, name="evidence_detail"),
    path("<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("<int:pk>/withdraw/", evidence.evidence_withdraw, name="evidence_withdraw"),
    path("of/<str:subject>/<int:pk>/", evidence.record_evidence, name="record_evidence"),
]

scan_pages = [
    path("", scans.scan_list, name="scan_list"),
    path("<int:pk>/", scans.scan_detail, name="scan_detail"),
    path("<int:pk>/file/", scans.scan_file, name="scan_file"),
    path("<int:pk>/attach/", scans.scan_attach, name="scan_attach"),
    path("<int:pk>/sign/", scans.scan_sign, name="scan_sign"),
    path("<int:pk>/discard/", scans.scan_discard, name="scan_discard"),
]

paper_pages = [
    path("", papers.paper_list, name="paper_list"),
    path("meetings/", papers.meeting_paper_list, name="meeting_paper_list"),
    path("jobs/<int:pk>/", papers.paper_job, name="paper_job"),
    path("jobs/<int:pk>/file/", papers.paper_file, name="paper_file"),
    path("empty-card/", papers.empty_card, name="empty_card"),
    path("empty-list/", papers.empty_list, name="empty_list"),
    path(
        "cards/<int:entity>/<int:staff_member>/<month:month>/",
        papers.collective_card,
        name="collective_card",
    ),
]

statement_pages = [
    path("application/", statements.application_paper, name="application_paper"),
    path("application/<int:pk>/", statements.application_paper, name="application_paper"),
    path("declaration/", statements.declaration_paper, name="declaration_paper"),
    path("declaration/<int:pk>/", statements.declaration_paper, name="declaration_paper"),
    path("adoption/", statements.adoption_paper, name="adoption_paper"),
    path("adoption/<int:pk>/", statements.adoption_paper, name="adoption_paper"),
    path("partnership/<int:pk>/", statements.partnership_paper, name="partnership_paper"),
    path("agreement/", statements.agreement_paper, name="agreement_paper"),
    path("meeting/", statements.meeting_paper, name="meeting_paper"),
]

sheet = "<int:staff_member>/<month:month>"
monthly_sheet_pages = [
    path("", monthly_sheets.monthly_sheet_list, name="monthly_sheet_list"),
    path(f"{sheet}/", monthly_sheets.monthly_sheet_detail, name="monthly_sheet_detail"),
    path(f"{sheet}/submit/", monthly_sheets.monthly_sheet_submit, name="monthly_sheet_submit"),
    path(
        f"{sheet}/withdraw/", monthly_sheets.monthly_sheet_withdraw, name="monthly_sheet_withdraw"
    ),
    path(f"{sheet}/approve/", monthly_sheets.monthly_sheet_approve, name="monthly_sheet_approve"),
    path(f"{sheet}/return/", monthly_sheets.monthly_sheet_return, name="monthly_sheet_return"),
    path(f"{sheet}/print/", monthly_sheets.monthly_sheet_print, name="monthly_sheet_print"),
    path(f"{sheet}/export/", monthly_sheets.monthly_sheet_export, name="monthly_sheet_export"),
]

settings_pages = [
    path("", settings.project_settings, name="project_settings"),
    path("state/", states.project_state, name="project_state"),
    path("archive/", states.project_archive, name="project_archive"),
    path("restore/", states.project_restore, name="project_restore"),
    path("delete/", states.project_delete, name="project_delete"),
    path("wording/", settings.wording_settings, name="wording_settings"),
    path("reporting/", settings.reporting_settings, name="reporting_settings"),
    path("logotypes/", settings.project_logotypes, name="project_logotypes"),
    path("scope/edit/", settings.project_scope_edit, name="project_scope_edit"),
    path("dictionaries/", dictionaries.dictionary_settings, name="dictionary_settings"),
    path("service-types/add/", dictionaries.service_type_create, name="service_type_create"),
    path("service-types/<int:pk>/edit/", dictionaries.service_type_edit, name="service_type_edit"),
    path(
        "service-types/<int:pk>/delete/",
        dictionaries.service_type_delete,
        name="service_type_delete",
    ),
    path("themes/<int:pk>/delete/", dictionaries.theme_delete, name="theme_delete"),
    path(
        "adoption-kinds/<slug:pk>/delete/",
        dictionaries.adoption_kind_delete,
        name="adoption_kind_delete",
    ),
    path("themes/add/", dictionaries.theme_create, name="theme_create"),
    path("themes/<int:pk>/edit/", dictionaries.theme_edit, name="theme_edit"),
    path("adoption-kinds/add/", dictionaries.adoption_kind_create, name="adoption_kind_create"),
    path(
        "adoption-kinds/<slug:pk>/edit/",
        dictionaries.adoption_kind_edit,
        name="adoption_kind_edit",
    ),
    path("activities/add/", dictionaries.activity_create, name="activity_create"),
    path("activities/<int:pk>/edit/", dictionaries.activity_edit, name="activity_edit"),
    path("evidence/", evidence_requirements.evidence_settings, name="evidence_settings"),
    path(
        "evidence/add/",
        evidence_requirements.evidence_requirement_create,
        name="evidence_requirement_create",
    ),
    path(
        "evidence/<int:pk>/edit/",
        evidence_requirements.evidence_requirement_edit,
        name="evidence_requirement_edit",
    ),
    path(
        "evidence/<int:pk>/delete/",
        evidence_requirements.evidence_requirement_delete,
        name="evidence_requirement_delete",
    ),
    path("team/", team.team_settings, name="team_settings"),
    path("team/add/", team.membership_create, name="membership_create"),
    path("team/<int:pk>/edit/", team.membership_edit, name="membership_edit"),
    path("team/<int:pk>/invite/", team.membership_invite, name="membership_invite"),
    path("team/<int:pk>/account/edit/", team.account_edit, name="account_edit"),
]

retention_pages = [
    path("", retention.retention_detail, name="retention_detail"),
    path("approve/", retention.retention_approve, name="retention_approve"),
    path("hold/", retention.legal_hold_create, name="legal_hold_create"),
]

setup_pages = [
    path("contract/", setup.setup_contract, name="setup_contract"),
    path("area/", setup.setup_area, name="setup_area"),
    path("schedule/", setup.setup_schedule, name="setup_schedule"),
    path("team/", setup.setup_team, name="setup_team"),
]

project_pages = [
    path("services/", services.service_list, name="service_list"),
    path("services/add/", services.service_create, name="service_create"),
    path("services/session/", services.service_session, name="service_session"),
    path("services/people/", records.service_people, name="service_people"),
    path("services/entities/", records.service_entities, name="service_entities"),
    path("services/<int:pk>/", services.service_detail, name="service_detail"),
    path("services/<int:pk>/edit/", services.service_edit, name="service_edit"),
    path("services/<int:pk>/paste/", pasting.service_paste, name="service_paste"),
    path(
        "services/<int:pk>/meeting-report/",
        meetings.meeting_report_create,
        name="meeting_report_create",
    ),
    path(
        "services/<int:pk>/paste/<int:batch>/undo/",
        pasting.service_paste_undo,
        name="service_paste_undo",
    ),
    path("services/<int:pk>/paste/drop/", pasting.service_paste_drop, name="service_paste_drop"),
    path(
        "services/<int:pk>/attendances/", attendances.service_attendance, name="service_attendance"
    ),
    path(
        "services/<int:pk>/attendances/mark/", attendances.attendance_mark, name="attendance_mark"
    ),
    path(
        "services/<int:pk>/attendances/add/",
        attendances.attendance_create,
        name="attendance_create",
    ),
    path("services/submit/", services.service_submit_many, name="service_submit_many"),
    path("services/<int:pk>/submit/", services.service_submit, name="service_submit"),
    path("services/<int:pk>/withdraw/", services.service_withdraw, name="service_withdraw"),
    path("services/<int:pk>/approve/", services.service_approve, name="service_approve"),
    path("services/<int:pk>/return/", services.service_return, name="service_return"),
    path("services/<int:pk>/reopen/", services.service_reopen, name="service_reopen"),
    path("services/<int:pk>/cancel/", services.service_cancel, name="service_cancel"),
    path("services/<int:pk>/accept/", services.service_accept, name="service_accept"),
    path("services/<int:pk>/sign/", services.service_sign, name="service_sign"),
    path("services/<int:pk>/card/", papers.service_card, name="service_card"),
    path("services/<int:pk>/attendance/", papers.attendance_list, name="attendance_list"),
    path("visits/add/", visits.visit_create, name="visit_create"),
    path("visits/<int:pk>/edit/", visits.visit_edit, name="visit_edit"),
    path("certificates/", include(certificate_pages)),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/rows/", imports.import_row_list, name="import_row_list"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/reading/", imports.import_reading, name="import_reading"),
    path("imports/<int:pk>/answer/", imports.import_answer, name="import_answer"),
    path("imports/<int:pk>/empty/", imports.import_empty, name="import_empty"),
    path("imports/<int:pk>/part/", imports.import_part, name="import_part"),
    path("imports/<int:pk>/save/", imports.import_save, name="import_save"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/mistakes/", imports.import_mistakes, name="import_mistakes"),
    path(
        "imports/templates/<slug:register>.<slug:kind>",
        imports.import_template,
        name="import_template",
    ),
    path("mine/", work.mine, name="mine"),
    path("queue/", work.queue, name="queue"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feeds/add/", calendar.calendar_feed_create, name="calendar_feed_create"),
    path(
        "calendar/feeds/<int:pk>/revoke/",
        calendar.calendar_feed_revoke,
        name="calendar_feed_revoke",
    ),
    path("history/<str:kind>/<int:pk>/", histories.record_history, name="record_history"),
    path("options/entities/", records.record_entities, name="record_entities"),
    path(
        "options/local-governments/",
        records.record_local_governments,
        name="record_local_governments",
    ),
    path("options/services/", records.record_services, name="record_services"),
    path("partnerships/", include(partnership_pages)),
    path("adoptions/", include(adoption_pages)),
    path("staff/", include(staff_pages)),
    path("evidence/", include(evidence_pages)),
    path("scans/", include(scan_pages)),
    path("papers/", include(paper_pages)),
    path("papers/", include(statement_pages)),
    path("hours/", include(monthly_sheet_pages)),
    path("entities/<int:pk>/enrolment/", joining.enrolment_edit, name="enrolment_edit"),
    path("people/<int:pk>/declaration/", joining.declaration_edit, name="declaration_edit"),
    path("settings/", include(settings_pages)),
    path("settings/retention/", include(retention_pages)),
    path("setup/", include(setup_pages)),
]

urlpatterns = [
    path("entities/<int:pk>/support/", cards.entity_support, name="entity_support"),
    path("entities/<int:pk>/evidence/", cards.entity_evidence, name="entity_evidence"),
    path("people/<int:pk>/support/", cards.person_support, name="person_support"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("centre/retention/", retention.retention_list, name="retention_list"),
    path("projects/add/", setup.project_create, name="project_create"),
    path("p/<slug:slug>/", include(project_pages)),
]
