"""Every event that the product may write in its journal: its sentence, its keys, how long its body is kept.

Declares; it writes nothing and reads no clock. An event is never renamed nor removed: old entries must stay readable.
Its time kept may be shortened, never lengthened.
"""

from typing import Final

from compliance.vocabulary import (
    LONGEST_KEPT_MONTHS,
    SUBJECT_WORDS,
    BadDeclaration,
    Event,
    MissingKey,
    Operation,
    System,
    UndeclaredKey,
    UnknownEvent,
    declare,
)


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
    Event(
        "account.link_refused",
        "Lien de « {login} » refusé : {reason}",
        Operation.ACCES,
        keys=_words("login reason"),
        optional=_words("address"),
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
    # Images come in and are shown, none is kept: a collecte in the sense of R253-5, and no recording.
    Event(
        "recording.live.started",
        "Direct ouvert sans enregistrement, caméra {camera} : {reasons}",
        Operation.COLLECTE,
        keys=_words("camera decision until codes reasons"),
        optional=_words("run"),
    ),
    Event(
        "recording.live.stopped",
        "Direct sans enregistrement fermé, caméra {camera} : {reason}",
        Operation.COLLECTE,
        keys=_words("camera reason seconds"),
        optional=_words("run"),
    ),
    Event(
        "recording.audio.dropped",
        "Son reçu de la caméra {camera}, écarté sans être enregistré",
        Operation.COLLECTE,
        keys=_words("camera"),
        optional=_words("run codec packets seconds"),
    ),
    # The run goes on and keeps nothing: without these two, its own entries would claim what is not there.
    Event(
        "recording.disk.refused",
        "Plus rien n’est gardé de la caméra {camera} : le disque est plein ou refuse d’écrire",
        Operation.COLLECTE,
        keys=_words("camera"),
        optional=_words("run"),
    ),
    Event(
        "recording.disk.restored",
        "Le disque garde de nouveau les images de la caméra {camera}",
        Operation.COLLECTE,
        keys=_words("camera"),
        optional=_words("run"),
    ),
    Event(
        "recording.erased",
        "{segments} séquences effacées, caméra {camera} : {reason}",
        Operation.EFFACEMENT,
        keys=_words("camera first last segments bytes reason"),
        optional=_words("hours"),
    ),
    Event(
        "recording.terms.shortened",
        "Fin de {segments} séquences ramenée à la conservation en vigueur, {retention_days} jours",
        Operation.EFFACEMENT,
        keys=_words("segments first last retention_days"),
    ),
    Event(
        "recording.clock.doubted",
        "Heure de la machine en doute, {clock} : rien n’est effacé ni enregistré jusqu’à sa confirmation",
        Operation.EFFACEMENT,
        keys=_words("clock"),
    ),
    Event(
        "recording.clock.agreed",
        "Heure de la machine tenue pour juste : l’effacement reprend",
        Operation.EFFACEMENT,
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

# Keys that name somebody: erased with the body at its term, never repeated elsewhere.
_NAMES = _words("person login subject subjects")
_NAMED = _words("what")  # « habilitation de PM-02 »


def _act(code: str, sentence: str, keys: str) -> Event:
    """Return the event of a legal act: exactly these keys, three years."""
    given = _words(keys)
    return Event(code, sentence, Operation.ACTE, keys=given, personal=given & _NAMES)


_PEOPLE = (
    _act("authority.founded", "Commune {name} enregistrée", "name siret insee"),
    _act("mandate.started", "Mandat de {person} commencé", "person starts_on ends_on"),
    _act("mandate.ended", "Mandat de {person} terminé", "person ends_on"),
    _act("person.registered", "{person} enregistré parmi les personnes", "person function"),
    _act("account.invited", "{person} invité à ouvrir son compte", "person login until"),
    _act("account.link_renewed", "Nouveau lien remis à {person}", "person login until"),
    _act("account.invitation_cancelled", "Lien remis à {person} annulé", "person login"),
    _act("account.opened", "Compte de {person} ouvert", "person login"),
    _act("account.password_chosen", "Mot de passe de {person} choisi à nouveau", "person login"),
    _act("account.disabled", "Compte de {person} fermé", "person login"),
    _act("account.reopened", "Compte de {person} rouvert", "person login"),
    _act("employment.recorded", "Emploi de {person} enregistré", "person employer public territory starts_on ends_on"),
    _act("employment.ended", "Emploi de {person} terminé", "person ends_on"),
    _act("right.granted", "Droit « {right} » donné à {person}", "person right"),
    _act("right.revoked", "Droit « {right} » retiré à {person}", "person right"),
    _act(
        "habilitation.granted",
        "{person} habilité, {act}",
        "person category act signatory actions positions starts_on ends_on document",
    ),
    _act("habilitation.withdrawn", "Habilitation de {person} retirée", "person act since"),
    _act("agreement.recorded", "Agrément {number} de {person} enregistré", "person number starts_on ends_on document"),
    _act("agreement.suspended", "Agrément {number} de {person} suspendu", "person number since"),
    _act("agreement.lifted", "Suspension de l’agrément {number} de {person} levée", "person number until"),
    _act("agreement.withdrawn", "Agrément {number} de {person} retiré", "person number since"),
    _act("delegation.recorded", "Délégation {number} à {person}", "person number starts_on ends_on document"),
    _act("delegation.ended", "Délégation {number} à {person} terminée", "person number ends_on"),
)

_DOSSIER = (
    _act("installation.opened", "Installation « {name} » ouverte", "code name"),
    _act("position.declared", "Position déclarée", "since kind purposes azimuth angle range_m"),
    _act("position.changed", "Position modifiée : {reason}", "reason since kind purposes azimuth angle range_m"),
    _act(
        "order.captured",
        "Arrêté {number} saisi",
        "number kind signed_on starts_on ends_on retention_days purposes positions document",
    ),
    _act("order.suspended", "Arrêté {number} suspendu", "number since reference"),
    _act("order.withdrawn", "Arrêté {number} retiré", "number since reference"),
    _act("order.stopped", "Arrêté {number} arrêté après contrôle", "number since reference"),
    _act("order.lifted", "Mesure sur l’arrêté {number} levée", "number until kind"),
    _act("order.event_ended", "Fin de l’événement de l’arrêté {number}", "number since reference"),
    _act(
        "notice.commissioning_sent",
        "Mise en service du {service_on} annoncée au préfet",
        "positions sent_on service_on document",
    ),
    _act("notice.location_sent", "Emplacement annoncé au préfet", "sent_on service_on document"),
    _act("cnil.commitment_sent", "Engagement envoyé à la CNIL, récépissé {receipt}", "sent_on receipt document"),
    _act(
        "aipd.signed",
        "AIPD version {version} signée",
        "version signed_on opinion_on opinion residual_high document",
    ),
    _act(
        "aipd.consultation_answered",
        "Réponse de la CNIL sur l’AIPD version {version}",
        "version answered_on allows document",
    ),
    _act("panel.placed", "Panneau {panel} posé, {place}", "panel place"),
    _act("panel.checked", "Panneau {panel} contrôlé", "panel checked_on present positions document"),
    _act("masks.checked", "Masques vérifiés sur image", "checked_at clean masks document"),
    Event("entry.voided", "Saisie annulée, {what} : {reason}", Operation.ACTE, _words("what reason"), personal=_NAMED),
    Event(
        "entry.corrected",
        "Saisie corrigée, {what} : {reason}",
        Operation.ACTE,
        keys=_words("what reason changes"),
        personal=_NAMED | {"changes"},
    ),
    Event(
        "entry.end_voided",
        "Fin saisie par erreur annulée, {what} : {reason}",
        Operation.ACTE,
        keys=_words("what reason"),
        personal=_NAMED,
    ),
    _act("document.received", "Document « {name} » reçu", "kind name size document"),
    _act(
        "draft.corrected",
        "Correction, {what}, {fields} : « {before} » devient « {after} »",
        "what fields before after reason",
    ),
    _act("observation.recorded", "Constat de l’enregistreur : {kind}", "kind detail conforms"),
)

_PAPERS = (
    _act("contact.told", "Coordonnées de la commune données", "since address phone email dpo prefecture"),
    _act("paper.asked", "{count} documents demandés : {kind}", "kind count subjects batch"),
    _act(
        "paper.issued",
        "« {title} » édité, version {version}",
        "kind subject title version spoken_at complete document context",
    ),
    _act("paper.failed", "Édition arrêtée : {reason}", "kind batch reason"),
)

_DEVICES = (
    _act("device.mounted", "Appareil {device} posé", "device since"),
    _act("device.removed", "Appareil {device} déposé", "device until"),
    _act("device.stated", "Appareil {device} décrit", "device stated_at microphone analysis document"),
    _act("camera.registered", "Flux de l’appareil {device} enregistré", "device"),
    _act("camera.changed", "Adresse du flux de l’appareil {device} changée", "device"),
    _act("camera.probe.asked", "Essai de réception de l’appareil {device} demandé", "device"),
    Event(
        "camera.probe.started",
        "Essai de réception commencé, appareil {device} : rien n’est enregistré",
        Operation.COLLECTE,
        keys=_words("device decision until"),
    ),
    Event(
        "camera.probe.ended",
        "Essai de réception terminé, appareil {device} : {outcome}",
        Operation.COLLECTE,
        keys=_words("device outcome figures sound"),
    ),
    _act("camera.removed", "Flux de l’appareil {device} retiré", "device"),
)

_MACHINE = (
    _act(
        "clock.confirmed", "Heure de la machine confirmée, {clock} : {segments} séquences à effacer", "clock segments"
    ),
)

EVENTS: Final = declare(_SIGN_IN, _GATE, _RECORDING, _CONSULTATION, _PEOPLE, _DOSSIER, _PAPERS, _DEVICES, _MACHINE)


def get(code: str) -> Event:
    """Return the event declared under `code`, or raise `UnknownEvent`."""
    try:
        return EVENTS[code]
    except KeyError:
        raise UnknownEvent(code) from None


__all__ = [
    "EVENTS",
    "LONGEST_KEPT_MONTHS",
    "SUBJECT_WORDS",
    "BadDeclaration",
    "Event",
    "MissingKey",
    "Operation",
    "System",
    "UndeclaredKey",
    "UnknownEvent",
    "declare",
    "get",
]
