"""What is to be done, from the gate's findings: what closes a camera first, what asks for a look next. No rule here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

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
# The offices that the requirements name. They import no Django and mark nothing: the words are gathered from here.
OFFICES = (
    gettext_noop("Agent"),
    gettext_noop("Chef de service"),
    gettext_noop("DPD"),
    gettext_noop("Maire"),
    gettext_noop("Police municipale"),
    gettext_noop("Préfecture"),
    gettext_noop("Secrétariat"),
    gettext_noop("Technique"),
)


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
        return str(self.page.short)


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


def office(word: str) -> str:
    """Return who does it, in the reader's language."""
    return _(word)


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
        who=office(finding.who),
        why=finding.reason,
        articles=finding.articles,
        closes=finding.stops,
        url=act_url(installation, page, state.position.code),
        mine=page.opens_to(rights),
        day=legal_day(since) if since else None,
        when=_when(finding, state, since, at=at),
    )


def _when(finding: Finding, state: State, since: datetime | None, *, at: datetime) -> str:
    if since:
        words = _("sans enregistrement {distance}") if state.live_only else _("éteinte {distance}")
        return words.format(distance=wording.distance(legal_day(since), at))
    if finding.stops:
        return _("jamais enregistrée") if state.live_only else _("jamais ouverte")
    return _("à surveiller")
