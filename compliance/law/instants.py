"""The instants that dated values name: those at which an answer about them may change. Pure: it reads no clock."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, get_args

from compliance.law.calendar import day_after, midnight


def changes(value: object) -> list[datetime]:
    """Return, in UTC, every instant at which the answer about these facts may change: the start of a day named, the end
    of a last day, each instant written. Between two of them no requirement starts or ceases to stop; alerts may come.
    """
    found: list[datetime] = []
    _collect(value, "", found)
    return found


def _collect(value: Any, name: str, found: list[datetime]) -> None:
    if isinstance(value, datetime):
        found.append(value.astimezone(UTC))
    elif isinstance(value, date):
        found.append(_end(value) if name == "ends_on" else _start(value))
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, "", found)
    else:
        kind: Any = type(value)
        for attribute in _dated(kind):
            held = getattr(value, attribute)
            if held:  # neither None nor an empty tuple: a date is always true
                _collect(held, attribute, found)


@lru_cache(maxsize=8192)
def _start(day: date) -> datetime:
    return midnight(day).astimezone(UTC)


@lru_cache(maxsize=8192)
def _end(last_day: date) -> datetime:
    return day_after(last_day).astimezone(UTC)


@cache
def _dated(kind: type[Any]) -> tuple[str, ...]:
    """Return the fields of a kind of fact that may hold a date, its own or that of a fact within."""
    if not is_dataclass(kind):
        return ()
    return tuple(f.name for f in fields(kind) if f.compare and any(_may_hold(leaf) for leaf in _leaves(f.type)))


def _may_hold(leaf: Any) -> bool:
    kind: Any = leaf if isinstance(leaf, type) else object
    return issubclass(kind, date) or bool(_dated(kind))


def _leaves(hint: Any) -> Iterator[Any]:
    """« tuple[Order, ...] | None » is made of Order, of ... and of None."""
    within = get_args(hint)
    if not within:
        yield hint
    for part in within:
        yield from _leaves(part)
