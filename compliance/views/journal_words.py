"""What an entry of the journal holds, as its page names it: each key, each value. The journal keeps them in French."""

from datetime import date, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.templatetags import wording
from compliance.templatetags.claire import quoted

WORDS = {
    "act": _("Acte"),
    "action": _("Action"),
    "actions": _("Actions"),
    "address": _("Adresse"),
    "allowed": _("Réponse"),
    "allows": _("La CNIL ne s’oppose pas"),
    "analysis": _("Analyse intégrée"),
    "angle": _("Ouverture, en degrés"),
    "answered_on": _("Réponse du"),
    "azimuth": _("Azimut, en degrés"),
    "camera": _("Caméra"),
    "cameras": _("Caméras"),
    "category": _("Catégorie"),
    "checked_at": _("Image du"),
    "checked_on": _("Contrôlé le"),
    "clean": _("Aucun logement visible"),
    "code": _("Code"),
    "codes": _("Exigences"),
    "decision": _("Décision"),
    "device": _("Appareil"),
    "document": _("Empreinte de la pièce"),
    "employer": _("Employeur"),
    "ends_on": _("Jusqu’au"),
    "first": _("Premier instant"),
    "function": _("Fonction"),
    "insee": _("Code INSEE"),
    "kind": _("Nature"),
    "last": _("Dernier instant"),
    "login": _("Identifiant"),
    "masks": _("Masques"),
    "method": _("Moyen"),
    "microphone": _("Microphone"),
    "motive": _("Motif"),
    "motive_text": _("Motif écrit"),
    "name": _("Nom"),
    "number": _("Numéro"),
    "opinion": _("Avis"),
    "opinion_on": _("Avis du"),
    "panel": _("Panneau"),
    "person": _("Personne"),
    "place": _("Lieu"),
    "positions": _("Positions"),
    "present": _("En place"),
    "public": _("Employeur public"),
    "purposes": _("Finalités"),
    "range_m": _("Portée, en mètres"),
    "reason": _("Raison"),
    "reasons": _("Raisons"),
    "receipt": _("Récépissé"),
    "reference": _("Référence"),
    "residual_high": _("Risque élevé restant"),
    "retention_days": _("Conservation, en jours"),
    "right": _("Droit"),
    "seconds": _("Secondes"),
    "segments": _("Séquences"),
    "sent_on": _("Envoyé le"),
    "service_on": _("Mise en service"),
    "signatory": _("Signataire"),
    "signed_on": _("Signé le"),
    "since": _("Depuis"),
    "siret": "SIRET",
    "size": _("Octets"),
    "starts_on": _("À partir du"),
    "stated_at": _("Constaté le"),
    "territory": _("Territoire"),
    "until": _("Jusqu’à"),
    "version": _("Version"),
}


def said(value: object) -> str:
    """Write a value of an entry: an instant and a day in full, a list with commas."""
    match value:
        case None | "" | []:
            return gettext("Aucun")
        case bool():
            return gettext("Oui") if value else gettext("Non")
        case list():
            return ", ".join(said(v) for v in value)
        case dict():
            return ", ".join(f"{key} : {said(v)}" for key, v in value.items())
        case str():
            try:
                return (
                    wording.second(datetime.fromisoformat(value))
                    if "T" in value
                    else wording.day_in_full(date.fromisoformat(value))
                )
            except ValueError:
                return value
    return str(value)


def shown(value: object) -> str:
    """Return a value for the page: what was written in French is said to be."""
    words = said(value)
    return quoted(words) if isinstance(value, list | dict) or words == value else words
