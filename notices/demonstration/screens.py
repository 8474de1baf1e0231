"""Pictures for the demonstration's steps: invented screens, drawn."""

import io

from PIL import Image, ImageDraw

from notices.models import StoredFile

SIZE = (960, 600)
INK, PALE, LINE, MARK = "#1a3a6b", "#eef2f8", "#b4bfd2", "#d92121"

# By the place of a step among the others: what is marked on its screen (left, top, right, bottom), and its description.
SCREENS = {
    1: ((30, 150, 300, 210), "左のメニューの、上から1番目「利用環境」を赤い枠で囲んだ画面"),
    2: ((360, 300, 620, 360), "「訪問先での照会」の欄の「使う」を赤い枠で囲んだ画面"),
    4: ((30, 290, 300, 350), "左のメニューの、上から3番目「利用者の管理」を赤い枠で囲んだ画面"),
}


def screen(marked: tuple[int, int, int, int]) -> StoredFile:
    """A window with a menu and some fields, one place of it marked."""
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, SIZE[0], 90), fill=INK)
    draw.rectangle((30, 30, 330, 60), fill="white")
    draw.rectangle((0, 90, 330, SIZE[1]), fill=PALE)
    for top in range(150, 560, 70):
        draw.rounded_rectangle((40, top + 10, 290, top + 50), 6, fill="white", outline=LINE, width=2)
        draw.rectangle((60, top + 24, 60 + 30 * (3 + top % 4), top + 36), fill=LINE)
    for top in range(140, 520, 80):
        draw.rectangle((370, top, 370 + 40 * (4 + top % 3), top + 14), fill=INK)
        draw.rounded_rectangle((370, top + 24, 900, top + 60), 6, outline=LINE, width=2)
    draw.rounded_rectangle(marked, 8, outline=MARK, width=6)
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return StoredFile.objects.keep(content.getvalue(), "screen.png", "image/png")
