from support.models.accepted_warning import AcceptedWarning
from support.models.attendance import Attendance
from support.models.calendar_feed import CalendarFeed
from support.models.certificate import Certificate
from support.models.cooperation import Adoption, AdoptionService, Partnership, PartnershipEntity
from support.models.dictionaries import Activity, AdoptionKind, ServiceType, Theme
from support.models.evidence import Document, Evidence, Subject, verified_count
from support.models.evidence_requirement import EvidenceRequirement
from support.models.imports import ColumnMapping, Import, ImportRow
from support.models.joining import Declaration, Enrolment
from support.models.monthly_sheet import MonthlySheet
from support.models.paste_batch import PasteBatch
from support.models.project import Membership, Project
from support.models.reporting import ReportingCycle
from support.models.retention import LegalHold
from support.models.scan import Scan
from support.models.service import Service
from support.models.service_links import Recipient, ServiceAdviser, ServiceTheme
from support.models.session import Session
from support.models.staff import StaffMember, StaffTraining

__all__ = [
    "AcceptedWarning",
    "Activity",
    "Adoption",
    "AdoptionKind",
    "AdoptionService",
    "Attendance",
    "CalendarFeed",
    "Certificate",
    "ColumnMapping",
    "Declaration",
    "Document",
    "Enrolment",
    "Evidence",
    "EvidenceRequirement",
    "Import",
    "ImportRow",
    "LegalHold",
    "Membership",
    "MonthlySheet",
    "Partnership",
    "PartnershipEntity",
    "PasteBatch",
    "Project",
    "Recipient",
    "ReportingCycle",
    "Scan",
    "Service",
    "ServiceAdviser",
    "ServiceTheme",
    "ServiceType",
    "Session",
    "StaffMember",
    "StaffTraining",
    "Subject",
    "Theme",
    "verified_count",
]
