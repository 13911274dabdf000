"""The matrix of the gate: a complete dossier by acts, each proof undone, each answer compared with the table."""

from compliance.matrix.dossier import Dossier, Plan, build, photo
from compliance.matrix.run import QUESTIONS, Report, Row, run, tell
from compliance.matrix.stories import STORIES, Story

__all__ = ["QUESTIONS", "STORIES", "Dossier", "Plan", "Report", "Row", "Story", "build", "photo", "run", "tell"]
