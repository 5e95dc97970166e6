"""Draws icon-512.png, the icon of the installed page: as icon.svg, to the edges, since systems cut their own corners.

python scripts/page_icon.py    writes assistant/web/page/icon-512.png; needs requirements-dev.lock
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

SIZE, FINER = 512, 4
UNIT = SIZE * FINER / 32  # icon.svg is 32 wide
PLACE = Path(__file__).parents[1] / "assistant" / "web" / "page" / "icon-512.png"
COLOURS = 12  # of the palette: smooth to the eye, in 4 kB


def disc(draw: ImageDraw.ImageDraw, radius: float, colour: str) -> None:
    """Draw a disc in the middle."""
    draw.ellipse([(16 - radius) * UNIT, (16 - radius) * UNIT, (16 + radius) * UNIT, (16 + radius) * UNIT], colour)


def main() -> None:
    """Draw it finer, make it smaller, and store it with a palette."""
    picture = Image.new("RGB", (SIZE * FINER, SIZE * FINER), "#0f5c63")
    draw = ImageDraw.Draw(picture)
    for radius, colour in ((9.5, "#fff"), (6.5, "#0f5c63"), (2.5, "#ffb27a")):
        disc(draw, radius, colour)
    small = picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(PLACE, optimize=True)


if __name__ == "__main__":
    main()
