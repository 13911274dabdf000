"""`gate`: asks the gate one question and says why. Exit code 0 allowed, 3 refused, 2 bad arguments. Writes nothing."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from compliance import gate
from compliance.facts import Span
from compliance.law import PARIS
from compliance.law.terms import ACTION_LABELS, Action, Ground
from compliance.management.spoken import BadArgument, FrenchCommand, within_years
from compliance.models import Account, Person, Position
from compliance.requirements.base import Finding, Outcome, french

REFUSED = 3
FOOTAGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as understood."""

    position: Position
    action: Action
    at: datetime
    agent: Person | None
    footage: Span
    ground: Ground | None


class Command(FrenchCommand):
    """Ask the gate about one position, one action and one instant, past, present or future."""

    help = "Demande à la porte si une action est permise (code de sortie 0), refusée (3), ou mal demandée (2)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the question; what is missing or wrong is said in French by `handle`."""
        parser.add_argument("--position", metavar="CODE", help="code de la position, par exemple VAL-01")
        parser.add_argument("--action", help=_listed(Action))
        parser.add_argument("--agent", metavar="IDENTIFIANT", help="identifiant du compte de la personne qui demande")
        parser.add_argument("--at", metavar="ISO-8601", help="instant de la question ; sans fuseau, heure de Paris")
        parser.add_argument("--footage", metavar="DE/À", help="séquence demandée (l’heure qui précède --at par défaut)")
        parser.add_argument("--ground", metavar="CODE", help=f"motif d’une remise : {_listed(Ground)}")
        parser.add_argument("--json", action="store_true", help="répond en JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, print the answer, and exit with the code that says it."""
        try:
            question = _understood(options)
            decision = gate.decide(
                question.action,
                question.position,
                at=question.at,
                agent=question.agent,
                footage=question.footage if question.action in (Action.REPLAY, Action.EXPORT) else None,
                ground=question.ground,
            )
        except BadArgument as fault:
            self.misused(str(fault))
        except Error as fault:
            raise CommandError("La base ne répond pas, ou n’est pas installée (./run manage migrate).") from fault
        self.stdout.write(_as_json(decision) if options["json"] else _in_words(decision, question))
        if not decision.allowed:
            raise SystemExit(REFUSED)


def _listed(kind: type[Action] | type[Ground]) -> str:
    return ", ".join(item.value for item in kind)


def _understood(options: dict[str, Any]) -> Question:
    at = _instant(options["at"], "--at") if options["at"] else timezone.now()
    return Question(
        position=_position(options["position"]),
        action=_one_of(Action, options["action"], "--action"),
        at=at,
        agent=_agent(options["agent"]),
        footage=_footage(options["footage"]) if options["footage"] else Span(at - FOOTAGE, at),
        ground=_one_of(Ground, options["ground"], "--ground") if options["ground"] else None,
    )


def _position(code: str | None) -> Position:
    if not code:
        raise BadArgument("dites de quelle position il s’agit : --position CODE.")
    try:
        return Position.objects.get(code=code)
    except Position.DoesNotExist:
        raise BadArgument(f"la position « {code} » n’existe pas.") from None


def _agent(login: str | None) -> Person | None:
    if not login:
        return None
    try:
        return Account.objects.select_related("person").get(username=login).person
    except Account.DoesNotExist:
        raise BadArgument(f"aucun compte n’a l’identifiant « {login} ».") from None


def _one_of(kind: Any, value: str | None, option: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        said = f"{option} ne peut être « {value} »" if value else f"{option} manque"
        raise BadArgument(f"{said} : {_listed(kind)}.") from None


def _instant(text: str, option: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadArgument(
            f"{option} : « {text} » n’est pas une date ISO 8601, par exemple 2026-09-10T00:00:00+02:00."
        ) from None
    within_years(at, option)
    return at if at.tzinfo else at.replace(tzinfo=PARIS)


def _footage(text: str) -> Span:
    since, slash, until = text.partition("/")
    if not slash:
        raise BadArgument("--footage s’écrit DE/À, deux dates ISO 8601 séparées par une barre.")
    span = Span(_instant(since, "--footage"), _instant(until, "--footage"))
    if span.until.timestamp() <= span.since.timestamp():
        raise BadArgument("--footage : la séquence finit avant d’avoir commencé.")
    return span


def _as_json(decision: gate.Decision) -> str:
    return json.dumps(
        {
            "allowed": decision.allowed,
            "until": decision.until.isoformat(),
            "retention_days": decision.retention_days,
            "position": decision.position,
            "action": decision.action,
            "at": decision.at.isoformat(),
            "findings": [
                {
                    "code": f.code,
                    "title": f.title,
                    "outcome": f.outcome,
                    "blocks": f.blocks,
                    "stops": f.stops,
                    "reason": f.reason,
                    "articles": [a.label for a in f.articles],
                    "remedy": f.remedy,
                }
                for f in decision.findings
            ],
        },
        ensure_ascii=False,
    )


def _in_words(decision: gate.Decision, question: Question) -> str:
    answer = "permis" if decision.allowed else "refusé"
    lines = [f"{question.position} — {ACTION_LABELS[decision.action]} : {answer}.", f"Au {_said(decision.at)}."]
    if decision.blocking:
        lines += ["", "Ce qui s’y oppose :", *(line for f in decision.blocking for line in _told(f))]
    alerts = [f for f in decision.findings if f.outcome is Outcome.ALERT]
    if alerts:
        lines += ["", "À regarder, sans que cela ferme :", *(f"  {f.code}  {f.reason}" for f in alerts)]
    lines.append("")
    lines.append(f"Cette réponse vaut jusqu’au {_said(decision.until)}.")
    if decision.retention_days is not None:
        lines.append(f"Conservation : {decision.retention_days} jour{'s' if decision.retention_days > 1 else ''}.")
    return "\n".join(lines)


def _told(finding: Finding) -> list[str]:
    cited = ", ".join(f"{a.label} (à vérifier)" if a.to_verify else a.label for a in finding.articles)
    return [
        f"  {finding.code}  {finding.title}",
        f"        {finding.reason}",
        f"        {cited}",
        f"        À faire ({finding.who}) : {finding.remedy}",
    ]


def _said(at: datetime) -> str:
    local = at.astimezone(PARIS)
    return f"{french(local.date())} à {local:%H:%M:%S} (heure de Paris)"
