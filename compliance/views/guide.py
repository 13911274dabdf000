"""What each page says of itself: its name, what it is for, what is risked without it, by which article. One table.

By the name of an address, for every floor. The base template shows it under each page; the search looks in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from compliance.forms.acts import ACTS
from compliance.law import Article, articles
from compliance.requirements import CATALOGUE
from compliance.requirements.base import Blocks

OPEN_OFFENCE = ("Code pénal 226-16",)


@dataclass(frozen=True, slots=True)
class Told:
    """A page in plain words: « À quoi ça sert », « Que risque-t-on », and the articles that say so."""

    name: str
    use: str
    risk: str
    articles: Sequence[Article]


def _told(name: str, use: str, risk: str, *cited: str) -> Told:
    return Told(name, use, risk, articles(*cited))


GUIDE: dict[str, Told] = {
    "home": _told(
        "Accueil",
        "Voir d’abord ce qui est en vigueur et jusqu’à quand, puis ce que votre fonction doit faire, avec sa date.",
        "Une échéance passée éteint les caméras à minuit. Filmer sans autorisation en vigueur est un délit.",
        *("CSI L252-1", *OPEN_OFFENCE),
    ),
    "installation": _told(
        "Installation",
        "Suivre la vie légale étape par étape : ce qui est prouvé, par quelle pièce, et l’acte qui vient ensuite.",
        "Une étape sans preuve ferme les caméras qu’elle concerne. Le préfet peut suspendre ou retirer l’autorisation.",
        *("CSI L252-1", "CSI R254-2"),
    ),
    "installation_instant": _told(
        "À une autre date, l’installation",
        "Prévoir ce qui s’arrêtera si rien n’est fait, ou établir ce que la loi permettait à une date passée.",
        "Découvrir le jour même qu’un arrêté finit : le renouvellement se prépare plusieurs mois avant.",
        "CSI L252-4",
    ),
    "position_instant": _told(
        "À une autre date, une caméra",
        "Répondre à un contrôle ou à un juge : cette caméra était-elle licite à cet instant, et pourquoi.",
        "Remettre des images enregistrées quand la loi ne le permettait pas.",
        *("CSI L252-3", "CSI L253-1"),
    ),
    "changes": _told(
        "Ce qui a changé",
        "Relire champ par champ ce qui a été corrigé ou déclaré à nouveau. La preuve reste au journal.",
        "Une position modifiée sans nouvel arrêté sort de l’autorisation, et sa caméra s’éteint.",
        *("CSI L252-1", "CSI R254-2"),
    ),
    "positions": _told(
        "Caméras",
        "Voir d’un coup quelles caméras sont ouvertes, lesquelles sont éteintes, et la première raison.",
        "Croire qu’une caméra enregistre alors qu’elle est éteinte, ou l’inverse.",
        "CSI L252-1",
    ),
    "position": _told(
        "Une caméra",
        "Comprendre pourquoi une caméra est ouverte ou éteinte : chaque exigence, sa preuve, son article, son remède.",
        "Filmer l’intérieur ou l’entrée d’un logement, ou au-delà du champ autorisé.",
        *("CSI L251-3", "CSI L252-1"),
    ),
    "camera": _told(
        "Flux d’un appareil",
        "Donner à l’enregistreur l’adresse d’un appareil. Elle est scellée : aucune page ne la relit.",
        "Une adresse qui circule laisse voir la rue à qui la loi ne nomme pas.",
        *("CSI R253-2", "CSI R253-3"),
    ),
    "probe": _told(
        "Essayer une caméra",
        "Vérifier à la pose, en trente secondes et sans rien garder, que l’appareil répond et donne ce qu’il annonce.",
        "Découvrir après la mise en service que l’image ne vaut rien, ou que l’appareil capte le son.",
        *("Arrêté du 3 août 2007 art. 2", "CSI R253-1"),
    ),
    "papers": _told(
        "Documents édités",
        "Éditer les papiers du dossier, datés et vérifiables, et retrouver ceux qui l’ont déjà été.",
        "Afficher ou envoyer un papier qui ne dit plus ce que le dossier dit.",
        *("CSI R253-6", "CSI R252-17"),
    ),
    "paper_ask": _told(
        "Éditer un document",
        "Choisir sur quoi porte le papier ; ce qu’il dit vient du dossier, à l’instant où il est édité.",
        "Un fait manquant y reste écrit « à compléter » : le papier n’est alors pas une preuve.",
        "CSI R253-6",
    ),
    "paper_batch": _told(
        "Édition en cours",
        "Suivre l’édition ; elle continue si vous quittez la page.",
        "Envoyer un lot avant qu’il soit complet.",
        "CSI R253-6",
    ),
    "notice": _told(
        "Information du public",
        "Dire à toute personne filmée qui filme, pourquoi, combien de temps, et comment exercer ses droits.",
        "Un public mal informé : le panneau et cette page vont ensemble.",
        *("CSI R253-6", "CSI L255-1"),
    ),
    "hour": _told(
        "Confirmer l’heure",
        "Dire l’heure juste quand l’horloge de la machine a sauté : rien n’est effacé avant votre réponse.",
        "Effacer trop tôt, ou garder trop longtemps, sur une heure fausse.",
        *("CSI L252-5", "CSI R253-4"),
    ),
    "people": _told(
        "Personnes",
        "Savoir qui peut voir des images, par quel acte, jusqu’à quand, et qui tient quelle fonction.",
        "Montrer des images à une personne que la loi ne nomme pas.",
        *("CSI R253-3", "CSI L252-3"),
    ),
    "person": _told(
        "Une personne",
        "Savoir ce qu’une personne peut voir, sur quels actes cela repose, ce qui lui manque et qui peut y remédier.",
        "Laisser un titre à qui n’est plus en fonction, ou laisser voir sans agrément ni acte individuel.",
        *("CSI R253-3", "CSI L132-14-1"),
    ),
    "entries": _told(
        "Ce qui est saisi",
        "Retrouver chaque saisie du dossier, avec sa date légale et celle de son enregistrement, et la corriger.",
        "Une date mal recopiée ouvre ou ferme une caméra à tort : les images d’alors peuvent ne plus être montrées.",
        *("CSI L252-1", "CSI R253-5"),
    ),
    "entry": _told(
        "Une saisie",
        "Lire ce qu’une saisie dit, son histoire au journal, l’acte qui la défait et celui qui la corrige.",
        "Corriger ce que la préfecture a décidé : une suspension ou un retrait est un acte, pas une erreur de saisie.",
        *("CSI R254-2", "CSI R253-5"),
    ),
    "journal": _told(
        "Journal",
        "Retrouver toute opération : collecte, consultation, communication, effacement, acte ; et prouver que rien n’a "
        "été changé.",
        "Sans journal, aucune image n’est montrée. Le juge, la CNIL et la commission le demandent.",
        *("CSI R253-5", "CSI L253-1"),
    ),
    "journal_entry": _told(
        "Une entrée du journal",
        "Lire une opération : qui, quand, quoi, et le sceau qui la lie à la précédente.",
        "Une entrée ne se corrige pas. Une erreur se corrige par un nouvel acte, qui a sa propre entrée.",
        "CSI R253-5",
    ),
    "law": _told(
        "Textes appliqués",
        "Lire le texte derrière chaque réponse, avec sa date et la façon dont il a été vérifié.",
        "Un texte a pu changer depuis cette date. Ce qui est marqué « à vérifier » se montre à un juriste.",
        "CSI L255-1",
    ),
    "search": _told(
        "Rechercher",
        "Aller droit à une caméra, une personne, un arrêté, une pièce, un article ou un acte, par quelques lettres.",
        "Rien : chercher ne change rien, et ne montre que ce que votre fonction ouvre déjà.",
        "CSI R253-3",
    ),
    "health": _told(
        "Santé de l’enregistrement",
        "Vérifier que l’enregistreur et le gardien vivent, que les flux arrivent, que le disque suffit.",
        "Un gardien arrêté n’efface plus : des images conservées trop longtemps sont une faute.",
        *("CSI R253-4", "CSI L252-5"),
    ),
    "live": _told(
        "Voir en direct",
        "Dire pourquoi vous regardez, et quoi. La consultation est inscrite avant la première image.",
        "Regarder sans titre, ou pour un autre motif que ceux de l’autorisation, est un délit.",
        *("CSI R253-3", "CSI R253-5", "Code pénal 226-21"),
    ),
    "live_room": _told(
        "Consultation en direct",
        "Regarder, sous votre nom et votre motif, les caméras choisies. Votre droit est revérifié sans cesse.",
        "Filmer l’écran ou montrer les images à qui la loi ne nomme pas.",
        *("CSI R253-3", "CSI R253-5"),
    ),
    "account_login": _told(
        "Se connecter",
        "Ouvrir le dossier sous votre nom : chaque acte et chaque image porte le nom de qui l’a demandé.",
        "Un mot de passe prêté : ce qui est fait avec lui est inscrit à votre nom.",
        *("CSI R253-2", "CSI R253-5"),
    ),
    "account_logout": _told(
        "Se déconnecter",
        "Fermer la session quand vous quittez le poste. Les images ouvertes s’éteignent aussitôt.",
        "Une session laissée ouverte montre des images à qui passe.",
        "CSI R253-2",
    ),
    "account_change_password": _told(
        "Changer le mot de passe",
        "Choisir un mot de passe que vous seul connaissez.",
        "Un mot de passe connu d’un autre : ce qui est fait avec lui est inscrit à votre nom.",
        "CSI R253-2",
    ),
    "account_reauthenticate": _told(
        "Confirmer votre identité",
        "S’assurer que c’est toujours vous, avant un acte qui compte.",
        "Un acte fait par un autre sur un poste resté ouvert.",
        "CSI R253-2",
    ),
    "account_inactive": _told(
        "Compte fermé",
        "Dire pourquoi ce compte n’ouvre plus rien.",
        "Garder ouvert le compte d’une personne partie.",
        "CSI R253-3",
    ),
    "invitation_choose": _told(
        "Choisir son mot de passe",
        "Entrer pour la première fois, par le lien remis en main propre, qui sert une fois.",
        "Un lien transmis à un autre lui donne votre compte.",
        "CSI R253-2",
    ),
}


def of_act(slug: str) -> Told | None:
    """Return what the pages of an act say of themselves: the requirements that it satisfies, what they close."""
    page = ACTS.get(slug)
    if page is None:
        return None
    asked = [r for r in CATALOGUE if r.act == slug]
    use = " ".join(f"{r.title.rstrip('.')}." for r in asked[:2]) or f"{page.changes}"
    risk = _risk({r.blocks for r in asked})
    return Told(
        str(page.title), use, risk, (page.article, *(a for r in asked[:1] for a in r.articles if a != page.article))
    )


def _risk(blocks: set[Blocks]) -> str:
    if Blocks.ALL in blocks:
        return "Tant qu’il manque, les caméras concernées restent éteintes. Faux ou antidaté, il n’est plus une preuve."
    if Blocks.REC in blocks:
        return "Tant qu’il manque, rien n’est enregistré."
    if Blocks.USER in blocks:
        return "Tant qu’il manque, la personne ne voit rien. Donné à tort, il montre la rue à qui n’y a pas droit."
    return "L’acte entre au journal sous votre nom et ne s’efface pas : une erreur se corrige par un nouvel acte."


def told(name: str, slug: str = "") -> Told | None:
    """Return what a page says of itself, by the name of its address; nothing for what is not a page."""
    if name in ("act", "act_check", "act_done"):
        return of_act(slug)
    return GUIDE.get(name)
