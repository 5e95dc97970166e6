"""Makes all documents from the files and the dialogue: states.md and .svg, spoken.md, card.html, pictures.md in docs/.

Run it with `make docs`; a test fails while the committed files differ from its output.
"""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.language import LanguagePack
from assistant.respond.transitions import TABLE
from assistant.routine import Library
from assistant.store.library import load
from assistant.store.library.catalogue import home_folder
from assistant.terminal.card.contents import card, firsts
from assistant.terminal.card.page import as_html
from assistant.terminal.documents import pictures_md, spoken_md, states_md
from assistant.terminal.documents.reachable_states import Change, changes, steps
from assistant.terminal.documents.states_svg import as_svg

ROUTINE = "full"  # all techniques, so that no sentence is missing
LANGUAGE = "en"


def documents(library: Library, pack: LanguagePack, found: frozenset[Change]) -> dict[str, str]:
    """Return file names with their texts, of the changes of state that a walk has found."""
    replies = (home_folder() / "grammars" / LANGUAGE / "replies.yaml").read_text(encoding="utf-8")
    groups = spoken_md.grouped(replies)
    return {
        "states.md": states_md.as_markdown(found),
        "states.svg": as_svg(found, [kind.__name__ for kind in TABLE]),
        "spoken.md": spoken_md.as_markdown(library, pack, groups, ROUTINE),
        "card.html": as_html(card(pack), language=LANGUAGE, drawings=firsts(library, ROUTINE)),
        **pictures_md.documents(library, ROUTINE),
    }


def main(folder: Path) -> None:
    """Write all documents into a folder; takes about a minute, since it explores the whole dialogue."""
    loaded = load(LANGUAGE)
    found = changes(loaded.library, steps(loaded.library, loaded.pack))
    for name, text in documents(loaded.library, loaded.pack, found).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
