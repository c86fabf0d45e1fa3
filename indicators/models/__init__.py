from indicators.models.control import ControlledDocument, ControlledRecord, TrialControl
from indicators.models.findings import AcceptedFinding, CheckRun
from indicators.models.indicator import IndicatorRule, ProjectIndicator
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
from indicators.models.report import Report, ReportChange, ReportLine, ReportRecord
from indicators.models.target import Milestone, Target

__all__ = [
    "WORKED_OUT",
    "AcceptedFinding",
    "ChangeMark",
    "CheckRun",
    "ControlledDocument",
    "ControlledRecord",
    "DayWork",
    "IndicatorRule",
    "JudgedTerms",
    "Judgement",
    "Milestone",
    "Package",
    "ProjectIndicator",
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
]
