"""Plays a story through the real acts and the real gate, then takes everything back."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from compliance import gate
from compliance.law.terms import ACTION_LABELS
from compliance.matrix.run import silenced
from compliance.models import Person
from compliance.requirements.base import Outcome
from compliance.scenario.dates import said
from compliance.scenario.reading import Misread
from compliance.scenario.story import Question, Step, Story
from compliance.scenario.world import Given, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the gate answered to one question, and what differs from what was expected: nothing, most often."""

    question: Question
    asked: str
    decision: gate.Decision
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A story told to its end, or to the act at which the product and the story parted."""

    story: Story
    answers: tuple[Answer, ...]
    fault: str

    @property
    def right(self) -> bool:
        """True when nothing differs."""
        return not self.fault and not any(a.difference for a in self.answers)


def play(story: Story) -> Played:
    """Play a story on the current database, in a transaction taken back. Raises Misread on a name never given."""
    with transaction.atomic():
        world = World()
        fault = _act_all(story, world)
        answers = () if fault else tuple(_ask(question, world) for question in story.questions)
        transaction.set_rollback(True)
    return Played(story=story, answers=answers, fault=fault)


def _act_all(story: Story, world: World) -> str:
    """Do every act, recorded in the order of the file; return what went otherwise than the story says."""
    clock: datetime | None = None
    for step in story.steps:
        clock = _recorded(step, clock)
        message = _refusal(step, world, at=clock)
        if message is None and step.refused:
            return f"ligne {step.line} : « {step.word.name} » devait être refusé ; le logiciel l’accepte."
        if message is not None and not step.refused:
            return f"ligne {step.line} : « {step.word.name} » est refusé par le logiciel : {message}"
        if message is not None and step.refused.lower() not in message.replace("’", "'").lower():
            return f"ligne {step.line} : « {step.word.name} » est refusé pour une autre raison : {message}"
    return ""


def _recorded(step: Step, clock: datetime | None) -> datetime:
    since = step.since.astimezone(UTC)
    if step.at is None:
        return since if clock is None else max(since, clock)
    at = step.at.astimezone(UTC)
    if clock is not None and at < clock:
        raise Misread(step.line, f"« saisi le » précède l’acte d’avant, saisi le {said(clock)}")
    return at


def _refusal(step: Step, world: World, *, at: datetime) -> str | None:
    """Do one act; return the product's refusal, in words, or None."""
    given = Given(world=world, fields=step.fields, since=step.since, at=at, line=step.line)
    try:
        with transaction.atomic():
            step.word.play(given)
    except ValidationError as fault:
        return " ".join(fault.messages)
    except (IntegrityError, DataError):
        return "La base refuse cet acte."
    return None


def _ask(question: Question, world: World) -> Answer:
    position = world.find("position", question.position, line=question.line)
    person: Person | None = None
    if question.person is not None:
        person = world.find("personne", question.person, line=question.line)
    with silenced(question.mute):
        decision = gate.decide(
            question.action,
            position,
            at=question.at,
            agent=person,
            footage=question.footage,
            ground=question.ground,
        )
    who = f", par {question.person}" if question.person else ""
    asked = f"{said(question.at)} — {ACTION_LABELS[question.action]} {position.code}{who}"
    return Answer(question=question, asked=asked, decision=decision, difference=_difference(question, decision))


def verdict(allowed: bool, codes: frozenset[str]) -> str:  # noqa: FBT001 (a verdict is its two words)
    """« permis », « refusé par R-08, R-17 »."""
    return "permis" if allowed else f"refusé par {', '.join(sorted(codes))}"


def _difference(question: Question, decision: gate.Decision) -> str:
    found = frozenset(f.code for f in decision.blocking)
    alerts = frozenset(f.code for f in decision.findings if f.outcome is Outcome.ALERT)
    if (decision.allowed, found) != (question.allowed, question.codes):
        return f"attendu : {verdict(question.allowed, question.codes)}"
    if question.alerts is not None and alerts != question.alerts:
        return f"alertes : {_listed(alerts)} ; attendu : {_listed(question.alerts)}"
    if question.until is not None and decision.until.timestamp() != question.until.timestamp():
        return f"la réponse vaut jusqu’au {said(decision.until)} ; attendu : {said(question.until)}"
    if question.erased is not None:
        return _difference_of_erasure(question, decision)
    return ""


def _difference_of_erasure(question: Question, decision: gate.Decision) -> str:
    assert question.erased is not None  # noqa: S101 (the caller asked)
    if decision.retention_days is None:
        return "aucune durée de conservation n’est fixée"
    erased = gate.erase_at(question.at, decision.retention_days)
    if erased.timestamp() != question.erased.timestamp():
        return f"effacées le {said(erased)} ; attendu : {said(question.erased)}"
    return ""


def _listed(codes: frozenset[str]) -> str:
    return ", ".join(sorted(codes)) or "aucune"
