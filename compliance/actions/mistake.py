"""Acts about an entry typed by mistake: it is voided, never edited, and stays with the one that corrects it.

A voided row counts for nothing, at any instant: the gate answers with what is known today, the journal keeps what was
answered then. What a law decides (a withdrawal, an end) is another act; this is only for the hand that slipped.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Manager, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance import journal
from compliance.actions.base import VOIDED, WITHOUT, By, act, demand, not_oneself, who
from compliance.actions.document import BEARERS
from compliance.law import PARIS
from compliance.models import (
    Agreement,
    AgreementMeasure,
    Aipd,
    CnilCommitment,
    Declaration,
    Delegation,
    DeviceStatement,
    Employment,
    Habilitation,
    Installation,
    LocationNotice,
    Mandate,
    MaskCheck,
    Notice,
    Order,
    OrderMeasure,
    PanelCheck,
    PriorConsultation,
)
from compliance.models.dossier import Act, Ended

# Who may enter a row may say that it was a mistake; any of the rights.
RIGHTS: Final[Mapping[type[Act], tuple[str, ...]]] = {
    Order: ("capture_order",),
    OrderMeasure: ("capture_order",),
    Notice: ("file",),
    LocationNotice: ("file",),
    CnilCommitment: ("file",),
    PriorConsultation: ("file",),
    Aipd: ("validate",),
    PanelCheck: ("manage_cameras",),
    MaskCheck: ("manage_cameras",),
    Declaration: ("manage_cameras",),
    DeviceStatement: ("manage_cameras",),
    Mandate: ("validate", "file"),
    Employment: ("habilitate",),
    Delegation: ("habilitate",),
    Agreement: ("habilitate",),
    AgreementMeasure: ("habilitate",),
    Habilitation: ("habilitate",),
}
COMMUNE: Final = "authority"
# How each kind of row belongs to an installation, or to its commune.
BELONGS: Final[Mapping[type[Act], str]] = {
    Order: "installation",
    OrderMeasure: "order__installation",
    Notice: "installation",
    LocationNotice: "position__installation",
    CnilCommitment: COMMUNE,
    PriorConsultation: "aipd__installation",
    Aipd: "installation",
    PanelCheck: "panel__installation",
    MaskCheck: "position__installation",
    Declaration: "position__installation",
    DeviceStatement: "mounting__position__installation",
    Mandate: COMMUNE,
    Employment: f"person__{COMMUNE}",
    Delegation: f"person__{COMMUNE}",
    Agreement: f"person__{COMMUNE}",
    AgreementMeasure: f"agreement__person__{COMMUNE}",
    Habilitation: "installation",
}
# What befell a row is of the paper, not of its typing: it follows the row that corrects it.
FOLLOWING: Final[Mapping[type[Act], tuple[str, str]]] = {
    Order: ("measures", "order"),
    Agreement: ("measures", "agreement"),
    Aipd: ("consultations", "aipd"),
}
NOTHING: Final = _("rien")
ANNEX: Final = _("annexe")
ENDS: Final = ("withdrawn_at", "until")
BOOKKEEPING: Final = frozenset(
    {
        *("id", "recorded_at", "recorded_by", "corrects", "void_at", "void_by", "void_reason", "document"),
        *("installation", "authority", "proved"),
        *("end_recorded_at", "end_recorded_by", *ENDS),
    }
)
NAMES: Final[Mapping[type[Act], Callable[[Any], str]]] = {
    Order: lambda r: gettext("arrêté {number}").format(number=r.number),
    OrderMeasure: lambda r: gettext("mesure sur l’arrêté {number}").format(number=r.order.number),
    Notice: lambda r: gettext("mise en service annoncée pour le {day:%d/%m/%Y}").format(day=r.service_on),
    LocationNotice: lambda r: gettext("emplacement annoncé de {code}").format(code=r.position.code),
    CnilCommitment: lambda r: gettext("engagement envoyé à la CNIL, {receipt}").format(receipt=r.receipt),
    PriorConsultation: lambda r: gettext("réponse de la CNIL sur l’AIPD version {version}").format(
        version=r.aipd.version
    ),
    Aipd: lambda r: gettext("AIPD version {version}").format(version=r.version),
    PanelCheck: lambda r: gettext("contrôle du panneau {code} du {day:%d/%m/%Y}").format(
        code=r.panel.code, day=r.checked_on
    ),
    MaskCheck: lambda r: gettext("vérification des masques de {code}").format(code=r.position.code),
    Declaration: lambda r: gettext("déclaration de {code}").format(code=r.position.code),
    DeviceStatement: lambda r: gettext("description de l’appareil {reference}").format(reference=r.mounting.reference),
    Mandate: lambda r: gettext("mandat de {code}").format(code=r.person.code),
    Employment: lambda r: gettext("emploi de {code}").format(code=r.person.code),
    Delegation: lambda r: gettext("délégation {number} à {code}").format(number=r.number, code=r.person.code),
    Agreement: lambda r: gettext("agrément {number} de {code}").format(number=r.number, code=r.person.code),
    AgreementMeasure: lambda r: gettext("mesure sur l’agrément {number} de {code}").format(
        number=r.agreement.number, code=r.agreement.person.code
    ),
    Habilitation: lambda r: gettext("habilitation de {code}, {act}").format(code=r.person.code, act=r.act),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a form calls each column of a row, and each of its closed values."""

    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def entries_of(model: type[Act], installation: Installation, *, voided: bool = False) -> QuerySet[Any]:
    """Return the rows of a kind that are of an installation, those voided too when asked."""
    path = BELONGS[model]
    owner: Any = installation.authority_id if path.endswith(COMMUNE) else installation
    rows: Any = model.ever if voided else model.objects
    found: QuerySet[Any] = rows.filter(**{path: owner})
    return found


def named(row: Act) -> str:
    """Return what a row is, as a page says it, and the journal in French."""
    return NAMES[type(row)](row)


@act(*BEARERS)
def void(row: Act, *, installation: Installation, reason: str, at: datetime, by: By) -> Act:
    """Say that an entry should not exist. Raises ValidationError when it was already said, or for one's own title."""
    _allowed(row, installation, by)
    if isinstance(row, Declaration) and row.position.declarations.count() == 1:
        raise ValidationError(_("La seule déclaration d’une position se corrige ; elle ne s’annule pas."))
    _strike_out(row, reason, at=at, by=by)
    for child in _following(row):
        _strike_out(child, reason, at=at, by=by)
    journal.record("entry.voided", at=at, by=by, installation=installation, what=named(row), reason=reason)
    return row


@act(*BEARERS)
def replace(  # noqa: PLR0913 (an act is its fields)
    row: Act,
    *,
    installation: Installation,
    anew: Callable[[], Any],
    words: Words,
    reason: str,
    at: datetime,
    by: By,
) -> Act:
    """Void an entry and write the one that `anew` returns. What befell the first follows; so does its end.

    Raises ValidationError when nothing differs, and whatever the act of the new entry raises.
    """
    _allowed(row, installation, by)
    before = dict(said(row, words))
    _strike_out(row, reason, at=at, by=by)
    fresh: Any = anew()
    fresh.corrects = row
    if isinstance(row, Ended):
        _carry_end(row, fresh)
    fresh.save()
    for child in _following(row):
        _carry(child, row, fresh, at=at, by=by)
    after = dict(said(fresh, words))
    changes = [
        f"{name} : {before.get(name, NOTHING)} → {after.get(name, NOTHING)}"
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]
    if not changes:
        raise ValidationError(_("Rien ne diffère de la première saisie."))
    journal.record(
        "entry.corrected", at=at, by=by, installation=installation, what=named(fresh), reason=reason, changes=changes
    )
    return fresh  # type: ignore[no-any-return]


@act(*BEARERS)
def void_end(row: Act, *, installation: Installation, reason: str, at: datetime, by: By) -> Act:
    """Say that the end of an entry (a withdrawal, a lift) was typed by mistake: a copy without it takes its place."""
    _allowed(row, installation, by)
    ended = next((name for name in ENDS if getattr(row, name, None) is not None), "")
    if not ended:
        raise ValidationError(_("Cette saisie n’a pas de fin à annuler."))
    fresh = _copy(row, at=at, by=by)
    setattr(fresh, ended, None)
    fresh.end_recorded_at = fresh.end_recorded_by = None
    _strike_out(row, reason, at=at, by=by)
    fresh.save()
    _links(row, fresh)
    journal.record("entry.end_voided", at=at, by=by, installation=installation, what=named(fresh), reason=reason)
    return fresh  # type: ignore[no-any-return]


def _allowed(row: Act, installation: Installation, by: By) -> None:
    demand(by, RIGHTS[type(row)], installation)
    if not entries_of(type(row), installation, voided=True).filter(pk=row.pk).exists():
        raise PermissionDenied(WITHOUT)
    owner: Any = row.agreement if isinstance(row, AgreementMeasure) else row
    if hasattr(owner, "person"):
        not_oneself(by, owner.person, field="reason")


def _strike_out(row: Any, reason: str, *, at: datetime, by: By) -> None:
    # One statement: of two that correct the same entry at once, one writes.
    rows = type(row).objects.filter(pk=row.pk)
    if not rows.update(void_at=at, void_by=who(by), void_reason=reason):
        raise ValidationError(VOIDED)


def _following(row: Act) -> list[Any]:
    if type(row) not in FOLLOWING:
        return []
    return list(getattr(row, FOLLOWING[type(row)][0]).order_by("pk"))


def _carry_end(row: Any, fresh: Any) -> None:
    """A withdrawal or a lift follows the correction; a last day does while the questions leave it as it was."""
    written = next((name for name in ENDS if getattr(row, name, None) is not None), "ends_on")
    if written in ENDS:
        setattr(fresh, written, getattr(row, written))
    if getattr(fresh, written, None) == getattr(row, written, None):
        fresh.end_recorded_at, fresh.end_recorded_by = row.end_recorded_at, row.end_recorded_by


def _carry(child: Any, row: Act, fresh: Act, *, at: datetime, by: By) -> None:
    copy = _copy(child, at=at, by=by)
    # It was recorded then, by whom it was: only what it hangs on is corrected.
    copy.recorded_at, copy.recorded_by = child.recorded_at, child.recorded_by
    setattr(copy, FOLLOWING[type(row)][1], fresh)
    _strike_out(child, "suit la saisie corrigée", at=at, by=by)
    copy.save()


def _copy(row: Any, *, at: datetime, by: By) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}
    copy = type(row)(**values)
    copy.corrects, copy.recorded_at, copy.recorded_by = row, at, who(by)
    return copy


def _links(row: Any, fresh: Any) -> None:
    for column in row._meta.many_to_many:
        getattr(fresh, column.name).set(getattr(row, column.name).all())


def said(row: Any, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what a row says, column by column, in the words of the form that wrote it."""
    for column in (*row._meta.concrete_fields, *row._meta.many_to_many):
        if column.name not in BOOKKEEPING:
            value = in_words(getattr(row, column.name), words.choices.get(column.name, {}))
            yield str(words.labels.get(column.name, column.name)), value
    # Two scans of one name are two pieces: the fingerprint tells.
    yield gettext("pièce"), f"{row.document.name}, {row.document.sha256[:12]}" if row.document else str(NOTHING)
    if isinstance(row, Order):
        for line in row.lines.select_related("position").order_by("position__code"):
            figures = f"{line.latitude:g}, {line.longitude:g}, {line.azimuth:g}°, {line.angle:g}°, {line.range_m:g} m"
            yield f"{ANNEX}, {line.position.code}", f"{figures}, {line.cameras}"


def in_words(value: Any, choices: Mapping[str, str]) -> str:
    """Return a value of a row in a few words."""
    match value:
        case None | "" | []:
            return str(NOTHING)
        case bool():
            return gettext("oui") if value else gettext("non")
        case datetime():
            return f"{value.astimezone(PARIS):%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case Manager():
            return ", ".join(sorted(getattr(row, "code", str(row)) for row in value.all())) or str(NOTHING)
        case [list(), *_]:
            return str(len(value))
        case list():
            return ", ".join(choices.get(str(item), str(item)) for item in value)
    return choices.get(str(value), str(getattr(value, "code", value)))
