"""What befalls a camera or the disk, as a person reads it: one table, from the reason kept to what to do.

The reasons are those of a gap and of a camera's health; `docs/guide/pannes.md` says the same to whoever repairs.
"""

import errno
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Trouble:
    """`word` comes after « L’appareil … »; the sentence stands alone; the remedy starts with a verb. To translate."""

    word: str
    sentence: str
    remedy: str


TROUBLES: Final = {
    "camera_down": Trouble(
        gettext_noop("ne répond pas"),
        gettext_noop("La caméra ne répond pas, ou ce qu’elle envoie n’est pas une image."),
        gettext_noop("Vérifiez l’alimentation, le câble et l’adresse du flux."),
    ),
    "auth": Trouble(
        gettext_noop("refuse le mot de passe"),
        gettext_noop("La caméra refuse l’identifiant ou le mot de passe."),
        gettext_noop("Redonnez l’adresse du flux, avec l’identifiant et le mot de passe de l’appareil."),
    ),
    "stalled": Trouble(
        gettext_noop("n’envoie plus d’image"),
        gettext_noop("La caméra est jointe mais n’envoie plus d’image."),
        gettext_noop("Redémarrez l’appareil, ou regardez la liaison. L’enregistreur réessaie de lui-même."),
    ),
    "disk_full": Trouble(
        gettext_noop("ne peut plus être enregistré"),
        gettext_noop(
            "Le disque est plein ou refuse d’écrire : rien de plus n’est gardé, rien n’est effacé avant son terme."
        ),
        gettext_noop("Libérez de la place, ou agrandissez le disque. L’enregistrement reprend de lui-même."),
    ),
    "recorder_down": Trouble(
        gettext_noop("n’est plus enregistré"),
        gettext_noop("L’enregistreur était arrêté, ou venait d’être interrompu."),
        gettext_noop("Relancez l’enregistreur. Ce qui était gardé l’est toujours."),
    ),
    "packet_loss": Trouble(
        gettext_noop("perd des images"),
        gettext_noop("Le réseau a perdu des images de cette caméra."),
        gettext_noop("Regardez la liaison : câble, commutateur, débit."),
    ),
}
WAITING: Final = Trouble(
    gettext_noop("n’a pas encore donné d’image"),
    gettext_noop("La caméra est ouverte ; sa première image est attendue."),
    gettext_noop("Patientez quelques secondes."),
)


def of(reason: str) -> Trouble:
    """Return what a reason means; no reason yet is an image that is awaited."""
    return TROUBLES.get(reason, WAITING)


_REFUSALS: Final = {
    errno.EACCES: "le système refuse : droits du dossier",
    errno.EPERM: "le système refuse : fichier protégé",
    errno.EROFS: "le disque est en lecture seule",
    errno.EIO: "le disque est en panne",
    errno.EISDIR: "un dossier a pris la place du fichier",
    errno.ENOSPC: "le disque est plein",
}


def refusal(fault: OSError) -> str:
    """Return why the disk refused, in words."""
    return _REFUSALS.get(fault.errno or 0, f"le disque refuse (erreur {fault.errno or type(fault).__name__})")
