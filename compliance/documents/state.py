"""The installation's state on a date: what the law permits, position by position, and why."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from compliance import gate
from compliance.documents import public
from compliance.documents.base import READ, Choice, Context, Holes, Kind, Subject, all_named, cited, heading
from compliance.law import articles, instant_of, legal_day
from compliance.law.terms import ACTION_LABELS, CATEGORY_LABELS, VIEWING, Action, Category, Ground
from compliance.models import Habilitation, Installation, Mandate, Position
from compliance.requirements.base import Blocks, Finding, Outcome
from compliance.templatetags import wording

NOON = time(12)


def choices(installation: Installation, at: datetime) -> Sequence[Choice]:  # noqa: ARG001 (the signature of a kind)
    """Return the installation: it has one state."""
    return [Choice(installation.code, installation.name)]


def spoken_at(subject: Subject) -> datetime:
    """Return the legal instant asked for: noon of another day, or the instant of the request."""
    day = subject.day("on")
    if day is None or day == legal_day(subject.issued_at):
        return subject.issued_at
    return instant_of(day, NOON)


def context(subject: Subject, *, at: datetime) -> Context:
    """Return what the gate answers at that instant for every position and action."""
    place = subject.installation
    positions = list(place.positions.select_related("installation").order_by("code"))
    # A hand-over asks a ground, and each viewing asks a person: what is told here is what the dossier itself permits.
    answers = gate.decide_all(positions, at=at, footage=gate.Span(at, at), ground=Ground.REQUISITION)
    known = public.facts_at(positions, at)
    told = [_position(position, answers[position.pk]) for position in positions]
    recorded = sum(line["open"] for line in told)
    return heading(
        subject,
        "Ce que la loi permet, position par position",
        Holes(),
        spoken=wording.instant(at),
        recorded_at=wording.instant(subject.issued_at),
        past=legal_day(at) < legal_day(subject.issued_at),
        future=legal_day(at) > legal_day(subject.issued_at),
        orders=all_named(public.orders(known, at)),
        summary=_summary(recorded, len(told)),
        positions=told,
        titles=_titles(place, at),
    )


def _summary(recorded: int, count: int) -> str:
    of = wording.in_words(count, feminine=True)
    if not count:
        return "Aucune position n’est déclarée."
    if not recorded:
        return f"Aucune position sur {of} ne peut être enregistrée."
    words = wording.in_words(recorded, feminine=True).capitalize()
    if recorded == 1:
        return f"{words} position sur {of} peut être enregistrée."
    return f"{words} positions sur {of} peuvent être enregistrées."


def _position(position: Position, answers: dict[Action, gate.Decision]) -> dict[str, Any]:
    lines = [_line(action, answers[action]) for action in Action]
    return {
        "code": position.code,
        "address": position.address,
        "open": answers[Action.RECORD].allowed,
        "lines": lines,
    }


def _line(action: Action, decision: gate.Decision) -> dict[str, Any]:
    stops = [f for f in decision.blocking if f.requirement.blocks is not Blocks.USER]
    ends = [f.ends_on for f in decision.findings if f.ends_on and f.outcome in (Outcome.MET, Outcome.ALERT)]
    return {
        "action": ACTION_LABELS[action].capitalize(),
        "allowed": not stops,
        "to": "à une personne habilitée" if action in VIEWING else "",
        "until": wording.day_in_full(min(ends)) if ends and not stops else "",
        "days": decision.retention_days if action is Action.RECORD and not stops else None,
        "reasons": [_reason(f) for f in stops],
    }


def _reason(finding: Finding) -> dict[str, Any]:
    return {"title": finding.title, "text": finding.reason, "articles": cited(*finding.articles)}


def _titles(place: Installation, at: datetime) -> list[dict[str, str]]:
    """Return who holds a title that runs, mandate first. The gate also asks what each category needs."""
    day = legal_day(at)
    mandates = Mandate.objects.filter(authority=place.authority_id, starts_on__lte=day).select_related("person")
    held = [
        _title(m.person.name, m.person.function, Category.MAYOR, "mandat du maire", m.ends_on)
        for m in mandates.order_by("starts_on")
        if m.ends_on is None or m.ends_on >= day
    ]
    rows = Habilitation.objects.filter(installation=place, starts_on__lte=day).select_related("person")
    for row in rows.order_by("person__code", "starts_on"):
        if (row.ends_on is None or row.ends_on >= day) and (row.withdrawn_at is None or row.withdrawn_at > at):
            held.append(_title(row.person.name, row.person.function, Category(row.category), row.act, row.ends_on))
    return held


def _title(name: str, function: str, category: Category, act: str, ends_on: Any) -> dict[str, str]:
    until = wording.day_in_full(ends_on) if ends_on else "Sans terme"
    return {"name": name, "function": function, "category": CATEGORY_LABELS[category], "act": act, "until": until}


KIND = Kind(
    slug="etat",
    title="État de l’installation",
    verb="Éditer l’état de l’installation",
    about="Ce que la loi permet, position par position, à la date de votre choix, et pourquoi.",
    articles=articles("CSI L252-1", "CSI R253-3"),
    any_right=READ,
    template="compliance/documents/state.html",
    choices=choices,
    context=context,
    spoken_at=spoken_at,
)
