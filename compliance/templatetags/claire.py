"""The words and figures that every page shares: states, articles, slats, plans, dates. No query, no rule."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader import get_template
from django.utils.formats import get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from compliance.law import Article, article
from compliance.templatetags import drawing, figures, wording

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()

# Ten ideas, ten words, ten shapes (the visual guide): kind → (tint, shape, word). There is no eleventh.
STATES: dict[str, tuple[str, str, str]] = {
    "ok": ("ok", "s-ok", gettext_noop("En vigueur")),
    "open": ("ok", "s-open", gettext_noop("Ouverte")),
    "due": ("due", "s-due", gettext_noop("À échéance")),
    "review": ("due", "s-review", gettext_noop("À revoir")),
    "shut": ("stop", "s-shut", gettext_noop("Éteinte")),
    "stop": ("stop", "s-stop", gettext_noop("Manque")),
    "wait": ("wait", "s-wait", gettext_noop("Attend")),
    "hold": ("hold", "s-hold", gettext_noop("Gelé")),
    "todo": ("todo", "s-todo", gettext_noop("À faire")),
    "none": ("none", "s-none", gettext_noop("Sans objet")),
}
OUTCOMES: dict[str, tuple[str, str]] = {
    "unmet": ("stop", "s-stop"),
    "alert": ("due", "s-review"),
    "met": ("ok", "s-ok"),
    "not_concerned": ("none", "s-none"),
}
NOTES = {"success": "ok", "warning": "due", "error": "stop"}
_BARE_INPUTS = ("hidden", "checkbox", "radio", "file")


def _component(name: str, /, **context: Any) -> SafeString:
    """Render a component without the line breaks around it: it stands inside a sentence."""
    return mark_safe(get_template(name).render(context).strip())  # noqa: S308 (a template's output)


# ------------------------------------------------------------------------------------------------ states, articles
@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a symbol of the sprite; the word beside it says what it means."""
    return format_html('<svg class="ico" aria-hidden="true" focusable="false"><use href="#{}"/></svg>', name)


@register.simple_tag
def state(kind: str, word: "StrOrPromise" = "") -> SafeString:
    """Show a status: word, shape, colour. `kind` is one of the ten; without a word, the guide's own."""
    if kind not in STATES:
        raise ValueError(kind)
    return _component("components/state.html", kind=kind, word=word)


@register.filter
def tint(kind: str) -> str:
    """Return the colour family of a state."""
    return STATES[kind][0]


@register.filter
def shape(kind: str) -> str:
    """Return the symbol of a state."""
    return STATES[kind][1]


@register.filter
def word_of(kind: str) -> str:
    """Return the guide's word for a state."""
    return _(STATES[kind][2])


@register.simple_tag
def art(cited: Article | str, *, short: bool = False) -> SafeString:
    """Link an article to its dated text; a label such as « CSI L252-1 » must be declared. `short` drops the code."""
    one = article(cited) if isinstance(cited, str) else cited
    return _component("components/art.html", article=one, short=short, to_verify=_to_verify(one))


@register.simple_tag
def arts(cited: Iterable[Article | str]) -> SafeString:
    """Link several articles, comma between; the code is not repeated."""
    parts: list[SafeString] = []
    code = None
    for one in (article(c) if isinstance(c, str) else c for c in cited):
        parts.append(art(one, short=code is not None and _code_of(one) == code))
        code = _code_of(one)
    # A word joiner: the comma never starts a line.
    return mark_safe("\u2060, ".join(parts))  # noqa: S308 (rendered components)


def _code_of(one: Article) -> str:
    return str(getattr(one, "code", "")) or one.label.partition(" ")[0]


def _to_verify(one: Article) -> bool:
    known = getattr(one, "to_verify", None)
    return known if isinstance(known, bool) else str(getattr(one, "tag", "V")) not in ("V", "V-2007")


@register.filter
def article_number(cited: Article) -> str:
    """Return the label without its code: « L252-4 »."""
    return cited.label.removeprefix(_code_of(cited)).strip().replace(" ", wording.NBSP)


@register.filter
def unbroken(text: object) -> str:
    """Return the text with no-break spaces."""
    return str(text).replace(" ", wording.NBSP)


# -------------------------------------------------------------------------------------------------------- findings
@register.filter
def outcome(findings: Iterable[Any], wanted: str) -> list[Any]:
    """Return the findings with that outcome: unmet, alert, met or not_concerned."""
    return [f for f in findings if str(f.outcome) == wanted]


@register.filter
def outcome_tint(finding: Any) -> str:
    """Return the colour family of a finding."""
    return OUTCOMES[str(finding.outcome)][0]


@register.filter
def outcome_shape(finding: Any) -> str:
    """Return the symbol of a finding."""
    return OUTCOMES[str(finding.outcome)][1]


@register.filter
def note_kind(level: str) -> str:
    """Return the note's kind for a message level of Django; empty for a plain information."""
    return NOTES.get(level, "")


# ----------------------------------------------------------------------------------------------------------- words
@register.filter
def jour(value: date | None) -> str:
    """« 14 mars 2029 »."""
    return wording.day_in_full(value) if value else ""


@register.filter
def jour_court(value: date | None) -> str:
    """« 17 nov. »."""
    return wording.short_day(value) if value else ""


@register.filter
def jour_semaine(value: date | None) -> str:
    """« jeudi 19 novembre 2026 »."""
    return wording.weekday(value) if value else ""


@register.filter
def heure(value: datetime | None) -> str:
    """« 14 h 32 », at Paris time."""
    return wording.hour(value) if value else ""


@register.filter
def instant(value: datetime | None) -> str:
    """« 19 novembre 2026, 14 h 32 », at Paris time."""
    return wording.instant(value) if value else ""


@register.filter
def seconde(value: datetime | None) -> str:
    """« 19 novembre 2026, 14 h 19 min 27 s », at Paris time."""
    return wording.second(value) if value else ""


@register.filter
def distance(value: date | None, now: datetime) -> str:
    """« dans 11 jours », « il y a 3 h », from an explicit now."""
    return wording.distance(value, now) if value else ""


@register.filter
def iso(value: date | None) -> str:
    """Machine form for `<time datetime>`."""
    return value.isoformat() if value else ""


@register.filter
def moment(value: date | None) -> str:
    """Write an instant with its hour, a day without."""
    return instant(value) if isinstance(value, datetime) else jour(value)


@register.filter
def unlocalized(value: object) -> str:
    """Return a number as machines read it."""
    return str(value)


@register.filter
def nombre(value: int) -> str:
    """« 18 204 »."""
    return wording.grouped(value)


@register.filter
def taille(value: int) -> str:
    """« 1,4 Mo »."""
    return wording.size(value)


@register.filter
def lettres(value: int) -> str:
    """« quinze », for a masculine noun."""
    return wording.in_words(value)


@register.filter
def lettres_f(value: int) -> str:
    """« une », for a feminine noun."""
    return wording.in_words(value, feminine=True)


@register.filter
def phrase(text: object) -> SafeString:
    """Write a plain sentence: no-break spaces before the signs, codes that do not break. Safe markup is left alone."""
    return wording.sentence(text)


@register.filter
def quoted(words: str) -> str:
    """Tell who reads in English that these words are French."""
    return wording.quoted(words)


@register.filter
def without_stop(text: object) -> str:
    """Return a sentence without its full stop, so that its article may stand before it."""
    return str(text).rstrip(". ")


@register.filter
def code(value: object) -> SafeString:
    """Write a code such as VAL-06 so that no line breaks inside it."""
    return format_html('<span class="code">{}</span>', value)


@register.filter
def under(cells: Sequence[Any], labels: Sequence[str]) -> list[tuple[str, Any]]:
    """Pair each cell of a row with the label of its column."""
    return list(zip(labels, cells, strict=True))


# --------------------------------------------------------------------------------------------------------- figures
@register.simple_tag
def slats(kinds: Sequence[str], *, label: str, small: bool = False) -> SafeString:
    """Draw a count or a duration, one slat per kind: past, now, open, mark. `label` says what it shows."""
    total, width, drawn = drawing.slats(kinds)
    return _component("components/slats.html", slats=drawn, total=total, width=width, label=label, small=small)


@register.simple_tag
def slats_months(starts_on: date, ends_on: date, today: date, mark: date | None = None) -> SafeString:
    """Draw the months of a permission and say them: past, under way, left, and the month of a date to keep."""
    kinds = drawing.months(starts_on, ends_on, today, mark=mark)
    past, now, left = kinds.count("past"), kinds.count("now"), kinds.count("open") + kinds.count("mark")
    label = _("{count} mois d’autorisation : {past} écoulés, {now} en cours, {left} à venir.").format(
        count=len(kinds), past=past, now=now, left=left
    )
    if "mark" in kinds:
        label += " " + _("Une date à tenir au {rank}e mois.").format(rank=kinds.index("mark") + 1)
    return slats(kinds, label=label)


def _view(value: Any) -> Any:
    """Accept a field of view or a mapping of its numbers; nothing when it looks at nothing."""
    if isinstance(value, Mapping):
        value = _Numbers(value)
    return value if value and value.azimuth is not None and value.angle and value.range_m else None


class _Numbers:
    """A mapping read as attributes, so that a template may pass either."""

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        self.azimuth = float(numbers["azimuth"])
        self.angle = float(numbers["angle"])
        self.range_m = float(numbers["range_m"])
        self.latitude = numbers.get("latitude")
        self.longitude = numbers.get("longitude")


def _mask(value: Any) -> drawing.Sector:
    names = ("azimuth", "angle", "near", "far")
    numbers = [float(value[n] if isinstance(value, Mapping) else getattr(value, n)) for n in names]
    return drawing.Sector(*numbers)


@register.simple_tag
def plan_svg(
    name: str, *, authorised: Any = None, declared: Any = None, masks: Iterable[Any] = (), own: str = ""
) -> SafeString:
    """Draw the plan of a position with its legend and its text.

    A view has `azimuth`, `angle`, `range_m` and may have `latitude`, `longitude`; a mask has `azimuth`, `angle`, `near`
    and `far`, from the device. `own` is the sentence of the caller, put before the figure's own description.
    """
    legal, current = _view(authorised), _view(declared)
    drawn = drawing.plan(legal, current, masks=[_mask(m) for m in masks])
    text = " ".join(part for part in (own, figures.told(name, legal, current, drawn)) if part)
    return _component("components/plan.html", name=name, plan=drawn, authorised=legal, declared=current, text=text)


@register.filter
def champ(view: Any) -> str:
    """« azimut 214°, ouverture 44°, portée 45 m »."""
    return figures.field(view) if view else ""


@register.filter
def cap(view: Any) -> str:
    """« 214° », or « tour complet » for a device that sees all around."""
    return _("tour complet") if view.angle >= 360 else wording.degrees(view.azimuth)


# ----------------------------------------------------------------------------------------------------------- forms
@register.filter
def error_count(form: Any) -> int:
    """Return how many answers are to be corrected."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def lead_in(label: object) -> str:
    """Return a label as the head of a line: a colon after it, unless it already asks a question."""
    words = str(label).rstrip()
    colon = ":" if wording.in_english() else f"{wording.NBSP}:"
    return words if words.endswith("?") else f"{words}{colon}"


@register.filter
def first_control(field: Any) -> str:
    """Return the identifier of a field's first control, where a link from the summary lands."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label


@register.filter
def input_class(widget: Mapping[str, Any]) -> str:
    """Return the class of a form control: the guide's, then the form's own."""
    kind = widget.get("type", "")
    own = widget["attrs"].get("class", "")
    if kind in _BARE_INPUTS:
        return str(own)
    extra = {"date": "input-date", "number": "input-short", "time": "input-short"}.get(kind, "")
    return " ".join(part for part in ("input", extra, own) if part)


@register.filter
def options(choices: Sequence[Mapping[str, Any]]) -> SafeString:
    """Write the options of a select: of a thousand positions, a template would take a tenth of a second."""
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((o["value"], mark_safe(" selected") if o["selected"] else "", o["label"]) for o in choices),
    )


@register.filter
def iso_day(text: str | None) -> str:
    """Turn the day a form shows in French into the machine form that `type="date"` asks; anything else is kept."""
    return _machine(text, "DATE_INPUT_FORMATS", "%Y-%m-%d")


@register.filter
def iso_instant(text: str | None) -> str:
    """The same for `type="datetime-local"`, to the minute."""
    return _machine(text, "DATETIME_INPUT_FORMATS", "%Y-%m-%dT%H:%M")


def _machine(text: str | None, formats: str, written: str) -> str:
    for pattern in get_format(formats):
        try:
            return datetime.strptime(str(text or ""), pattern).strftime(written)  # noqa: DTZ007 (a form's own clock)
        except ValueError:
            continue
    return str(text or "")
