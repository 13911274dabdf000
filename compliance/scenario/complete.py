"""The short hand « un dossier complet le … »: the acts that a complete dossier takes, written as a story would."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from compliance.law.terms import Category, OrderKind, PlaceKind
from compliance.scenario import kinds
from compliance.scenario.dates import day_of
from compliance.scenario.kinds import Kind
from compliance.scenario.reading import Misread, Text, plain
from compliance.scenario.vocabulary import Field

SHORT = re.compile(r"un dossier complet (?:le|au) (.+)", re.IGNORECASE)
HOW = "« partir de » s’écrit « un dossier complet le 1er janvier 2026 »"
AGENT, MAYOR, COMMUNE, SERVICE = "l'agent", "le maire", "Valclair-sur-Moselle", "Gendarmerie de Valclair"
CORNERS = ("49.11 6.17", "49.11 6.19", "49.13 6.19", "49.13 6.17")


def _category(text: str) -> object:
    return False if text.lower() == "aucune" else kinds.CATEGORY.read(text)


OPTIONS = (
    Field(name="lieu", kind=kinds.FILMED, about="ce que filme la position VAL-01", example="mixte", default="rue"),
    Field(
        name="personne",
        kind=Kind(f"{kinds.CATEGORY.words}, ou « aucune »", _category),
        about="la catégorie de « l’agent », avec tous les actes qu’elle demande",
        example="agent communal",
        default="police municipale",
    ),
    Field(
        name="arrêté",
        kind=kinds.ORDER,
        about="l’article qui fonde l’arrêté A-1",
        example="L252-6",
        default=OrderKind.ORDINARY.value,
    ),
    Field(
        name="arrêté signé le",
        kind=kinds.DAY,
        about="sa date",
        example="12 mars 2024",
        otherwise="cinquante jours avant",
    ),
    Field(
        name="arrêté jusqu'au",
        kind=kinds.DAY,
        about="le dernier jour qu’il écrit lui-même",
        example="31 décembre 2028",
        otherwise="cinq ans, ou quatre mois en urgence",
    ),
    Field(
        name="conservation",
        kind=kinds.number(0, 999),
        about="les jours de conservation de l’arrêté",
        example="15",
        default="30",
    ),
    Field(name="périmètre", kind=kinds.YES_NO, about="est-ce un périmètre ?", example="oui", default="non"),
    Field(
        name="risque élevé",
        kind=kinds.YES_NO,
        about="l’AIPD laisse-t-elle un risque élevé, que la CNIL a laissé passer ?",
        example="oui",
        default="non",
    ),
    Field(
        name="sans",
        kind=kinds.list_of(kinds.TEXT),
        about="les actes du dossier que le récit écrit lui-même, ou n’écrit pas",
        example="[AIPD signée]",
        otherwise="aucun",
    ),
)
# An act: its day, counted from the one on which the dossier is complete, its word, its keys as the story would write.
Written = tuple[int, str, dict[str, str | tuple[str, ...]]]


def complete_on(text: Text) -> date:
    """Return the day of « un dossier complet le … ». Raises Misread."""
    found = SHORT.fullmatch(text.value)
    if found is None:
        raise Misread(text.line, HOW)
    try:
        return day_of(found[1])
    except ValueError as fault:
        raise Misread(text.line, f"« partir de » : {fault}") from None


def acts(
    day: date, options: dict[str, Any], *, line: int
) -> Iterator[tuple[date, str, dict[str, str | tuple[str, ...]]]]:
    """Yield the acts of a dossier complete on a day: their date, their word, what they say. Raises Misread."""
    written = list(_dossier(day, options))
    without = {plain(name).lower() for name in options["sans"] or ()}
    unknown = sorted(without - {plain(word).lower() for _, word, _ in written})
    if unknown:
        raise Misread(line, f"« sans » : ce dossier n’a pas d’acte « {unknown[0]} »")
    for offset, word, said in written:
        if plain(word).lower() not in without:
            own = options["arrêté signé le"] if word == "arrêté signé" else None
            yield own or day + timedelta(days=offset), word, said


def _dossier(day: date, options: dict[str, Any]) -> Iterator[Written]:
    place, risk = options["lieu"], options["risque élevé"]
    yield -70, "commune enregistrée", {"nom": COMMUNE}
    yield -70, "système ouvert", {}
    yield -70, "personne enregistrée", {"nom": MAYOR}
    yield -70, "mandat commencé", {"personne": MAYOR}
    yield -68, "engagement envoyé à la CNIL", {}
    yield -66, "AIPD signée", {"risque élevé": "oui"} if risk else {}
    if risk:
        yield -62, "réponse de la CNIL", {"permet": "oui"}
    yield -60, "position déclarée", {"lieu": LABELS[place]}
    if options["périmètre"]:
        yield -62, "emplacement signalé", {"pose le": (day - timedelta(days=60)).isoformat()}
    yield -50, "arrêté signé", dict(_order(place, options))
    yield -20, "appareil posé", {}
    yield -20, "appareil déclaré", {}
    yield -20, "masques vérifiés", {}
    yield -20, "flux mesuré", {}
    yield -18, "panneau posé", {}
    yield -18, "panneau contrôlé", {}
    yield -15, "mise en service annoncée", {"mise en service le": day.isoformat()}
    if options["personne"]:
        yield from _person(options["personne"])


LABELS = {PlaceKind.STREET: "rue", PlaceKind.MIXED: "mixte", PlaceKind.OPEN_TO_PUBLIC: "lieu ouvert au public"}
CATEGORIES = {
    Category.MUNICIPAL_POLICE: "police municipale",
    Category.DELEGATE: "élu délégataire",
    Category.COMMUNAL_AGENT: "agent communal",
    Category.STATE_AGENT: "agent de l'État",
    Category.CONTROLLER_AGENT: "agent du responsable",
    Category.PRIVATE_OPERATOR: "opérateur privé",
}


def _order(place: PlaceKind, options: dict[str, Any]) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    yield "texte", options["arrêté"].value
    yield "conservation", str(options["conservation"])
    yield "services", (SERVICE,)
    if place is not PlaceKind.STREET:
        yield "lieu ouvert au public", "oui"
    if options["arrêté jusqu'au"]:
        yield "jusqu'au", options["arrêté jusqu'au"].isoformat()
    if options["périmètre"]:
        yield "périmètre", CORNERS


def _person(category: Category) -> Iterator[Written]:
    if category is Category.MAYOR:
        return
    who = {"personne": AGENT}
    yield -15, "personne enregistrée", {"nom": AGENT}
    if category is Category.PRIVATE_OPERATOR:
        yield -15, "emploi commencé", {**who, "employeur": "Vigile SARL", "public": "non"}
    elif category in (Category.MUNICIPAL_POLICE, Category.COMMUNAL_AGENT):
        yield -15, "emploi commencé", {**who}
    if category is Category.DELEGATE:
        yield -15, "délégation donnée", {**who}
    if category is Category.COMMUNAL_AGENT:
        yield -15, "agrément délivré", {**who}
    entitled: dict[str, str | tuple[str, ...]] = {**who, "catégorie": CATEGORIES[category]}
    if category is Category.STATE_AGENT:
        entitled["service"] = SERVICE
    yield -15, "habilitation signée", entitled
