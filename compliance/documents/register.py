"""An extract of the journal as the register that article R253-5 asks: who, when, why, to whom, over a span."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from compliance import events
from compliance.documents.base import READ, Choice, Context, Holes, Kind, Subject, Unwritable, cited, heading
from compliance.events import Operation
from compliance.law import articles, legal_day, midnight
from compliance.models import Entry, Installation, Verification
from compliance.templatetags import wording

# The five operations of the article; what else the journal holds is not of the register.
LEGAL = frozenset(
    {
        Operation.COLLECTE,
        Operation.MODIFICATION,
        Operation.CONSULTATION,
        Operation.COMMUNICATION,
        Operation.EFFACEMENT,
    }
)
MOST = 2000
USUAL = timedelta(days=30)


def choices(installation: Installation, at: datetime) -> Sequence[Choice]:  # noqa: ARG001 (the signature of a kind)
    """Return the installation: its register is one."""
    return [Choice(installation.code, installation.name)]


def entries(installation: Installation, *, since: datetime, until: datetime) -> QuerySet[Entry]:
    """Return the entries of the register between two instants, oldest first. A body erased at its term names no
    installation any more: its entry is kept in, as erased."""
    codes = [event.code for event in events.EVENTS.values() if event.kind in LEGAL]
    ours = Q(body__installation=installation) | Q(body__isnull=True)
    rows = Entry.objects.filter(ours, event__in=codes, at__gte=since, at__lt=until)
    return rows.select_related("body__position", "body__actor").order_by("seq")


def context(subject: Subject, *, at: datetime) -> Context:
    """Return the lines of the span asked for, the last thirty days if none was. Raises Unwritable when too many."""
    place = subject.installation
    first = subject.day("since") or legal_day(at - USUAL)
    last = subject.day("until") or legal_day(at)
    if last < first:
        raise Unwritable("La période finit avant de commencer.")
    rows = list(entries(place, since=midnight(first), until=midnight(last + timedelta(days=1)))[: MOST + 1])
    if len(rows) > MOST:
        raise Unwritable(f"Plus de {wording.grouped(MOST)} entrées : choisissez une période plus courte.")
    return heading(
        subject,
        "Extrait du registre des opérations",
        Holes(),
        since=wording.day_in_full(first),
        until=wording.day_in_full(last),
        count=wording.grouped(len(rows)),
        lines=[_line(row) for row in rows],
        verified=_verified(at),
        seal=_seal(rows),
        articles=cited("CSI R253-5"),
    )


def _line(entry: Entry) -> dict[str, str]:
    body = getattr(entry, "body", None)
    said = {"number": wording.grouped(entry.seq), "at": wording.second(entry.at), "kind": entry.declared.kind.value}
    if body is None:
        return {
            **said,
            "author": "Effacé",
            "text": "Contenu effacé à son terme",
            "motive": "",
            "to": "",
            "position": "",
        }
    values = body.values
    return {
        **said,
        "author": f"{body.actor_name} ({body.actor.username})" if body.actor else body.actor_name,
        "text": body.sentence,
        "motive": _motive(values),
        "to": _joined(values.get("recipients")),
        "position": body.position.code if body.position else _joined(values.get("positions")),
    }


def _motive(values: dict[str, Any]) -> str:
    """Return why: the motive given by a person, else the reason that the process wrote."""
    given = [values.get("motive"), values.get("motive_text")]
    return _joined([text for text in given if text] or values.get("reason") or "Enregistrement autorisé")


def _joined(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _seal(rows: Sequence[Entry]) -> str:
    """Return what binds the extract to the chain: its last entry's number and fingerprint."""
    if not rows:
        return ""
    return f"Entrée {wording.grouped(rows[-1].seq)}, empreinte {rows[-1].hash}"


def _verified(at: datetime) -> str:
    last = Verification.objects.filter(at__lte=at).order_by("-at").first()
    if last is None:
        return "Le journal n’a pas encore été vérifié en entier."
    when = wording.instant(last.at)
    return f"Journal vérifié en entier le {when} : {'intact' if last.intact else 'altéré'}."


KIND = Kind(
    slug="registre",
    title="Extrait du registre",
    verb="Éditer un extrait du registre",
    about="Qui a collecté, consulté, communiqué, modifié ou effacé, quand et pourquoi, sur une période.",
    articles=articles("CSI R253-5"),
    any_right=READ,
    template="compliance/documents/register.html",
    choices=choices,
    context=context,
)
