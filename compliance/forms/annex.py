"""The annex of an order on its form: which positions it names and, for each, the field that it authorises.

Among more positions than a page shows, the lines asked are those of the positions ticked and shown. A line never
shown is as declared; one typed, then out of sight, is kept by one hidden field. The page to check tells them all.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from compliance.forms.base import Answer, Group
from compliance.forms.entry import EntryForm
from compliance.forms.tick_list import SHOWN, TickList
from compliance.models import Order, Position

MOST_CAMERAS = 99
LINE = {
    "latitude": (_("Latitude, en degrés"), "any"),
    "longitude": (_("Longitude, en degrés"), "any"),
    "azimuth": (_("Azimut, en degrés depuis le nord"), "any"),
    "angle": (_("Ouverture, en degrés"), "any"),
    "range_m": (_("Portée, en mètres"), "any"),
    "cameras": (_("Nombre d’appareils"), "1"),
}
KEPT = "lignes_gardees"


def declared_of(positions: QuerySet[Position]) -> dict[int, Any]:
    """Return the last declaration of each position by primary key, in one query."""
    last: dict[int, Any] = {}
    for position in positions.prefetch_related("declarations"):
        held = max(position.declarations.all(), key=lambda d: d.since, default=None)
        if held is not None:
            last[position.pk] = held
    return last


class AnnexForm(EntryForm):
    """The questions of an order that names positions, one line each."""

    def prepare(self) -> None:
        """Add a line of the annex per position, filled with what is declared."""
        super().prepare()
        known = self.installation.positions.order_by("code")
        self.long = known.count() > SHOWN
        if self.long:
            self.fields["positions"].help_text = _(
                "Une fois cochée, le champ autorisé de chacune se règle plus bas ; sans cela, il est repris de ce qui "
                "est déclaré."
            )
            known = known.filter(code__in=self["positions"].value() or ())
        declared = declared_of(known)
        self.lines = {position.code: position for position in known}
        for position in self.lines.values():
            self.fields |= _questions(position, declared.get(position.pk))
        if self.long:
            self.fields[KEPT] = forms.CharField(required=False, widget=forms.HiddenInput)
            if self.is_bound:
                self._fill()

    def _fill(self) -> None:
        """Answer for the lines that the page did not show: as typed before, else as declared."""
        data: Any = copy(self.data)
        kept = dict(parse_qsl(str(data.get(KEPT) or ""), keep_blank_values=True))
        names = [_name(code, name) for code in self.lines for name in LINE]
        for name in names:
            if name not in data:
                data[name] = kept.get(name, self[name].initial)
        typed = {n: data[n] for n in names if self.fields[n].has_changed(self[n].initial, data[n])}
        data[KEPT] = urlencode(typed)
        self.data = data

    def entered_lines(self, row: Order) -> dict[str, Any]:
        """Return the answers that the annex of an order was made from."""
        lines = {line.position.code: line for line in row.lines.select_related("position")}
        return {
            "positions": list(lines),
            **{_name(code, name): getattr(line, name) for code, line in lines.items() for name in LINE},
        }

    def groups(self) -> list[Group]:
        """Return the lines of the annex, one fold per position."""
        return [
            Group(
                str(self.lines[code]),
                [self[_name(code, name)] for name in LINE],
                open=self._wrong(code),
            )
            for code in self._shown()
        ]

    def _wrong(self, code: str) -> bool:
        return self.is_bound and any(self[_name(code, name)].errors for name in LINE)

    def _shown(self) -> Iterable[str]:
        widget = self.fields["positions"].widget
        if not (self.long and isinstance(widget, TickList)):
            return self.lines
        first = widget.first([(code, str(position)) for code, position in self.lines.items()])
        return [code for code in self.lines if code in first or self._wrong(code)]

    def early(self) -> Iterator[forms.BoundField]:
        """Leave out the lines that the page does not show."""
        return (field for field in super().early() if not field.name.startswith("ligne_"))

    def told(self, name: str) -> bool:
        """The lines of the annex are told one position at a time."""
        return super().told(name) and not name.startswith("ligne_")

    def clean(self) -> dict[str, Any]:
        """Ask every number of the lines that the order names."""
        cleaned = super().clean() or self.cleaned_data
        for position in cleaned.get("positions") or ():
            for name in LINE:
                field = _name(position.code, name)
                if field not in self.errors and cleaned.get(field) is None:
                    self.add_error(
                        field,
                        _("{code} : donnez ce nombre, il est dans l’annexe de l’arrêté.").format(code=position.code),
                    )
        return cleaned

    def line(self, position: Position) -> dict[str, Any]:
        """Return the numbers of a position's line."""
        return {name: self.cleaned_data[_name(position.code, name)] for name in LINE}

    def answers(self) -> list[Answer]:
        """Say the annex line by line, only for the positions that the order names."""
        return [*super().answers(), *self._annex()]

    def _annex(self) -> Iterator[Answer]:
        for position in self.cleaned_data["positions"]:
            n = self.line(position)
            text = ngettext(
                "azimut {azimuth:g}°, ouverture {angle:g}°, portée {range_m:g} m, {cameras} appareil",
                "azimut {azimuth:g}°, ouverture {angle:g}°, portée {range_m:g} m, {cameras} appareils",
                n["cameras"],
            ).format(**n)
            label = _("Annexe, {code}").format(code=position.code)
            yield Answer(_name(position.code, "azimuth"), label, text)


def _name(code: str, name: str) -> str:
    return f"ligne_{code}_{name}"


def _questions(position: Position, held: Any) -> dict[str, forms.Field]:
    """Return the fields of a position's line."""
    found: dict[str, forms.Field] = {}
    for name, (label, step) in LINE.items():
        kind: type[forms.IntegerField] = forms.FloatField
        bounds: dict[str, Any] = {"initial": getattr(held, name, None)}
        if name == "cameras":
            kind, bounds = forms.IntegerField, {"initial": 1, "min_value": 1, "max_value": MOST_CAMERAS}
        found[_name(position.code, name)] = kind(
            label=label,
            required=False,
            widget=forms.NumberInput(attrs={"step": step, "inputmode": "decimal"}),
            **bounds,
        )
    return found
