"""What a word of a story is: its fields, the act of the product that it plays, and the sentence that explains it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.scenario import kinds
from compliance.scenario.kinds import Kind
from compliance.scenario.reading import Many, Misread, Text, Written, plain
from compliance.scenario.world import Given

NO_ONE = frozenset({"aucun", "aucune"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of an act. `default` is written as the story would write it; `otherwise` tells a default in words."""

    name: str
    kind: Kind
    about: str
    example: str
    required: bool = False
    default: str | tuple[str, ...] | None = None
    otherwise: str = ""

    @property
    def key(self) -> str:
        """The name as a reading of the file gives it."""
        return plain(self.name).lower()

    def value(self, written: Written | None, *, line: int, word: str) -> Any:
        """Return what is written, or the default. Raises Misread with the line."""
        if written is None:
            if self.required:
                raise Misread(line, f"« {word} » demande « {self.name} » : {self.about}, par exemple {self.example}")
            if self.default is None:
                return None
            written = _as_written(self.default, line)
        return self.kind.value(self.name, written)


def _as_written(value: str | tuple[str, ...], line: int) -> Written:
    if isinstance(value, str):
        return Text(value, line)
    return Many(tuple(Text(item, line) for item in value), line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A kind of act as a jurist names it. `acts` are the product's own functions that `play` calls."""

    name: str
    about: str
    acts: tuple[Callable[..., Any], ...]
    play: Callable[[Given], None]
    fields: tuple[Field, ...] = ()


def read_fields(name: str, fields: tuple[Field, ...], written: Mapping[str, Written], *, line: int) -> dict[str, Any]:
    """Return the value of every field. Raises Misread on an unknown key or on a value that its kind cannot read."""
    known = {f.key: f for f in fields}
    for key, value in written.items():
        if key not in known:
            listed = f" ; on y écrit : {', '.join(f.name for f in fields)}"
            raise Misread(value.line, f"« {name} » n’a pas de clé « {key} »{listed}")
    return {key: f.value(written.get(key), line=line, word=name) for key, f in known.items()}


# --- fields that several words share ---------------------------------------------------------------------------------
def _or_none(text: str) -> str:
    return "" if text.lower() in NO_ONE else text


def ref(name: str, example: str, about: str = "") -> Field:
    """Return a field that names something above; without it, the only one there is."""
    return Field(
        name=name,
        kind=kinds.NAME,
        about=about or f"de quel élément « {name} » il s’agit",
        example=example,
        otherwise="le seul élément nommé",
    )


WORDS_OR_NONE = Kind("un texte, ou « aucune »", _or_none)
SYSTEM = ref("système", "VAL")
COMMUNE = ref("commune", "Valclair-sur-Moselle")
PERSON = Field(name="personne", kind=kinds.NAME, about="la personne", example="l'agent", required=True)
POSITION = ref("position", "VAL-01")
POSITIONS = Field(
    name="positions",
    kind=kinds.list_of(kinds.NAME),
    about="les positions concernées",
    example="[VAL-01, VAL-02]",
    otherwise="toutes celles du récit",
)
PROOF = Field(
    name="pièce",
    kind=kinds.YES_NO,
    about="l’acte est-il prouvé par une pièce ?",
    example="non",
    default="oui",
)
LAST_DAY = Field(
    name="dernier jour",
    kind=kinds.DAY,
    about="le dernier jour, compris",
    example="31 décembre 2027",
    otherwise="aucun",
)
REASON = Field(name="raison", kind=kinds.TEXT, about="la raison", example="travaux", default="faute de frappe")
STARTS = Field(
    name="prend effet le",
    kind=kinds.DAY,
    about="le premier jour, compris",
    example="1er avril 2026",
    otherwise="le jour de l’acte",
)
