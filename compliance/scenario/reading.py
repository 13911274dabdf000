"""A YAML file as text and lines: nothing is guessed, and whatever is wrong is said with its line."""

import unicodedata
from dataclasses import dataclass

import yaml


class Misread(ValueError):
    """The file cannot be understood. The message is French and names the line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"ligne {line} : {message}.")
        self.line = line


@dataclass(frozen=True, slots=True)
class Text:
    """One written value and its line."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Many:
    """A list, as written, and its line."""

    items: tuple["Written", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """Keys and their values, in the order of the file."""

    items: dict[str, "Written"]
    line: int


Written = Text | Many | Block


def plain(text: str) -> str:
    """Return a text whatever keyboard typed it: one apostrophe, one space, composed accents."""
    composed = unicodedata.normalize("NFC", text).replace("’", "'")
    return " ".join(composed.split())


def read(content: bytes) -> Block:
    """Read a whole file. Raises Misread on bytes that are not UTF-8, on bad YAML, on anything but keys at the top."""
    try:
        node = yaml.compose(content.decode("utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as fault:
        raise Misread(content[: fault.start].count(b"\n") + 1, "le fichier n’est pas en UTF-8") from None
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        raise Misread(mark.line + 1 if mark else 1, _told(fault)) from None
    except yaml.YAMLError:
        raise Misread(1, "un caractère de ce fichier n’est pas du texte") from None
    if node is None:
        raise Misread(1, "le fichier est vide")
    read_as = _written(node, depth=0)
    if not isinstance(read_as, Block):
        raise Misread(read_as.line, "un récit commence par « titre: »")
    return read_as


def _told(fault: yaml.MarkedYAMLError) -> str:
    problem = fault.problem or ""
    if "\\t" in problem:
        return "une tabulation ; le YAML se décale avec des espaces"
    if "mapping values are not allowed" in problem:
        return "deux points de trop, ou un décalage qui ne suit pas la ligne d’avant"
    if "undefined alias" in problem or "alias" in problem:
        return "une étoile ou une esperluette en tête d’une valeur se met entre guillemets"
    return "cette ligne n’est pas du YAML : vérifiez le décalage, les deux points et les guillemets"


DEEPEST = 4


def _written(node: yaml.Node, *, depth: int) -> Written:
    line = node.start_mark.line + 1
    if depth > DEEPEST:
        raise Misread(line, "trop de niveaux : un récit n’en a que trois")
    if isinstance(node, yaml.ScalarNode):
        return Text(plain(node.value), line)
    if isinstance(node, yaml.SequenceNode):
        return Many(tuple(_written(item, depth=depth + 1) for item in node.value), line)
    items: dict[str, Written] = {}
    for key, value in node.value:
        at = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise Misread(at, "une clé est un mot, suivi de deux points")
        name = plain(key.value).lower()
        if name in items:
            raise Misread(at, f"« {name} » est écrit deux fois")
        items[name] = _written(value, depth=depth + 1)
    return Block(items, line)
