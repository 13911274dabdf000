"""Stories that a jurist writes: acts in French, questions to the gate, verdicts expected (docs/guide/scenarios.md)."""

from compliance.scenario.memory import empty_database
from compliance.scenario.play import Answer, Played, play, verdict
from compliance.scenario.reading import Misread
from compliance.scenario.story import Story, understand

__all__ = ["Answer", "Misread", "Played", "Story", "empty_database", "play", "understand", "verdict"]
