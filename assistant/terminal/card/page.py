"""The cue card as HTML: one A4 page of phrases, legible from two metres, and one of drawings. Nothing is fetched.

Colours are those of paper, on a dark screen too, and nothing moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.show import STYLE, Drawing
from assistant.terminal.card.contents import Section

LINES = 50  # phrases and titles that fill two columns of A4 at the larger size; tried out by printing
LARGE_PT, SMALL_PT = 20, 15  # a capital of 20 points is 5 mm high, 8 minutes of arc at two metres; 5 are ordinary sight
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
@page {{ size: A4 portrait; margin: 10mm; }}
* {{ box-sizing: border-box; margin: 0; padding: 0; }}
body {{ font: {size}pt/1.28 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; color: #111;
       background: #fff; max-width: 190mm; margin: 0 auto; }}
header {{ display: flex; justify-content: space-between; align-items: baseline; border-bottom: 1mm solid #111;
         padding-bottom: 1mm; margin-bottom: 4mm; }}
h1 {{ font-size: 1.15em; }}
header p, footer {{ font-size: 12pt; color: #333; }}
main {{ columns: 2; column-gap: 8mm; }}
section {{ margin-bottom: 5mm; padding: 0 0 1mm 3mm; border-left: 1.6mm solid #2a6f97; }}
section.first, section.next {{ break-inside: avoid; }}
section.first {{ border-color: #b3261e; background: #fdecea; }}
h2 {{ font-size: .74em; text-transform: uppercase; letter-spacing: .04em; color: #2a6f97; }}
section.first h2 {{ color: #b3261e; }}
li {{ list-style: none; font-weight: 600; }}
footer {{ border-top: .4mm solid #999; padding-top: 1.5mm; margin-top: 3mm; }}
@media print {{ body {{ max-width: none; print-color-adjust: exact; -webkit-print-color-adjust: exact; }} }}
{style}</style>
</head>
<body>
<header><h1>{title}</h1><p>Say it in these words, or in words like them.</p></header>
<main>
{sections}
</main>
<footer>If it hurts, take your hands away first. Not a medical device, and not reviewed by a clinician.</footer>
{drawings}</body>
</html>
"""
DRAWINGS = """<article>
<header><h1>{title}</h1><p>Press only as much as feels comfortable.</p></header>
<div>
{figures}
<p>Orange: the place. Blue: the movement. Dashed: where the hand goes to. These are drawings made from the texts, not an
anatomical plate. Where one side is shown, the other is its mirror image. An opposite direction is not shown.</p>
</div>
</article>
"""
DRAWINGS_STYLE = """article { break-before: page; margin-top: 12mm; }
@media print { article { margin-top: 0; } }
article div { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4mm 5mm; }
figure { border: .4mm solid #999; }
figure svg { display: block; width: 86%; margin: 0 auto; }
article div p { font-size: 12pt; color: #333; }
figcaption { font-size: 12pt; font-weight: 600; padding: 1mm 2mm; border-top: .4mm solid #999; }
:root { --tp-ink: #111; --tp-paper: #fff; --tp-body: #d5dce4; --tp-far: #b3bec9; --tp-hand: #fff1d6;
        --tp-mark: #d8400b; --tp-arrow: #0b57c4; }
svg .w { display: none; }
svg * { animation: none !important; }
"""


def as_html(
    sections: Sequence[Section],
    *,
    language: str,
    drawings: Sequence[Drawing] = (),
    title: str = "tuina: what you can say",
    drawn: str = "The eight techniques",
) -> str:
    """Return the page. The first section stands out where there are several; many phrases are set smaller.

    `drawings` come on a second page, with `drawn` as its title; nine fit.
    """
    lines = sum(len(section.phrases) + 1 for section in sections)
    kinds = ("first", *["next"] * (len(sections) - 1)) if len(sections) > 1 else ("all",)
    blocks = [_block(section, kind) for section, kind in zip(sections, kinds, strict=True)]
    size = LARGE_PT if lines <= LINES else SMALL_PT
    figures = "\n".join(_figure(one) for one in drawings)
    return PAGE.format(
        language=escape(language),
        title=escape(title),
        size=size,
        sections="\n".join(blocks),
        drawings=DRAWINGS.format(title=escape(drawn), figures=figures) if drawings else "",
        style=STYLE + "\n" + DRAWINGS_STYLE if drawings else "",
    )


def _figure(one: Drawing) -> str:
    return f"<figure>{one.svg().strip()}<figcaption>{escape(one.title)}</figcaption></figure>"


def _block(section: Section, kind: str) -> str:
    items = "".join(f"<li>{escape(phrase)}</li>" for phrase in section.phrases)
    return f'<section class="{kind}"><h2>{escape(section.title)}</h2><ul>{items}</ul></section>'
