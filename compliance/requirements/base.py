"""What a requirement is: a piece of law as a value and two pure functions. No Django, no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from compliance.facts import Facts
from compliance.law import Article
from compliance.law.terms import Action

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


class Blocks(StrEnum):
    """What an unmet requirement stops (law.md part C), through the table of house.md section 3."""

    ALL = "ALL"
    REC = "REC"
    USER = "USER"
    JOURNAL = "JOURNAL"
    FUNC = "FUNC"
    NO = "NO"


class Outcome(StrEnum):
    """What was found. An alert is met today and asks for a human look; it stops nothing."""

    MET = "met"
    ALERT = "alert"
    UNMET = "unmet"
    NOT_CONCERNED = "not_concerned"


class Answer(NamedTuple):
    """The outcome, in words: `text` says the proof held or what is missing; `ends_on` the proof's last day."""

    outcome: Outcome
    text: str
    ends_on: date | None = None


def met(text: str, ends_on: date | None = None) -> Answer:
    """The proof exists and is valid."""
    return Answer(Outcome.MET, text, ends_on)


def alert(text: str, ends_on: date | None = None) -> Answer:
    """Met, but something must be looked at by a human."""
    return Answer(Outcome.ALERT, text, ends_on)


def unmet(text: str) -> Answer:
    """Nothing proves it."""
    return Answer(Outcome.UNMET, text)


@lru_cache(maxsize=8192)
def french(day: date) -> str:
    """« 1er mars 2029 » with no-break spaces."""
    return f"{'1er' if day.day == 1 else day.day}\u00a0{MONTHS[day.month - 1]}\u00a0{day.year}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Requirement:
    """One line of the catalogue.

    `covers` names the lines of law.md judged with it; `except_for` the actions that it does not stop although its code
    would (PROBE serves to prove some of them); `act` is the act that satisfies it, `who` does it.
    """

    code: str
    title: str
    articles: tuple[Article, ...]
    blocks: Blocks
    when: str
    proof: str
    validity: str
    remedy: str
    who: str
    applies: Callable[[Facts, datetime], bool]
    check: Callable[[Facts, datetime], Answer]
    act: str = ""
    covers: tuple[str, ...] = ()
    except_for: frozenset[Action] = frozenset()
    interpreted: bool = False


def always(facts: Facts, at: datetime) -> bool:  # noqa: ARG001 (every requirement has this signature)
    """Applies to every camera."""
    return True


def on_street(facts: Facts, at: datetime) -> bool:
    """Applies on the public street, alone or mixed with premises."""
    return facts.street(at)


def in_premises(facts: Facts, at: datetime) -> bool:
    """Applies in premises open to the public, alone or mixed with the street."""
    return facts.premises(at)


@dataclass(frozen=True, slots=True)
class Finding:
    """A requirement and its outcome at an instant: what a person reads, and what the gate decides on."""

    requirement: Requirement
    outcome: Outcome
    reason: str
    ends_on: date | None
    stops: bool

    @property
    def code(self) -> str:
        """The line of the catalogue."""
        return self.requirement.code

    @property
    def title(self) -> str:
        """The requirement as a sentence."""
        return self.requirement.title

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles that ask it."""
        return self.requirement.articles

    @property
    def remedy(self) -> str:
        """What to do."""
        return self.requirement.remedy

    @property
    def who(self) -> str:
        """Who can do it."""
        return self.requirement.who

    @property
    def blocks(self) -> str:
        """The block code of the catalogue."""
        return self.requirement.blocks.value
