"""The eight streets of Valclair-sur-Moselle, a town that does not exist, as the simulated cameras see them.

Each painter draws what is far (sky, hills: clouds pass in front of it) and what is near. No person, no plate, no
lettering: only the frame number is ever written in a picture. Nothing here moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recording.brushes import Point, Sheet
from recording.streets.around import cemetery, market, station, tanners
from recording.streets.centre import bridge, mill, school, town_hall


@dataclass(frozen=True)
class Street:
    """A painter, the part of the stage where clouds may pass, and the privacy masks burnt over the dwellings."""

    title: str
    paint: Callable[[Sheet, Sheet], None]
    sky_until: float
    masks: tuple[tuple[Point, ...], ...]


STREETS: tuple[Street, ...] = (
    Street(
        "place de la Mairie",
        town_hall,
        150,
        (((0, 92), (146, 128), (146, 184), (0, 206)), ((640, 100), (560, 116), (560, 188), (640, 202))),
    ),
    Street("rue du Pont", bridge, 150, (((8, 94), (190, 94), (190, 150), (8, 150)),)),
    Street("quai du Moulin", mill, 160, (((474, 132), (636, 132), (636, 176), (474, 176)),)),
    Street("parvis de l’école", school, 160, (((556, 124), (640, 120), (640, 190), (556, 190)),)),
    Street(
        "place du Marché",
        market,
        150,
        (((0, 84), (216, 84), (216, 160), (0, 160)), ((426, 84), (640, 78), (640, 160), (426, 160))),
    ),
    Street(
        "rue des Tanneurs",
        tanners,
        190,
        (((0, 58), (104, 82), (104, 212), (0, 246)), ((640, 40), (536, 76), (536, 214), (640, 250))),
    ),
    Street("gare", station, 170, (((558, 132), (620, 132), (620, 190), (558, 190)),)),
    Street("chemin du cimetière", cemetery, 180, (((22, 146), (104, 146), (104, 196), (22, 196)),)),
)
