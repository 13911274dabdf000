"""What is to be done, from the gate's findings: what closes a camera first, what asks for a look next. No rule here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse

from compliance.forms.act_page import ActPage
from compliance.forms.acts import ACTS
from compliance.law import Article, legal_day
from compliance.models import Installation
from compliance.requirements.base import Finding
from compliance.templatetags import wording
from compliance.views.french import listed
from compliance.views.states import State

# An alert asks for another act than the one that satisfied the requirement.
LOOK_AGAIN = {"panneau": "panneau-controle"}


@dataclass(slots=True)
class Todo:
    """One thing to do: verb first, why, by which article; who does it when it is not the reader."""

    page: ActPage
    code: str
    who: str
    why: str
    articles: Sequence[Article]
    closes: bool
    url: str
    mine: bool
    day: date | None = None
    when: str = ""
    positions: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """« Vérifier les masques de VAL-06 »."""
        return f"{self.page.todo or self.page.title} {listed(self.positions)}".strip()

    @property
    def label(self) -> str:
        """The button's verb."""
        return self.page.short


def todos(installation: Installation, states: Iterable[State], *, rights: frozenset[str], at: datetime) -> list[Todo]:
    """Return the acts that the findings ask for, one per requirement, what closes a camera first."""
    found: dict[tuple[str, bool], Todo] = {}
    for state in states:
        for finding in (*state.unmet, *state.alerts):
            page = page_for(finding)
            if page is None:
                continue
            key = (finding.code, finding.stops)
            if key not in found:
                found[key] = _todo(installation, finding, page, state, rights=rights, at=at)
            found[key].positions.append(state.position.code)
    return sorted(found.values(), key=lambda t: not t.closes)


def page_for(finding: Finding) -> ActPage | None:
    """Return the page of the act that answers a finding."""
    slug = finding.requirement.act
    return ACTS.get(slug if finding.stops else LOOK_AGAIN.get(slug, slug))


def act_url(installation: Installation, page: ActPage, code: str) -> str:
    """Return the address of an act, filled from a position."""
    return f"{reverse('act', args=[installation.code, page.slug])}?position={code}"


def _todo(  # noqa: PLR0913 (a line of the page is its fields)
    installation: Installation, finding: Finding, page: ActPage, state: State, *, rights: frozenset[str], at: datetime
) -> Todo:
    since = state.since if finding.stops else None
    return Todo(
        page=page,
        code=finding.code,
        who=finding.who,
        why=finding.reason,
        articles=finding.articles,
        closes=finding.stops,
        url=act_url(installation, page, state.position.code),
        mine=page.opens_to(rights),
        day=legal_day(since) if since else None,
        when=(
            f"{'sans enregistrement' if state.live_only else 'éteinte'} {wording.distance(legal_day(since), at)}"
            if since
            else f"jamais {'enregistrée' if state.live_only else 'ouverte'}"
            if finding.stops
            else "à surveiller"
        ),
    )
