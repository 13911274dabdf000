"""What the drawn streets have in common: their colours, their sky, their rows of houses."""

from __future__ import annotations

from collections.abc import Sequence

from recording.brushes import Point, Sheet, house

WALLS = ("#d9cbb3", "#cdbb9f", "#e0cdb0", "#c9b3a0", "#d2c2a6", "#bfae98", "#d8c0a8")
SHUTTERS = ("#6d8078", "#8a5a4e", "#5f7486", "#7f8a66", "#97805f")
TILES, SLATE = "#7d5b4f", "#5f686a"
GOLD, OLIVE, RUST = "#a5803c", "#7f7a48", "#a0643c"
ROAD, PAVEMENT, STONE = "#74797a", "#aaa69b", "#b6ab97"
PETALS = ("#c8524a", "#e0a33c", "#e7d9c4", "#a4506e")


def sky(far: Sheet, *, top: str = "#a9bcc6", bottom: str = "#ece5d6", horizon: float = 190) -> None:
    """The sky down to the horizon, and its light below, for what the near sheet leaves open."""
    far.fade([(0, 0), (640, 0), (640, horizon), (0, horizon)], top, bottom)
    far.rect((0, horizon, 640, 360 - horizon), bottom)


def terrace(near: Sheet, corner: Point, *, widths: Sequence[float], heights: Sequence[float], first: int = 0) -> None:
    """A row of houses from its lower left corner; `first` chooses where the colours begin."""
    left, base = corner
    for index, (width, height) in enumerate(zip(widths, heights, strict=True), start=first):
        shutters = SHUTTERS[index % len(SHUTTERS)] if index % 3 else None
        tiles = TILES if index % 4 else "#6a5a55"
        house(near, (left, base - height, width, height), WALLS[index % len(WALLS)], tiles=tiles, shutters=shutters)
        left += width + 0.5
