"""docs/pictures.md and its drawings: every technique, side and direction, with the words for who does not see them."""

from __future__ import annotations

from html import escape
from textwrap import fill

from assistant.routine import Library
from assistant.show import Drawing, drawings

WIDE = 180  # of a drawing on the page, in pixels: four beside each other on a laptop; chosen by eye
COLUMNS = 120
FOLDER = "pictures"
HEAD = """# Pictures

Made by `make docs` from `picture:` in [routines/techniques/](../routines/techniques); do not change it by hand.

These are drawings that show where the hands go and which way they move. They are not anatomical plates, and nobody
with clinical competence has reviewed them. The places are those that the texts tell, on one body of our own; another
body has them elsewhere, so find a point with its landmarks ("where is that point"). Where the article names no
direction, the arrow has two tips.

Orange is the place, blue the movement, a dashed hand is where the hand goes to, a grey hand lies still. Right is on the
right, as on your own back. The movement runs at the technique's usual tempo, and stands still for whoever asked the
system for less motion.
"""


def documents(library: Library, routine: str) -> dict[str, str]:
    """Return the page and its drawings by their paths below docs/, in the order of a routine. Raises KeyError."""
    steps = dict.fromkeys(step.technique for step in library.routines[routine].steps)
    page, files = [HEAD], {}
    for name in steps:
        drawn = list(drawings(library.techniques[name], library.language))
        files.update({f"{FOLDER}/{one.name}.svg": one.svg(is_alone=True) for one in drawn})
        title = library.words(name).name
        page.append(_section(title[0].upper() + title[1:], drawn))
    return {"pictures.md": "\n".join(page), **files}


def _section(title: str, drawn: list[Drawing]) -> str:
    pictures = "\n".join(_picture(one) for one in drawn)
    texts = "\n".join(
        fill(f"- `{one.name}`: {one.alt}", COLUMNS, subsequent_indent="  ", break_on_hyphens=False) for one in drawn
    )
    return f"## {title}\n\n{pictures}\n\n{texts}\n"


def _picture(one: Drawing) -> str:
    """Return a drawing with its title; what it shows is told in the list below it."""
    return f'<img src="{FOLDER}/{one.name}.svg" width="{WIDE}"\n  alt="{escape(one.title)}">'
