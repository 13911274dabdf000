"""What a field may hold, in words a jurist writes: each kind reads a written value, or says in French why it cannot."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.law.terms import (
    ACTION_LABELS,
    CATEGORY_LABELS,
    PLACE_LABELS,
    Action,
    Analysis,
    Category,
    Ground,
    Microphone,
    OrderKind,
    PlaceKind,
)
from compliance.models import Installation
from compliance.requirements import CATALOGUE
from compliance.scenario.dates import day_of, instant_of
from compliance.scenario.reading import Many, Misread, Text, Written, plain


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: its name in the guide, and how one written text becomes a value. `several`: a list of them."""

    words: str
    read: Callable[[str], Any]
    several: bool = False

    def value(self, name: str, written: Written) -> Any:
        """Return the value of a field. Raises Misread with the line."""
        if self.several:
            items = written.items if isinstance(written, Many) else (written,)
            if not isinstance(items, tuple):
                raise Misread(written.line, f"« {name} » est une liste : [un, deux]")
            return tuple(self._one(name, item) for item in items)
        return self._one(name, written)

    def _one(self, name: str, written: Written) -> Any:
        if not isinstance(written, Text):
            raise Misread(written.line, f"« {name} » attend {self.words}, pas une liste ni des clés")
        if not written.value:
            raise Misread(written.line, f"« {name} » est vide : {self.words}")
        try:
            return self.read(written.value)
        except ValueError as fault:
            raise Misread(written.line, f"« {name} » : {fault}") from None


def one_of(words: Mapping[str, Any]) -> Kind:
    """Return the kind of a closed list."""
    known = {plain(word).lower(): value for word, value in words.items()}
    listed = ", ".join(f"« {word} »" for word in words)

    def read(text: str) -> Any:
        if text.lower() not in known:
            raise ValueError(f"« {text} » est inconnu ; on peut écrire {listed}")
        return known[text.lower()]

    return Kind(listed, read)


def list_of(kind: Kind) -> Kind:
    """Return the kind of a list; a single value may be written without brackets."""
    return Kind(f"une liste : {kind.words}", kind.read, several=True)


def number(lowest: int, highest: int) -> Kind:
    """Return the kind of a whole number, between wide bounds: the product itself refuses what the law refuses."""

    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,6}", text) or not lowest <= int(text) <= highest:
            raise ValueError(f"« {text} » n’est pas un nombre entier de {lowest} à {highest}")
        return int(text)

    return Kind("un nombre", read)


def _decimal(text: str) -> float:
    if not re.fullmatch(r"-?\d{1,6}(?:[.,]\d{1,8})?", text):
        raise ValueError(f"« {text} » n’est pas un nombre")
    return float(text.replace(",", "."))


def _corner(text: str) -> tuple[float, float]:
    latitude, _, longitude = text.partition(" ")
    try:
        return _decimal(latitude), _decimal(longitude)
    except ValueError:
        raise ValueError(f"« {text} » n’est pas un sommet : latitude, espace, longitude, comme 49.11 6.17") from None


def _code(text: str) -> str:
    known = {r.code for r in CATALOGUE}
    if text not in known:
        raise ValueError(f"« {text} » n’est pas une exigence du catalogue")
    return text


TEXT = Kind("un texte", str)
NAME = Kind("un nom déjà donné", str)
DAY = Kind("une date", day_of)
INSTANT = Kind("une date, avec une heure au besoin", instant_of)
DECIMAL = Kind("un nombre", _decimal)
CORNERS = list_of(Kind("des sommets « latitude longitude »", _corner))
CODES = list_of(Kind("des exigences du catalogue", _code))
YES_NO = one_of({"oui": True, "non": False})
FILMABLE = {
    "rue": PlaceKind.STREET,
    PLACE_LABELS[PlaceKind.OPEN_TO_PUBLIC]: PlaceKind.OPEN_TO_PUBLIC,
    "mixte": PlaceKind.MIXED,
}
FILMED = one_of(FILMABLE)
PLACE = one_of({**FILMABLE, PLACE_LABELS[PlaceKind.NONE]: PlaceKind.NONE})
CATEGORY = one_of(
    {
        "police municipale": Category.MUNICIPAL_POLICE,
        "élu délégataire": Category.DELEGATE,
        "agent communal": Category.COMMUNAL_AGENT,
        "agent de l’État": Category.STATE_AGENT,
        "agent du responsable": Category.CONTROLLER_AGENT,
        "opérateur privé": Category.PRIVATE_OPERATOR,
        CATEGORY_LABELS[Category.MAYOR]: Category.MAYOR,
    }
)
ACTION = one_of({ACTION_LABELS[a]: a for a in Action})
ACTIONS = list_of(ACTION)
GROUND = one_of({"réquisition": Ground.REQUISITION, "procédure": Ground.PROCEDURE, "droit d’accès": Ground.ACCESS})
ORDER = one_of({kind.value: kind for kind in OrderKind})
SIGNATORY = one_of({"maire": "mayor", "chef de service": "chief_of_service", "responsable": "controller"})
MICROPHONE = one_of({"absent": Microphone.ABSENT, "coupé": Microphone.OFF, "en service": Microphone.ON})
ANALYSIS = one_of({"absente": Analysis.ABSENT, "coupée": Analysis.OFF, "permanente": Analysis.PERMANENT})
RIGHT = one_of({label: code for code, label in Installation._meta.permissions})
