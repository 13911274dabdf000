"""A list to tick, however long: beyond fifty lines one searches it, and what was ticked stays. Below, plain boxes.

All goes by the form itself, without a script: its buttons send it again, to be shown and not judged (`ActForm`). What
is ticked and no longer shown is sent along by one hidden field, however many; the field validates the whole as ever.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from compliance.templatetags.wording import folded, grouped

SHOWN = 50
LONGEST = 100
# What a button asks, after the field's name: `positions_cocher`. Those that tick carry the search they were shown with.
SEARCH, TICK, UNTICK = "chercher", "cocher", "decocher"
Lines = list[tuple[str, str]]


class TickList(forms.CheckboxSelectMultiple):
    """Check boxes; a long list shows what is ticked first, then what is searched for, fifty lines of each at most."""

    template_name = "django/forms/widgets/tick_list.html"
    searched = ""
    again = False

    @staticmethod
    def asked(data: Mapping[str, Any], name: str) -> bool:
        """True when the form was sent to search or to tick, not to answer."""
        return any(f"{name}_{gesture}" in data for gesture in (SEARCH, TICK, UNTICK))

    def value_from_datadict(self, data: Mapping[str, Any], files: "MultiValueDict[str, Any]", name: str) -> list[str]:
        """Return what is ticked: the boxes sent, those kept without being shown, and what a button adds or takes."""
        sent = super().value_from_datadict(data, files, name) or []
        ticked = dict.fromkeys([*map(str, sent), *str(data.get(f"{name}_gardes") or "").splitlines()])
        self.again = self.asked(data, name)
        self.searched = str(data.get(f"{name}_q") or "").strip()[:LONGEST]
        for gesture in (TICK, UNTICK):
            if f"{name}_{gesture}" in data:
                self.searched = str(data[f"{name}_{gesture}"]).strip()[:LONGEST]
                ticked = self._changed(ticked, tick=gesture == TICK)
        return list(ticked)

    def _changed(self, ticked: dict[str, None], *, tick: bool) -> dict[str, None]:
        found = self._found(self._lines())
        return ticked | found if tick else {code: None for code in ticked if code not in found}

    def _lines(self) -> Lines:
        return [(str(code), str(label)) for code, label in self.choices]

    def _found(self, lines: Lines) -> dict[str, None]:
        words = folded(self.searched).split()
        return {code: None for code, label in lines if all(word in folded(label) for word in words)}

    def first(self, ticked: Lines) -> set[str]:
        """Return the ticked lines that a page shows: among more than it can, those searched for come first."""
        found = self._found(ticked)
        return {code for code, _label in sorted(ticked, key=lambda line: line[0] not in found)[:SHOWN]}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return what the template shows; a long list is parted in two groups."""
        lines = self._lines()
        if len(lines) <= SHOWN:
            return self._drawn(lines, name, value, attrs)
        held, found = set(self.format_value(value)), self._found(lines)
        ticked = [line for line in lines if line[0] in held]
        others = [line for line in lines if line[0] in found and line[0] not in held]
        first = self.first(ticked)
        groups = [
            (_("Cochées"), ticked, [line for line in ticked if line[0] in first]),
            (_("Trouvées, à cocher") if self.searched else _("À cocher"), others, others[:SHOWN]),
        ]
        choices = [(_counted(title, len(shown), len(every)), shown) for title, every, shown in groups if shown]
        context = self._drawn(choices, name, value, attrs)
        context["widget"]["search"] = {
            "searched": self.searched,
            "again": self.again,
            "total": len(lines),
            "ticked": len(ticked),
            "found": len(found),
            "to_tick": bool(others),
            "to_untick": len(others) < len(found),
            "hidden": len(ticked) - len(first),
            "kept": "\n".join(code for code, _label in ticked if code not in first),
        }
        return context

    def _drawn(self, choices: list[Any], name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of these choices alone: the list is read once, and stays whole for who reads it again."""
        whole, self.choices = self.choices, choices
        try:
            return super().get_context(name, value, attrs)
        finally:
            self.choices = whole


def _counted(title: str, shown: int, count: int) -> str:
    if shown == count:
        return f"{title} ({grouped(count)})"
    return _("{title} ({shown} montrées sur {count})").format(title=title, shown=shown, count=grouped(count))
