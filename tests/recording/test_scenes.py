"""The simulator's drawings: a number anybody can read, eight streets that move, clips drawn once."""

import random
from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from recording.barcode import CAPACITY, MODULE_WIDTH, MODULES, modules_of, read, stamp
from recording.clips import Recipe, draw_clips, ensure_clip, missing_clips
from recording.scenes import SCENES, draw, title

SMALL = (320, 180)
TINY = Recipe(scene=4, seconds=2, fps=10, width=320, height=180)


def stamped(number: int, size: tuple[int, int] = (1280, 720), *, background: str = "#cdbb9f") -> Image.Image:
    picture = Image.new("RGB", size, background)
    stamp(picture, number)
    return picture


# --- the bar code
@pytest.mark.parametrize("number", [0, 1, 1799, 21845, CAPACITY - 1])
@pytest.mark.parametrize("width", [1280, 447, 400, 330, 213])
def test_a_number_is_read_on_a_screenshot_of_any_size(number: int, width: int) -> None:
    shown = stamped(number).resize((width, width * 9 // 16), Image.Resampling.BILINEAR)

    assert read(shown) == number


@pytest.mark.parametrize("page", ["white", "#111817"])
def test_a_number_is_read_with_a_margin_of_the_page_around_the_picture(page: str) -> None:
    screenshot = Image.new("RGB", (460, 300), page)
    screenshot.paste(stamped(1234).resize((400, 225), Image.Resampling.LANCZOS), (31, 22))

    assert read(screenshot) == 1234


def test_a_number_is_read_after_a_strong_compression() -> None:
    squeezed = BytesIO()
    stamped(987).resize((400, 225)).save(squeezed, "JPEG", quality=30)

    assert read(Image.open(squeezed)) == 987


def test_a_number_is_read_on_one_row_of_grey_pixels() -> None:
    row = stamped(4321).convert("L").resize((640, 360)).crop((0, 8, 640, 9))

    assert read(row) == 4321


@pytest.mark.parametrize("module", range(MODULES))
def test_one_wrong_module_makes_the_code_unreadable_rather_than_wrong(module: int) -> None:
    picture = stamped(1500)
    width = round(MODULE_WIDTH * 1280)
    left = (1280 - width * MODULES) // 2 + module * width
    opposite = "black" if modules_of(1500)[module] else "white"

    picture.paste(opposite, (left, 0, left + width, 40))

    assert read(picture) is None


def test_noise_and_plain_pictures_hold_no_number() -> None:
    dice = random.Random(4)
    noise = [Image.frombytes("L", (w, 90), dice.randbytes(w * 90)) for w in (90, 160, 320) for _ in range(3)]
    blurred = [picture.resize((w, 90), Image.Resampling.BICUBIC) for picture in noise for w in (320, 900)]
    plain = [Image.new("RGB", SMALL, "white"), Image.new("L", (20, 20))]

    assert {read(picture) for picture in (*noise, *blurred, *plain)} == {None}


@pytest.mark.parametrize("number", [-1, CAPACITY])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="16 bits"):
        modules_of(number)


# --- the streets
@pytest.mark.parametrize("scene", range(1, SCENES + 1))
def test_a_street_moves_and_carries_its_frame_number(scene: int) -> None:
    first, later = (draw(scene, frame, 15, size=SMALL) for frame in (30, 75))
    below = (0, 20, 320, 180)

    changed = ImageStat.Stat(ImageChops.difference(first.crop(below), later.crop(below)).convert("L")).sum[0]

    assert (read(first), read(later)) == (30, 75)
    assert first.size == SMALL
    assert changed > 1000


def test_the_same_frame_is_always_drawn_the_same() -> None:
    once = draw(3, 40, 15, size=SMALL).tobytes()
    draw(3, 900, 15, size=SMALL)

    assert draw(3, 40, 15, size=SMALL).tobytes() == once


@pytest.mark.parametrize("scene", range(1, SCENES + 1))
def test_the_loop_of_two_minutes_shows_no_jump(scene: int) -> None:
    street = (0, 20, 320, 180)

    start, end = (draw(scene, frame, 15, size=SMALL).crop(street) for frame in (0, 120 * 15))

    assert ImageStat.Stat(ImageChops.difference(start, end).convert("L")).mean[0] < 0.5


def test_the_eight_streets_are_different_and_named() -> None:
    pictures = {draw(scene, 0, 15, size=SMALL).tobytes() for scene in range(1, SCENES + 1)}

    assert len(pictures) == len({title(scene) for scene in range(1, SCENES + 1)}) == SCENES == 8


@pytest.mark.parametrize("scene", [0, 9])
def test_an_unknown_street_is_refused(scene: int) -> None:
    with pytest.raises(ValueError, match="de 1 à 8"):
        draw(scene, 0, 15, size=SMALL)


# --- the clips
def decoded(path: Path) -> tuple[list[int | None], list[bool], str]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        numbers = [read(frame.to_image()) for frame in frames]  # type: ignore[no-untyped-call]
        return numbers, [frame.key_frame for frame in frames], stream.codec_context.name


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_clip_holds_every_frame_and_a_keyframe_each_second(tmp_path: Path, codec: str) -> None:
    recipe = Recipe(scene=4, seconds=2, fps=10, width=320, height=180, codec="hevc" if codec == "hevc" else "h264")

    numbers, keyframes, name = decoded(ensure_clip(tmp_path, recipe))

    assert name == codec
    assert numbers == list(range(20))
    assert [index for index, key in enumerate(keyframes) if key] == [0, 10]


def test_a_clip_is_drawn_once(tmp_path: Path) -> None:
    first = ensure_clip(tmp_path, TINY).stat()

    again = ensure_clip(tmp_path, TINY).stat()

    assert (first.st_ino, first.st_mtime_ns) == (again.st_ino, again.st_mtime_ns)


def test_an_interrupted_drawing_leaves_no_clip(tmp_path: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_clip(tmp_path, TINY, at_each_frame=interrupt)

    assert list(tmp_path.iterdir()) == []


def test_two_processes_draw_the_missing_clips(tmp_path: Path) -> None:
    recipes = [Recipe(scene=scene, seconds=1, fps=5, width=320, height=180) for scene in (1, 2)]

    assert missing_clips(tmp_path, [*recipes, *recipes]) == recipes

    drawn = list(draw_clips(tmp_path, recipes))

    assert sorted(drawn, key=lambda recipe: recipe.scene) == recipes
    assert missing_clips(tmp_path, recipes) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(recipe.filename for recipe in recipes)


def test_drawing_stops_when_nobody_waits_for_it(tmp_path: Path) -> None:
    long = [Recipe(scene=scene, seconds=1000, width=320, height=180) for scene in (1, 2)]

    drawn = list(draw_clips(tmp_path, long, go_on=lambda: False))

    assert (drawn, list(tmp_path.iterdir())) == ([], [])


def test_a_clip_that_cannot_be_drawn_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="pas pu être dessinée"):
        list(draw_clips(tmp_path, [Recipe(scene=9, seconds=1, width=320, height=180)]))


def test_a_loop_longer_than_its_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="65536"):
        ensure_clip(tmp_path, Recipe(seconds=5000))
