"""A story as understood: its acts in order, its questions, and the verdicts that it expects."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from compliance.facts import Span
from compliance.law import midnight
from compliance.law.terms import Action, Ground
from compliance.scenario import kinds
from compliance.scenario.complete import OPTIONS, acts, complete_on
from compliance.scenario.kinds import one_of
from compliance.scenario.reading import Block, Many, Misread, Text, Written, plain, read
from compliance.scenario.vocabulary import WORDS, Field, Word, read_fields

FOOTAGE = timedelta(hours=1)
ALLOWED, REFUSED = "permis", "refusé"
STORY = (
    Field(
        name="titre", kind=kinds.TEXT, about="ce que le récit montre", example="Cinq ans, jour pour jour", required=True
    ),
    Field(
        name="articles",
        kind=kinds.list_of(kinds.TEXT),
        about="les articles qu’il éprouve",
        example="[CSI L252-4]",
        required=True,
    ),
    Field(name="pourquoi", kind=kinds.TEXT, about="une explication pour qui lit", example="…", otherwise="rien"),
)
# The keys of the story whose values are not plain fields.
PARTS = ("partir de", "avec", "actes", "questions")
COMMON = (
    Field(
        name="le",
        kind=kinds.INSTANT,
        about="quand l’acte a lieu, en droit ; sans heure, minuit",
        example="12 mars 2024",
        required=True,
    ),
    Field(
        name="saisi le",
        kind=kinds.INSTANT,
        about="quand il est saisi dans le logiciel",
        example="20 mars 2024 à 9:00",
        otherwise="à sa date, ou juste après l’acte d’avant s’il est plus tard",
    ),
    Field(
        name="refusé",
        kind=kinds.TEXT,
        about="le logiciel doit refuser cet acte, avec ces mots",
        example="précéder",
        otherwise="l’acte doit passer",
    ),
)
QUESTION = (
    Field(
        name="le",
        kind=kinds.INSTANT,
        about="l’instant de la question",
        example="11 mars 2029 à 23:59:59",
        required=True,
    ),
    Field(name="action", kind=kinds.ACTION, about="ce que l’on demande", example="enregistrer", required=True),
    Field(name="position", kind=kinds.NAME, about="où", example="VAL-01", otherwise="la seule du récit"),
    Field(name="personne", kind=kinds.NAME, about="qui demande", example="l'agent", otherwise="personne"),
    Field(
        name="séquence du",
        kind=kinds.INSTANT,
        about="pour revoir ou remettre : la première image",
        example="10 mars 2029 à 9:00",
        otherwise="une heure avant la fin",
    ),
    Field(
        name="séquence au",
        kind=kinds.INSTANT,
        about="la dernière",
        example="10 mars 2029 à 10:00",
        otherwise="l’instant de la question",
    ),
    Field(
        name="motif",
        kind=kinds.GROUND,
        about="pour remettre : sur quel fondement",
        example="réquisition",
        otherwise="aucun",
    ),
    Field(
        name="journal",
        kind=one_of({"écrit": False, "en panne": True}),
        about="le journal peut-il être écrit à cet instant ?",
        example="en panne",
        default="écrit",
    ),
    Field(
        name="réponse",
        kind=one_of({ALLOWED: True, REFUSED: False}),
        about="le verdict attendu",
        example="refusé",
        required=True,
    ),
    Field(
        name="par",
        kind=kinds.CODES,
        about="si refusé : toutes les exigences qui s’y opposent, et elles seules",
        example="[R-08]",
        otherwise="aucune",
    ),
    Field(
        name="alertes",
        kind=kinds.CODES,
        about="les exigences qui alertent sans fermer, et elles seules ; [] : aucune",
        example="[R-08]",
        otherwise="non vérifié",
    ),
    Field(
        name="vaut jusqu'au",
        kind=kinds.INSTANT,
        about="l’instant jusqu’auquel la réponse vaut",
        example="12 mars 2029",
        otherwise="non vérifié",
    ),
    Field(
        name="effacées le",
        kind=kinds.INSTANT,
        about="au plus tard quand les images prises à cet instant sont effacées",
        example="28 février 2026 à 10:00",
        otherwise="non vérifié",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act of the story, read but not played. `at` is None when the story does not say when it was recorded."""

    word: Word
    fields: dict[str, Any]
    since: datetime
    at: datetime | None
    refused: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to the gate and the verdict expected."""

    at: datetime
    action: Action
    position: str | None
    person: str | None
    footage: Span | None
    ground: Ground | None
    mute: bool
    allowed: bool
    codes: frozenset[str]
    alerts: frozenset[str] | None
    until: datetime | None
    erased: datetime | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A whole file, understood."""

    title: str
    articles: tuple[str, ...]
    steps: tuple[Step, ...]
    questions: tuple[Question, ...]


def understand(content: bytes) -> Story:
    """Read a file. Raises Misread, whose message is French and names the line."""
    block = read(content)
    own = {key: value for key, value in block.items.items() if key not in PARTS}
    for key in set(own) - {f.key for f in STORY}:
        listed = ", ".join([f.name for f in STORY] + list(PARTS))
        raise Misread(own[key].line, f"un récit n’a pas de clé « {key} » ; on y écrit : {listed}")
    head = read_fields("récit", STORY, own, line=block.line)
    steps = [*_start(block), *(_step(item) for item in _items(block, "actes"))]
    questions = tuple(_question(item) for item in _items(block, "questions"))
    if not questions:
        raise Misread(block.line, "un récit pose au moins une question")
    return Story(title=head["titre"], articles=head["articles"], steps=tuple(steps), questions=questions)


def _items(block: Block, key: str) -> list[Block]:
    part = block.items.get(key)
    if part is None:
        return []
    if not isinstance(part, Many):
        raise Misread(part.line, f"« {key} » est une liste : chaque élément commence par un tiret")
    for item in part.items:
        if not isinstance(item, Block):
            raise Misread(item.line, f"chaque élément de « {key} » a des clés, comme « le: 12 mars 2024 »")
    return [item for item in part.items if isinstance(item, Block)]


def _start(block: Block) -> list[Step]:
    start, options = block.items.get("partir de"), block.items.get("avec")
    if start is None:
        if options is not None:
            raise Misread(options.line, "« avec » précise « partir de », qui manque")
        return []
    if not isinstance(start, Text):
        raise Misread(start.line, "« partir de » est une phrase : un dossier complet le 1er janvier 2026")
    if options is not None and not isinstance(options, Block):
        raise Misread(options.line, "« avec » a des clés, comme « lieu: mixte »")
    line = options.line if options is not None else start.line
    chosen = read_fields("avec", OPTIONS, options.items if options else {}, line=line)
    return [
        _understood(WORDS[plain(word).lower()], _texts(said, start.line), since=midnight(day), line=start.line)
        for day, word, said in acts(complete_on(start), chosen, line=line)
    ]


def _texts(said: dict[str, str | tuple[str, ...]], line: int) -> dict[str, Written]:
    return {
        plain(key).lower(): Text(value, line)
        if isinstance(value, str)
        else Many(tuple(Text(item, line) for item in value), line)
        for key, value in said.items()
    }


def _understood(word: Word, written: dict[str, Written], *, since: datetime, line: int) -> Step:
    fields = read_fields(word.name, word.fields, written, line=line)
    return Step(word=word, fields=fields, since=since, at=None, refused="", line=line)


def _step(block: Block) -> Step:
    written = dict(block.items)
    named = written.pop("acte", None)
    if not isinstance(named, Text):
        raise Misread(block.line, "un acte dit lequel : « acte: arrêté signé »")
    word = WORDS.get(named.value.lower())
    if word is None:
        raise Misread(named.line, f"l’acte « {named.value} » est inconnu{_near(named.value)}")
    shared = {f.key: written.pop(f.key) for f in COMMON if f.key in written}
    common = read_fields(word.name, COMMON, shared, line=block.line)
    fields = read_fields(word.name, word.fields, written, line=block.line)
    return Step(
        word=word,
        fields=fields,
        since=common["le"],
        at=common["saisi le"],
        refused=common["refusé"] or "",
        line=block.line,
    )


def _near(name: str) -> str:
    """Return what may have been meant: the acts that share the most words."""
    words = set(name.lower().split())
    shared = {known: len(words & set(known.split())) for known in WORDS}
    best = [WORDS[known].name for known, count in shared.items() if count and count == max(shared.values())]
    return f" ; vouliez-vous dire {', '.join(f'« {b} »' for b in best[:4])} ?" if best else ""


def _question(block: Block) -> Question:
    said = read_fields("question", QUESTION, block.items, line=block.line)
    allowed, codes = said["réponse"], frozenset(said["par"] or ())
    if allowed and codes:
        raise Misread(block.line, "une réponse permise ne l’est « par » aucune exigence")
    if not allowed and not codes:
        raise Misread(block.line, "un refus dit quelles exigences s’opposent : « par: [R-08] »")
    action = said["action"]
    return Question(
        at=said["le"],
        action=action,
        position=said["position"],
        person=said["personne"],
        footage=_footage(said, block.line) if action in (Action.REPLAY, Action.EXPORT) else None,
        ground=said["motif"],
        mute=said["journal"],
        allowed=allowed,
        codes=codes,
        alerts=None if said["alertes"] is None else frozenset(said["alertes"]),
        until=said["vaut jusqu'au"],
        erased=said["effacées le"],
        line=block.line,
    )


def _footage(said: dict[str, Any], line: int) -> Span:
    until = said["séquence au"] or said["le"]
    since = said["séquence du"] or until - FOOTAGE
    if until.timestamp() <= since.timestamp():
        raise Misread(line, "la séquence finit avant d’avoir commencé")
    return Span(since, until)
