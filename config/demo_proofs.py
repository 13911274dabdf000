"""The small pieces of the demonstration: papers and pictures drawn here; nobody signed them, no camera took them."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

A4 = (595, 842)
INK, PAPER, GROUND, SKY = "#17211f", "#fbfaf6", "#c9d5d2", "#e4ecea"
MARK = "DÉMONSTRATION, DOCUMENT FICTIF"


def paper(title: str, *lines: str) -> bytes:
    """Return a one-page PDF: a title and its lines."""
    page = Image.new("RGB", A4, PAPER)
    draw = ImageDraw.Draw(page)
    draw.text((56, 64), MARK, fill="#855000", font=ImageFont.load_default(13))
    draw.text((56, 96), title, fill=INK, font=ImageFont.load_default(22))
    for number, line in enumerate(lines):
        draw.text((56, 150 + 24 * number), line, fill=INK, font=ImageFont.load_default(14))
    return _written(page, "PDF")


def snapshot(code: str, day: str, *, masks: int) -> bytes:
    """Return a drawn view of a street, with its masks: nobody in it, no plate."""
    picture = Image.new("RGB", (640, 360), SKY)
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 360), (250, 150), (390, 150), (640, 360)], fill=GROUND)
    for left, right in ((0, 230), (410, 640)):
        draw.rectangle([left, 60, right, 220], fill="#d9d4c6")
    for number in range(masks):
        left = 20 + 120 * number
        draw.rectangle([left, 96, left + 84, 190], fill=INK)
    draw.text((16, 12), f"{code}, {day}", fill=INK, font=ImageFont.load_default(18))
    draw.text((16, 330), MARK, fill="#855000", font=ImageFont.load_default(13))
    return _written(picture, "PNG")


def panel_photo(code: str, place: str, day: str) -> bytes:
    """Return the drawn photo of a panel: its pictogram, its words."""
    picture = Image.new("RGB", (480, 600), SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle([60, 60, 420, 480], fill=PAPER, outline=INK, width=3)
    draw.rectangle([170, 110, 270, 170], fill=INK)
    draw.polygon([(270, 125), (310, 110), (310, 170), (270, 155)], fill=INK)
    for number, line in enumerate(("Espace placé sous", "vidéoprotection", f"Panneau {code}", place)):
        draw.text((90, 220 + 40 * number), line, fill=INK, font=ImageFont.load_default(20))
    draw.rectangle([225, 480, 255, 600], fill="#8b8675")
    draw.text((16, 16), f"Photo du {day}. {MARK}", fill="#855000", font=ImageFont.load_default(13))
    return _written(picture, "PNG")


def _written(image: Image.Image, kind: str) -> bytes:
    kept = BytesIO()
    image.save(kept, kind)
    return kept.getvalue()
