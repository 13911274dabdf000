"""Every event that the product may write in its journal: its sentence, its keys, how long its body is kept.

Declares and describes; it writes nothing and reads no clock. An event is never renamed nor removed: old entries must
stay readable. Its time kept may be shortened, never lengthened.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from string import Formatter
from types import MappingProxyType
from typing import Final


class Operation(StrEnum):
    """What article R253-5 asks to record (the first five), and what else the product must be able to prove."""

    COLLECTE = "Collecte"
    MODIFICATION = "Modification"
    CONSULTATION = "Consultation"
    COMMUNICATION = "Communication"
    EFFACEMENT = "Effacement"
    ACCES = "Accès"
    ACTE = "Acte"
    PORTE = "Porte"


class System(StrEnum):
    """Who acts when no account does."""

    RECORDER = "Enregistreur"
    KEEPER = "Gardien"
    WORKER = "Travailleur"
    CONSOLE = "Console"
    DOOR = "Porte d’entrée"


class UnknownEvent(LookupError):
    """The code was never declared."""


class BadDeclaration(ValueError):
    """An event contradicts itself or another one: the process must not start."""


class UndeclaredKey(ValueError):
    """A value was given under a key that the event does not declare."""


class MissingKey(ValueError):
    """A value that the event requires was not given."""


# R253-5: three years at most. Calendar months, because the law counts in years and not in days.
LONGEST_KEPT_MONTHS: Final = 36
# The subject and the author of an entry are columns of its body, never values.
SUBJECT_WORDS: Final = frozenset({"event", "at", "by", "installation", "position"})
_CODE = re.compile(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)+")
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# Closed values written as code and read by people.
_SHOWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "probe": "essayer",
        "record": "enregistrer",
        "watch": "regarder",
        "replay": "relire",
        "export": "extraire",
        "live": "en direct",
    }
)
_READ_THROUGH = frozenset({"action", "kind"})


@dataclass(frozen=True)
class Event:
    """One kind of entry. `keys` must be given, `optional` may be; `personal` names those that identify somebody."""

    code: str
    sentence: str
    kind: Operation
    keys: frozenset[str] = field(default_factory=frozenset)
    optional: frozenset[str] = field(default_factory=frozenset)
    personal: frozenset[str] = field(default_factory=frozenset)
    keep_months: int = LONGEST_KEPT_MONTHS

    def check(self, given: Iterable[str]) -> None:
        """Raise `UndeclaredKey` or `MissingKey` unless `given` is exactly what the event declares."""
        names = frozenset(given)
        if undeclared := names - self.keys - self.optional:
            raise UndeclaredKey(f"{self.code}: {', '.join(sorted(undeclared))}")
        if missing := self.keys - names:
            raise MissingKey(f"{self.code}: {', '.join(sorted(missing))}")

    def term(self, at: datetime) -> datetime:
        """Return the UTC instant from which the body of an entry of `at` may be erased."""
        start = at.astimezone(UTC)
        years, month = divmod(start.month - 1 + self.keep_months, 12)
        year, month = start.year + years, month + 1
        return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))

    def say(self, values: Mapping[str, object]) -> str:
        """Return the French sentence of an entry that holds `values`; a value that is gone reads « … »."""
        return self.sentence.format_map({name: _read(name, values.get(name)) for name in self.keys})


def _read(name: str, value: object) -> str:
    if value is None:
        return "…"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list | tuple):
        return ", ".join(_read(name, item) for item in value)
    return _SHOWN.get(str(value), str(value)) if name in _READ_THROUGH else str(value)


def declare(*groups: Iterable[Event]) -> Mapping[str, Event]:
    """Return the closed registry of `groups`, or raise `BadDeclaration`."""
    registry: dict[str, Event] = {}
    for event in (event for group in groups for event in group):
        if event.code in registry:
            raise BadDeclaration(f"{event.code} is declared twice")
        if fault := _fault(event):
            raise BadDeclaration(f"{event.code}: {fault}")
        registry[event.code] = event
    return MappingProxyType(registry)


def _fault(event: Event) -> str | None:
    if not _CODE.fullmatch(event.code):
        return "a code is made of dotted lower-case words"
    words = event.keys | event.optional
    if bad := sorted(word for word in words if not _KEY.fullmatch(word)):
        return f"not a key: {', '.join(bad)}"
    if taken := sorted(words & SUBJECT_WORDS):
        return f"belongs to the subject: {', '.join(taken)}"
    if twice := sorted(event.keys & event.optional):
        return f"required and optional: {', '.join(twice)}"
    if strangers := sorted(event.personal - words):
        return f"personal but not declared: {', '.join(strangers)}"
    if unread := sorted({name for _, name, _, _ in Formatter().parse(event.sentence) if name is not None} - event.keys):
        return f"in the sentence but not required: {', '.join(unread)}"
    if not 1 <= event.keep_months <= LONGEST_KEPT_MONTHS:
        return "kept between one month and three years (R253-5)"
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIGN_IN = (
    Event("account.signed_in", "Connexion", Operation.ACCES, optional=_words("method session")),
    Event(
        "account.sign_in_failed",
        "Échec de connexion avec l’identifiant « {login} »",
        Operation.ACCES,
        keys=_words("login"),
        optional=_words("address reason"),
        personal=_words("login address"),
    ),
    Event(
        "account.locked_out",
        "Identifiant « {login} » bloqué après trop d’échecs",
        Operation.ACCES,
        keys=_words("login"),
        optional=_words("address until reason"),
        personal=_words("login address"),
    ),
    Event("account.signed_out", "Déconnexion", Operation.ACCES, optional=_words("reason session")),
)

_GATE = (
    Event(
        "gate.changed",
        "La porte répond {allowed} à « {action} »",
        Operation.PORTE,
        keys=_words("allowed action codes reasons"),
        optional=_words("until retention_days findings camera"),
    ),
)

_RECORDING = (
    Event(
        "recording.run.started",
        "Enregistrement commencé, caméra {camera}",
        Operation.COLLECTE,
        keys=_words("camera decision until retention_days"),
        optional=_words("run reason"),
    ),
    Event(
        "recording.run.stopped",
        "Enregistrement arrêté, caméra {camera} : {reason}",
        Operation.COLLECTE,
        keys=_words("camera reason seconds"),
        optional=_words("run codes segments bytes first last"),
    ),
    Event(
        "recording.audio.dropped",
        "Son reçu de la caméra {camera}, écarté sans être enregistré",
        Operation.COLLECTE,
        keys=_words("camera"),
        optional=_words("run codec packets seconds"),
    ),
    Event(
        "recording.erased",
        "{segments} séquences effacées, caméra {camera} : {reason}",
        Operation.EFFACEMENT,
        keys=_words("camera first last segments bytes reason"),
        optional=_words("hours"),
    ),
    Event(
        "recording.erasure.failed",
        "Effacement impossible, caméra {camera} : {reason}",
        Operation.EFFACEMENT,
        keys=_words("camera reason"),
        optional=_words("first last segments bytes due"),
    ),
)

_CONSULTATION = (
    Event(
        "consultation.opened",
        "Consultation {kind} n° {number} ouverte : {motive}",
        Operation.CONSULTATION,
        keys=_words("number person positions motive motive_text kind"),
        optional=_words("cameras recipients until habilitation first last"),
        personal=_words("person motive_text recipients"),
    ),
    Event(
        "consultation.closed",
        "Consultation n° {number} close : {reason}",
        Operation.CONSULTATION,
        keys=_words("number positions first last reason"),
        optional=_words("person cameras seconds codes"),
        personal=_words("person"),
    ),
    Event(
        "consultation.refused",
        "Consultation refusée : {codes}",
        Operation.CONSULTATION,
        keys=_words("person positions motive codes"),
        optional=_words("motive_text kind number reasons"),
        personal=_words("person motive_text"),
    ),
)

# What any legal act may add: the piece that proves it, its legal dates, its words.
_PIECE = _words("document documents sha256 reference day starts ends until reason note signatory signed_on received_on")
_ABOUT = _PIECE | _words("person account function category positions changes before after")
_NAMES = _words("person account signatory")


def _act(code: str, sentence: str, keys: str = "", optional: str = "", personal: str = "") -> Event:
    """Return the event of a legal act: a required key is not repeated among those that any act may add."""
    required = _words(keys)
    allowed = (_ABOUT | _words(optional)) - required
    named = (_NAMES | _words(personal)) & (required | allowed)
    return Event(code, sentence, Operation.ACTE, keys=required, optional=allowed, personal=named)


_PEOPLE = (
    _act("authority.founded", "Commune {name} enregistrée", "name", "siren insee kind address department"),
    _act("mandate.started", "Mandat de {person} commencé", "person", "office"),
    _act("mandate.ended", "Mandat de {person} terminé", "person", "office"),
    _act("person.registered", "{person} enregistré dans les personnes", "person", "email title", "email"),
    _act("account.opened", "Compte {account} ouvert", "account", "email"),
    _act("account.disabled", "Compte {account} désactivé", "account"),
    _act("employment.recorded", "Emploi de {person} enregistré", "person", "employer grade service"),
    _act("employment.ended", "Emploi de {person} terminé", "person", "employer grade service"),
    _act("right.granted", "Droit « {right} » donné à {account}", "account right"),
    _act("right.revoked", "Droit « {right} » retiré à {account}", "account right"),
    _act("habilitation.granted", "Habilitation de {person}", "person", "actions act act_number act_date"),
    _act("habilitation.withdrawn", "Habilitation de {person} retirée", "person", "actions"),
    _act("agreement.recorded", "Agrément préfectoral de {person} enregistré", "person", "number prefecture"),
    _act("agreement.suspended", "Agrément de {person} suspendu", "person", "number"),
    _act("agreement.lifted", "Suspension de l’agrément de {person} levée", "person", "number"),
    _act("agreement.withdrawn", "Agrément de {person} retiré", "person", "number"),
    _act("delegation.recorded", "Délégation à {person} enregistrée", "person", "number delegator", "delegator"),
    _act("delegation.ended", "Délégation à {person} terminée", "person", "number"),
)

_DOSSIER = (
    _act("installation.opened", "Installation {code} ouverte", "code", "name kind regime"),
    _act(
        "position.declared",
        "Position {code} déclarée",
        "code",
        "name kind address latitude longitude azimuth angle range_m height_m purposes masks retention_days field",
    ),
    _act("position.changed", "Position {code} modifiée", "code", "name kind"),
    _act(
        "order.captured",
        "Arrêté {number} saisi",
        "number",
        "kind retention_days purposes recipients clauses prefecture count event_ends published_on notified_on",
    ),
    _act("order.suspended", "Arrêté {number} suspendu", "number"),
    _act("order.withdrawn", "Arrêté {number} retiré", "number"),
    _act("order.lifted", "Suspension de l’arrêté {number} levée", "number"),
    _act("order.event_ended", "Fin de l’événement de l’arrêté {number} constatée", "number"),
    _act("notice.commissioning_sent", "Déclaration de mise en service envoyée", "", "recipient means sent_on number"),
    _act("notice.location_sent", "Information sur l’emplacement envoyée", "", "recipient means sent_on number"),
    _act("cnil.commitment_sent", "Engagement de conformité envoyé à la CNIL", "", "number sent_on act title"),
    _act("aipd.signed", "AIPD signée", "", "opinion residual_risk title version dpo controller", "dpo controller"),
    _act("aipd.consultation_opened", "Consultation préalable de la CNIL ouverte", "", "number sent_on aipd"),
    _act("aipd.consultation_answered", "Réponse de la CNIL à la consultation préalable", "", "number outcome aipd"),
    _act("panel.placed", "Panneau {code} posé", "code", "kind place latitude longitude"),
    _act("panel.checked", "Panneau {code} vérifié", "code", "outcome kind place"),
    _act("masks.checked", "Masques vérifiés", "", "outcome snapshot masks checked_on"),
    _act("document.received", "Document « {title} » reçu", "title sha256", "kind size media_type filename"),
    _act("observation.recorded", "Constat enregistré", "", "subject outcome kind requirement text"),
)

_DEVICES = (
    _act("device.mounted", "Appareil {device} posé", "device", "model serial kind"),
    _act("device.removed", "Appareil {device} déposé", "device"),
    _act("device.stated", "Attestation sur l’appareil {device} enregistrée", "device", "audio analysis kind outcome"),
    _act("camera.registered", "Caméra {camera} enregistrée", "camera", "device name codec preset audio"),
    _act("camera.changed", "Caméra {camera} modifiée", "camera", "device name"),
    _act("camera.removed", "Caméra {camera} retirée", "camera", "device name"),
)

EVENTS: Final = declare(_SIGN_IN, _GATE, _RECORDING, _CONSULTATION, _PEOPLE, _DOSSIER, _DEVICES)


def get(code: str) -> Event:
    """Return the event declared under `code`, or raise `UnknownEvent`."""
    try:
        return EVENTS[code]
    except KeyError:
        raise UnknownEvent(code) from None
