"""What an act changes: the gate's answer for each position before and after it. It decides nothing."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from compliance import gate
from compliance.actions.document import rehearse as rehearse_document
from compliance.forms.base import ActForm
from compliance.models import Account, Entry, Head, Installation, Person, Position
from compliance.views.french import listed


@dataclass(frozen=True, slots=True)
class Effect:
    """One position: recorded before, recorded after, and what still closes it.

    `lived` and `live` say that it was, or is, open without recording.
    """

    code: str
    before: bool
    after: bool
    reason: str
    article: str
    watching: bool
    live: bool = False
    lived: bool = False

    @property
    def changed(self) -> bool:
        """True where the act opens or closes."""
        return (self.before, self.lived) != (self.after, self.live)

    @property
    def kind(self) -> str:
        """The state to show."""
        return "open" if self.after or self.live else "shut"

    @property
    def word(self) -> str:
        """The state in words."""
        if self.watching:
            return _("Peut voir") if self.after else _("Ne voit pas")
        if self.live:
            return _("Ouverte, en direct seulement")
        if self.changed:
            return _("S’ouvre") if self.after else _("S’éteint")
        return _("Ouverte") if self.after else _("Éteinte")


@dataclass(frozen=True, slots=True)
class Done:
    """An act done, or rehearsed: its entries in the journal, its effects."""

    entries: tuple[int, ...]
    effects: tuple[Effect, ...]

    @property
    def opens(self) -> list[str]:
        """The positions that the act opens."""
        return [e.code for e in self.effects if e.changed and e.after]

    @property
    def closes(self) -> list[str]:
        """The positions that the act closes."""
        return [e.code for e in self.effects if e.changed and not e.after and not e.live]

    @property
    def silences(self) -> list[str]:
        """The positions that the act leaves open without recording."""
        return [e.code for e in self.effects if e.changed and e.live]

    @property
    def same(self) -> str:
        """The positions that stay open, in one sentence."""
        codes = [e.code for e in self.effects if e.after and not e.changed]
        return _("Inchangé et ouvert : {codes}.").format(codes=listed(codes)) if codes else ""

    def written(self) -> dict[str, Any]:
        """Return it as JSON says it."""
        return {"entries": list(self.entries), "effects": [asdict(e) for e in self.effects]}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Done":
        """Return what `written` wrote."""
        return cls(tuple(kept["entries"]), tuple(Effect(**e) for e in kept["effects"]))


def rehearse(form: ActForm, *, at: datetime, by: Account) -> Done:
    """Do the act, look, and take everything back. Raises what the act raises."""
    form.receive = rehearse_document
    with transaction.atomic():
        done = _done(form, at=at, by=by)
        transaction.set_rollback(True)
    return done


def perform(form: ActForm, *, at: datetime, by: Account) -> Done:
    """Do the act, whole or not at all. Raises what the act raises."""
    with transaction.atomic():
        return _done(form, at=at, by=by)


def _done(form: ActForm, *, at: datetime, by: Account) -> Done:
    agent = form.agent()
    before = _answers(form.installation, agent, at=at)
    head = Head.objects.values_list("seq", flat=True).get()
    form.carry_out(at=at, by=by)
    entries = Entry.objects.filter(seq__gt=head, at=at, body__actor=by).order_by("seq").values_list("seq", flat=True)
    after = _answers(form.installation, agent, at=at)
    return Done(
        tuple(entries),
        tuple(
            _effect(code, before.get(code), decision, watching=agent is not None)
            for code, decision in sorted(after.items())
        ),
    )


def _answers(installation: Installation, agent: Person | None, *, at: datetime) -> dict[str, gate.Decision]:
    positions: list[Position] = list(installation.positions.all())
    ask: Callable[..., dict[int, gate.Decision]] = gate.decide_many
    found = (
        ask(gate.Action.RECORD, positions, at=at)
        if agent is None
        else ask(gate.Action.WATCH, positions, at=at, agent=agent)
    )
    return {position.code: found[position.pk] for position in positions}


def _live(decision: gate.Decision) -> bool:
    return not decision.allowed and decision.keeping_nothing().allowed


def _effect(code: str, before: gate.Decision | None, decision: gate.Decision, *, watching: bool) -> Effect:
    first = decision.blocking[0] if decision.blocking else None
    return Effect(
        code=code,
        before=before is not None and before.allowed,
        after=decision.allowed,
        reason=first.reason if first else "",
        article=first.articles[0].label if first else "",
        watching=watching,
        live=not watching and _live(decision),
        lived=not watching and before is not None and _live(before),
    )
