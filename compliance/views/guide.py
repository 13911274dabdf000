"""What each page says of itself: its name, what it is for, what is risked without it, by which article. One table.

By the name of an address, for every floor. The base template shows it under each page; the search looks in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from compliance.forms.acts import ACTS
from compliance.law import Article, articles
from compliance.requirements import CATALOGUE
from compliance.requirements.base import Blocks
from compliance.views.french import as_written, sentences

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OPEN_OFFENCE = ("Code pénal 226-16",)


@dataclass(frozen=True, slots=True)
class Told:
    """A page in plain words: « À quoi ça sert », « Que risque-t-on », and the articles that say so."""

    words: "tuple[StrOrPromise, StrOrPromise, StrOrPromise]"
    articles: Sequence[Article]

    @property
    def name(self) -> str:
        """The page's name, in the reader's language."""
        return str(self.words[0])

    @property
    def use(self) -> str:
        """What it is for."""
        return str(self.words[1])

    @property
    def risk(self) -> str:
        """What is risked without it."""
        return str(self.words[2])


def _told(name: "StrOrPromise", use: "StrOrPromise", risk: "StrOrPromise", *cited: str) -> Told:
    return Told((name, use, risk), articles(*cited))


GUIDE: dict[str, Told] = {
    "home": _told(
        _("Accueil"),
        _("Voir d’abord ce qui est en vigueur et jusqu’à quand, puis ce que votre fonction doit faire, avec sa date."),
        _("Une échéance passée éteint les caméras à minuit. Filmer sans autorisation en vigueur est un délit."),
        *("CSI L252-1", *OPEN_OFFENCE),
    ),
    "installation": _told(
        _("Installation"),
        _("Suivre la vie légale étape par étape : ce qui est prouvé, par quelle pièce, et l’acte qui vient ensuite."),
        _(
            "Une étape sans preuve ferme les caméras qu’elle concerne. Le préfet peut suspendre ou retirer "
            "l’autorisation."
        ),
        *("CSI L252-1", "CSI R254-2"),
    ),
    "installation_instant": _told(
        _("À une autre date, l’installation"),
        _("Prévoir ce qui s’arrêtera si rien n’est fait, ou établir ce que la loi permettait à une date passée."),
        _("Découvrir le jour même qu’un arrêté finit : le renouvellement se prépare plusieurs mois avant."),
        "CSI L252-4",
    ),
    "position_instant": _told(
        _("À une autre date, une caméra"),
        _("Répondre à un contrôle ou à un juge : cette caméra était-elle licite à cet instant, et pourquoi."),
        _("Remettre des images enregistrées quand la loi ne le permettait pas."),
        *("CSI L252-3", "CSI L253-1"),
    ),
    "changes": _told(
        _("Ce qui a changé"),
        _("Relire champ par champ ce qui a été corrigé ou déclaré à nouveau. La preuve reste au journal."),
        _("Une position modifiée sans nouvel arrêté sort de l’autorisation, et sa caméra s’éteint."),
        *("CSI L252-1", "CSI R254-2"),
    ),
    "positions": _told(
        _("Caméras"),
        _("Voir d’un coup quelles caméras sont ouvertes, lesquelles sont éteintes, et la première raison."),
        _("Croire qu’une caméra enregistre alors qu’elle est éteinte, ou l’inverse."),
        "CSI L252-1",
    ),
    "position": _told(
        _("Une caméra"),
        _(
            "Comprendre pourquoi une caméra est ouverte ou éteinte : chaque exigence, sa preuve, son "
            "article, son remède."
        ),
        _("Filmer l’intérieur ou l’entrée d’un logement, ou au-delà du champ autorisé."),
        *("CSI L251-3", "CSI L252-1"),
    ),
    "camera": _told(
        _("Flux d’un appareil"),
        _("Donner à l’enregistreur l’adresse d’un appareil. Elle est scellée : aucune page ne la relit."),
        _("Une adresse qui circule laisse voir la rue à qui la loi ne nomme pas."),
        *("CSI R253-2", "CSI R253-3"),
    ),
    "probe": _told(
        _("Essayer une caméra"),
        _(
            "Vérifier à la pose, en trente secondes et sans rien garder, que l’appareil répond et donne ce "
            "qu’il annonce."
        ),
        _("Découvrir après la mise en service que l’image ne vaut rien, ou que l’appareil capte le son."),
        *("Arrêté du 3 août 2007 art. 2", "CSI R253-1"),
    ),
    "papers": _told(
        _("Documents édités"),
        _("Éditer les papiers du dossier, datés et vérifiables, et retrouver ceux qui l’ont déjà été."),
        _("Afficher ou envoyer un papier qui ne dit plus ce que le dossier dit."),
        *("CSI R253-6", "CSI R252-17"),
    ),
    "paper_ask": _told(
        _("Éditer un document"),
        _("Choisir sur quoi porte le papier ; ce qu’il dit vient du dossier, à l’instant où il est édité."),
        _("Un fait manquant y reste écrit « à compléter » : le papier n’est alors pas une preuve."),
        "CSI R253-6",
    ),
    "paper_batch": _told(
        _("Édition en cours"),
        _("Suivre l’édition ; elle continue si vous quittez la page."),
        _("Envoyer un lot avant qu’il soit complet."),
        "CSI R253-6",
    ),
    "notice": _told(
        _("Information du public"),
        _("Dire à toute personne filmée qui filme, pourquoi, combien de temps, et comment exercer ses droits."),
        _("Un public mal informé : le panneau et cette page vont ensemble."),
        *("CSI R253-6", "CSI L255-1"),
    ),
    "hour": _told(
        _("Confirmer l’heure"),
        _("Dire l’heure juste quand l’horloge de la machine a sauté : rien n’est effacé avant votre réponse."),
        _("Effacer trop tôt, ou garder trop longtemps, sur une heure fausse."),
        *("CSI L252-5", "CSI R253-4"),
    ),
    "people": _told(
        _("Personnes"),
        _("Savoir qui peut voir des images, par quel acte, jusqu’à quand, et qui tient quelle fonction."),
        _("Montrer des images à une personne que la loi ne nomme pas."),
        *("CSI R253-3", "CSI L252-3"),
    ),
    "person": _told(
        _("Une personne"),
        _(
            "Savoir ce qu’une personne peut voir, sur quels actes cela repose, ce qui lui manque et qui "
            "peut y remédier."
        ),
        _("Laisser un titre à qui n’est plus en fonction, ou laisser voir sans agrément ni acte individuel."),
        *("CSI R253-3", "CSI L132-14-1"),
    ),
    "entries": _told(
        _("Ce qui est saisi"),
        _("Retrouver chaque saisie du dossier, avec sa date légale et celle de son enregistrement, et la corriger."),
        _("Une date mal recopiée ouvre ou ferme une caméra à tort : les images d’alors peuvent ne plus être montrées."),
        *("CSI L252-1", "CSI R253-5"),
    ),
    "entry": _told(
        _("Une saisie"),
        _("Lire ce qu’une saisie dit, son histoire au journal, l’acte qui la défait et celui qui la corrige."),
        _(
            "Corriger ce que la préfecture a décidé : une suspension ou un retrait est un acte, pas une "
            "erreur de saisie."
        ),
        *("CSI R254-2", "CSI R253-5"),
    ),
    "journal": _told(
        _("Journal"),
        _(
            "Retrouver toute opération : collecte, consultation, communication, effacement, acte ; et "
            "prouver que rien n’a "
            "été changé."
        ),
        _("Sans journal, aucune image n’est montrée. Le juge, la CNIL et la commission le demandent."),
        *("CSI R253-5", "CSI L253-1"),
    ),
    "journal_entry": _told(
        _("Une entrée du journal"),
        _("Lire une opération : qui, quand, quoi, et le sceau qui la lie à la précédente."),
        _("Une entrée ne se corrige pas. Une erreur se corrige par un nouvel acte, qui a sa propre entrée."),
        "CSI R253-5",
    ),
    "law": _told(
        _("Textes appliqués"),
        _("Lire le texte derrière chaque réponse, avec sa date et la façon dont il a été vérifié."),
        _("Un texte a pu changer depuis cette date. Ce qui est marqué « à vérifier » se montre à un juriste."),
        "CSI L255-1",
    ),
    "search": _told(
        _("Rechercher"),
        _("Aller droit à une caméra, une personne, un arrêté, une pièce, un article ou un acte, par quelques lettres."),
        _("Rien : chercher ne change rien, et ne montre que ce que votre fonction ouvre déjà."),
        "CSI R253-3",
    ),
    "health": _told(
        _("Santé de l’enregistrement"),
        _("Vérifier que l’enregistreur et le gardien vivent, que les flux arrivent, que le disque suffit."),
        _("Un gardien arrêté n’efface plus : des images conservées trop longtemps sont une faute."),
        *("CSI R253-4", "CSI L252-5"),
    ),
    "live": _told(
        _("Voir en direct"),
        _("Dire pourquoi vous regardez, et quoi. La consultation est inscrite avant la première image."),
        _("Regarder sans titre, ou pour un autre motif que ceux de l’autorisation, est un délit."),
        *("CSI R253-3", "CSI R253-5", "Code pénal 226-21"),
    ),
    "live_room": _told(
        _("Consultation en direct"),
        _("Regarder, sous votre nom et votre motif, les caméras choisies. Votre droit est revérifié sans cesse."),
        _("Filmer l’écran ou montrer les images à qui la loi ne nomme pas."),
        *("CSI R253-3", "CSI R253-5"),
    ),
    "account_login": _told(
        _("Se connecter"),
        _("Ouvrir le dossier sous votre nom : chaque acte et chaque image porte le nom de qui l’a demandé."),
        _("Un mot de passe prêté : ce qui est fait avec lui est inscrit à votre nom."),
        *("CSI R253-2", "CSI R253-5"),
    ),
    "account_logout": _told(
        _("Se déconnecter"),
        _("Fermer la session quand vous quittez le poste. Les images ouvertes s’éteignent aussitôt."),
        _("Une session laissée ouverte montre des images à qui passe."),
        "CSI R253-2",
    ),
    "account_change_password": _told(
        _("Changer le mot de passe"),
        _("Choisir un mot de passe que vous seul connaissez."),
        _("Un mot de passe connu d’un autre : ce qui est fait avec lui est inscrit à votre nom."),
        "CSI R253-2",
    ),
    "account_reauthenticate": _told(
        _("Confirmer votre identité"),
        _("S’assurer que c’est toujours vous, avant un acte qui compte."),
        _("Un acte fait par un autre sur un poste resté ouvert."),
        "CSI R253-2",
    ),
    "account_inactive": _told(
        _("Compte fermé"),
        _("Dire pourquoi ce compte n’ouvre plus rien."),
        _("Garder ouvert le compte d’une personne partie."),
        "CSI R253-3",
    ),
    "invitation_choose": _told(
        _("Choisir son mot de passe"),
        _("Entrer pour la première fois, par le lien remis en main propre, qui sert une fois."),
        _("Un lien transmis à un autre lui donne votre compte."),
        "CSI R253-2",
    ),
}


def of_act(slug: str) -> Told | None:
    """Return what the pages of an act say of themselves: the requirements that it satisfies, what they close."""
    page = ACTS.get(slug)
    if page is None:
        return None
    asked = [r for r in CATALOGUE if r.act == slug]
    use = sentences([as_written(f"{r.title.rstrip('.')}.") for r in asked[:2]]) or page.changes
    risk = _risk({r.blocks for r in asked})
    return Told(
        (page.title, use, risk), (page.article, *(a for r in asked[:1] for a in r.articles if a != page.article))
    )


def _risk(blocks: set[Blocks]) -> "StrOrPromise":
    if Blocks.ALL in blocks:
        return _(
            "Tant qu’il manque, les caméras concernées restent éteintes. Faux ou antidaté, il n’est plus une preuve."
        )
    if Blocks.REC in blocks:
        return _("Tant qu’il manque, rien n’est enregistré.")
    if Blocks.USER in blocks:
        return _("Tant qu’il manque, la personne ne voit rien. Donné à tort, il montre la rue à qui n’y a pas droit.")
    return _("L’acte entre au journal sous votre nom et ne s’efface pas : une erreur se corrige par un nouvel acte.")


def told(name: str, slug: str = "") -> Told | None:
    """Return what a page says of itself, by the name of its address; nothing for what is not a page."""
    if name in ("act", "act_check", "act_done"):
        return of_act(slug)
    return GUIDE.get(name)
