"""By which title a person may see: the mandate, or a habilitation. One is relied on, the same for R-30 to R-36."""

from datetime import datetime

from compliance.facts import Agent, Facts, Habilitation
from compliance.law import legal_day
from compliance.law.terms import VIEWING, Action, Category

STREET = frozenset(
    {
        Category.MAYOR,
        Category.DELEGATE,
        Category.MUNICIPAL_POLICE,
        Category.COMMUNAL_AGENT,
        Category.STATE_AGENT,
    }
)
PREMISES = frozenset({Category.CONTROLLER_AGENT, Category.PRIVATE_OPERATOR, Category.MAYOR})
# The commune is the controller; the mayor represents it.
CONTROLLER = frozenset({"controller", "mayor"})


def titles(facts: Facts, at: datetime, among: frozenset[Category]) -> tuple[Habilitation, ...]:
    """Return the titles in force that cover the position and the action, those whose own act holds first."""
    agent = facts.agent
    if agent is None:
        return ()
    found = [*_mandates(agent, at), *(h for h in agent.habilitations if _covers(h, facts, at))]
    return tuple(sorted((h for h in found if h.category in among), key=lambda h: not _holds(h, facts, agent, at)))


def relied(facts: Facts, at: datetime) -> Habilitation | None:
    """Return the title relied on for street images, or None."""
    return next(iter(titles(facts, at, STREET)), None)


def _covers(title: Habilitation, facts: Facts, at: datetime) -> bool:
    return title.running(at) and title.covers_position and facts.action in title.actions


def _mandates(agent: Agent, at: datetime) -> list[Habilitation]:
    """The mayor needs no habilitation: the mandate is the act (R253-3 II 2° a)."""
    return [
        Habilitation(
            category=Category.MAYOR,
            act="mandat du maire",
            signatory="",
            signed_on=m.starts_on,
            starts_on=m.starts_on,
            ends_on=m.ends_on,
            actions=VIEWING | {Action.PROBE},
            covers_position=True,
        )
        for m in agent.mandates
        if m.covers(legal_day(at))
    ]


def competent(facts: Facts, agent: Agent, at: datetime) -> bool:
    """True while an employment makes the person competent for this commune."""
    return any(e.covers(legal_day(at)) and facts.authority.id in e.territory for e in agent.employments)


def _holds(title: Habilitation, facts: Facts, agent: Agent, at: datetime) -> bool:
    """True where what the category asks is in force: agrément, delegation, signature, territory, list of services."""
    match title.category:
        case Category.COMMUNAL_AGENT:
            return any(a.running(at) for a in agent.agreements) and competent(facts, agent, at)
        case Category.DELEGATE:
            return any(d.covers(legal_day(at)) for d in agent.delegations)
        case Category.MUNICIPAL_POLICE:
            return title.signatory == "mayor" and competent(facts, agent, at)
        case Category.STATE_AGENT:
            order = facts.order(at)
            return title.signatory == "chief_of_service" and order is not None and title.service in order.services
        case Category.CONTROLLER_AGENT | Category.PRIVATE_OPERATOR:
            return title.signatory in CONTROLLER
        case _:  # the mayor: only a mandate that runs became a title
            return True
