"""The step of a new project in which it gets its indicators, and their targets."""

from support.project.steps import Step

INDICATORS = Step(
    "Wskaźniki i cele",
    "co umowa każe policzyć i ile",
    "indicators:setup_indicators",
    lambda project: project.indicators.exists(),
)
