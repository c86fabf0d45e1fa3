from indicators.models.control import ControlledDocument, ControlledRecord, TrialControl
from indicators.models.findings import AcceptedFinding, CheckRun
from indicators.models.judgement import (
    WORKED_OUT,
    ChangeMark,
    DayWork,
    JudgedTerms,
    Judgement,
    ReportNumbers,
    ServiceWork,
)
from indicators.models.official import ReportCost, ReportSource, ReportText
from indicators.models.package import Package
from indicators.models.reading import Reading
from indicators.models.report import Report, ReportChange, ReportLine, ReportRecord
from indicators.models.target import Milestone, Target, indicator_choices

__all__ = [
    "WORKED_OUT",
    "AcceptedFinding",
    "ChangeMark",
    "CheckRun",
    "ControlledDocument",
    "ControlledRecord",
    "DayWork",
    "JudgedTerms",
    "Judgement",
    "Milestone",
    "Package",
    "Reading",
    "Report",
    "ReportChange",
    "ReportCost",
    "ReportLine",
    "ReportNumbers",
    "ReportRecord",
    "ReportSource",
    "ReportText",
    "ServiceWork",
    "Target",
    "TrialControl",
    "indicator_choices",
]
