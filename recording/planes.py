"""Pictures held as the three planes an encoder wants: light, and two colours at half size; knows not what they show.

Working in planes spares a colour conversion of the whole picture at each frame: only the moving parts are touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

# BT.601, limited range: what a decoder assumes of a camera that says nothing.
_LIGHT_IN = [round(16 + value * 219 / 255) for value in range(256)]
_COLOUR_IN = [round(128 + (value - 128) * 224 / 255) for value in range(256)]
_LIGHT_OUT = [min(255, max(0, round((value - 16) * 255 / 219))) for value in range(256)]
_COLOUR_OUT = [min(255, max(0, round(128 + (value - 128) * 255 / 224))) for value in range(256)]


@dataclass(frozen=True)
class Planes:
    """One picture: light at full size, two colour differences at half size."""

    light: Image.Image
    blue: Image.Image
    red: Image.Image

    @classmethod
    def of(cls, picture: Image.Image) -> Planes:
        """The planes of a colour picture; its width and height must be even."""
        width, height = picture.size
        half = picture.resize((width // 2, height // 2), Image.Resampling.BOX)
        return cls(_channel(picture, 0), _channel(half, 1), _channel(half, 2))

    def copy(self) -> Planes:
        """The same picture, which may be drawn upon."""
        return Planes(self.light.copy(), self.blue.copy(), self.red.copy())

    def top(self, height: int) -> Planes:
        """The upper band, `height` pixels high (even)."""
        width = self.light.width
        small = (0, 0, width // 2, height // 2)
        return Planes(self.light.crop((0, 0, width, height)), self.blue.crop(small), self.red.crop(small))

    def put(self, other: Planes) -> None:
        """Lay an opaque picture over the upper left corner."""
        self.light.paste(other.light, (0, 0))
        self.blue.paste(other.blue, (0, 0))
        self.red.paste(other.red, (0, 0))

    def lay(self, sprite: Sprite, at: tuple[int, int]) -> None:
        """Lay a sprite, its upper left corner at `at` (pixels, may be outside)."""
        x, y = at
        self.light.paste(sprite.planes.light, (x, y), sprite.mask)
        self.blue.paste(sprite.planes.blue, (x // 2, y // 2), sprite.small_mask)
        self.red.paste(sprite.planes.red, (x // 2, y // 2), sprite.small_mask)

    def picture(self) -> Image.Image:
        """Back to a colour picture, as a viewer would see it."""
        size = self.light.size
        channels = [self.light.point(_LIGHT_OUT)]
        channels += [
            plane.resize(size, Image.Resampling.BILINEAR).point(_COLOUR_OUT) for plane in (self.blue, self.red)
        ]
        return Image.merge("YCbCr", channels).convert("RGB")

    def rows(self, strides: Sequence[int]) -> tuple[bytes, ...]:
        """The bytes of each plane, every row padded to the encoder's stride."""
        return tuple(
            _padded(plane, stride) for plane, stride in zip((self.light, self.blue, self.red), strides, strict=True)
        )


@dataclass(frozen=True)
class Sprite:
    """A picture with transparency, ready to be laid on planes."""

    planes: Planes
    mask: Image.Image
    small_mask: Image.Image

    @classmethod
    def of(cls, picture: Image.Image) -> Sprite:
        """The sprite of an RGBA picture; its width and height must be even."""
        width, height = picture.size
        # Reduced with its transparency, so that invisible pixels do not stain the colour of the edges.
        half = picture.resize((width // 2, height // 2), Image.Resampling.BOX)
        planes = Planes(_channel(picture, 0), _channel(half, 1), _channel(half, 2))
        return cls(planes, picture.getchannel("A"), half.getchannel("A"))


def _channel(picture: Image.Image, index: int) -> Image.Image:
    plane = picture.convert("RGB").convert("YCbCr").getchannel(index)
    return plane.point(_COLOUR_IN if index else _LIGHT_IN)


def _padded(plane: Image.Image, stride: int) -> bytes:
    if plane.width == stride:
        return plane.tobytes()
    wider = Image.new("L", (stride, plane.height))
    wider.paste(plane, (0, 0))
    return wider.tobytes()
