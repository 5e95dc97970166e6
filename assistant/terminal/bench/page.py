"""One HTML page with everything of a run: no script, no external resource, every text escaped. Writes no file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from assistant.terminal.bench import pictures
from assistant.terminal.bench.ears import about
from assistant.terminal.bench.judge import JudgedClip
from assistant.terminal.bench.page_style import STYLE
from assistant.terminal.bench.run import Run
from assistant.terminal.bench.table import error_cells, worst_first
from assistant.terminal.bench.tally import GROUPS, NOTHING, Tally, confusions, tally_by
from assistant.terminal.bench.wording import hourly_words, overview_rows, seconds_words, share_words, words_rows

TITLES = {
    "kind": "By kind of clip",
    "speaker": "People and machines",
    "voice": "By voice",
    "intent": "By intent",
    "pace": "Words that act at once (stop, pause, pain) and others",
    "condition": "By condition",
    "state": "By state",
}
LONG = 12  # rows; a longer table is collapsed
HOW = """A command is right when the ear acts exactly once, with the wanted intent and slots; partial results count as
acts. Where nothing must be done, any act is false. In brackets: 95 % intervals, after Wilson for shares and Poisson for
the hour. CPU is processor time of the ear for a second of sound, with 1.3 s of quiet
around each clip, and in brackets without it. Memory is the most that the process of the ear ever held. Reaction is from
the end of the word (last 10 ms within 25 dB of the loudest, clip without noise) to the act: sound and processor time.
Processor time (also that in the reaction) and memory differ a little from run to run; nothing else does."""
SCORES = (
    "Of what came nearest to an act in each clip; the outermost bars hold all beyond them. What is no phrase has none."
)


def as_html(runs: Sequence[Run], asked: str, notes: Sequence[str] = ()) -> str:
    """Return the page; `asked` is the command that made it, `notes` list what was not measured."""
    body = [
        "<h1>How the ear did</h1>",
        f"<p><code>{escape(asked)}</code></p>",
        _overview(runs),
        "".join(f"<p class=bad>{escape(note)}</p>" for note in notes),
        _broken(runs),
        f"<p class=note>{escape(HOW)}</p>",
        _picture(
            "Recall against false accepts",
            pictures.recall_against_false(runs),
            "Marks: the ears as they are. Lines: the same with every bar raised or lowered by the same amount; ears "
            "that tell no distance to the bar have a mark only. What an ear refuses for other reasons stays refused.",
        ),
    ]
    body += [
        _picture(TITLES[group] + ", commands right", pictures.dots(runs, group)) for group in ("condition", "voice")
    ]
    body += [_engine(found, number) for number, found in enumerate(runs)]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>tuina bench</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body>\n</html>\n"
    )


def _overview(runs: Sequence[Run]) -> str:
    rows = [*overview_rows(runs), ("What it is", [about(found.spec) for found in runs])]
    head = ["", *(found.name for found in runs)]
    return _table(head, ([name, *cells] for name, cells in rows), "overview")


def _broken(runs: Sequence[Run]) -> str:
    lines = list(dict.fromkeys(line for found in runs for line in found.broken))
    if not lines:
        return ""
    listed = "".join(f"<li>{escape(line)}" for line in lines)
    return f"<p class=bad>{len(lines)} left out, since they cannot be used:</p><ul>{listed}</ul>"


def _engine(found: Run, number: int) -> str:
    parts = [f"<h2>{escape(found.name)}</h2><p class=note>{escape(about(found.spec))}</p>"]
    parts.append(
        _folded("What became of the words", _table(["", "", "%", "95 %"], words_rows(found.items), "counts"), 0)
    )
    parts += [_group(found.items, group) for group in GROUPS]
    parts.append(_picture("Scores", pictures.histogram(found, number), SCORES))
    parts.append(_confusion_table(found.items))
    parts.append(_errors(found.items))
    return "\n".join(part for part in parts if part)


def _group(items: Sequence[JudgedClip], group: str) -> str:
    held = tally_by(items, group)
    if len(held) <= 1:  # one group is the whole
        return ""
    head = [group, "commands right", "rejected", "wrong", "false clips", "false an hour", "reaction p50", "p95"]
    rows = ([name, *_cells(counts)] for name, counts in held.items())
    return _folded(TITLES[group], _table(head, rows, "counts"), len(held))


def _cells(counts: Tally) -> list[str]:
    numbers = [str(counts.rejected), str(counts.wrong)] if counts.n else ["", ""]
    has_some = counts.negative_clips > 0
    false = [share_words(counts.false_clips, counts.negative_clips), hourly_words(counts)] if has_some else ["", ""]
    times = [seconds_words(counts.reaction(share)) for share in (0.5, 0.95)]
    return [share_words(counts.right, counts.n) if counts.n else "", *numbers, *false, *times]


def _confusion_table(items: Sequence[JudgedClip]) -> str:
    counts = confusions(items)
    wanted = sorted({want for want, _ in counts}, key=lambda name: (name == NOTHING, name))
    got = sorted({got for _, got in counts} | set(wanted), key=lambda name: (name == NOTHING, name))
    head = "".join(f"<th class=turned><span>{escape(name)}</span>" for name in got)
    rows = []
    for want in wanted:
        total = sum(count for (name, _), count in counts.items() if name == want)
        cells = "".join(_shaded(counts[want, name], total, is_right=want == name) for name in got)
        rows.append(f"<tr><th>{escape(want)}{cells}")
    table = f"<div class=wide><table class=matrix><tr><th>wanted ↓ done →{head}{''.join(rows)}</table></div>"
    return _folded("Confusion matrix (clips; slots are not looked at)", table, 0)


def _shaded(count: int, total: int, *, is_right: bool) -> str:
    if not count:
        return "<td>"
    return f'<td class={"right" if is_right else "other"} style="--share:{round(100 * count / total)}%">{count}'


def _errors(items: Sequence[JudgedClip]) -> str:
    bad = worst_first(items)
    if not bad:
        return ""
    head = ["", "said", "wanted", "heard as", "score", "clip"]
    return _folded(
        f"Clips that were not right ({len(bad)})", _table(head, (error_cells(item) for item in bad), "errors"), len(bad)
    )


def _folded(title: str, inner: str, rows: int) -> str:
    is_open = "" if rows > LONG else " open"
    return f"<details{is_open}><summary>{escape(title)}</summary>{inner}</details>"


def _picture(title: str, svg: str | None, note: str = "") -> str:
    if svg is None:
        return ""
    return f"<figure><figcaption><b>{escape(title)}</b> {escape(note)}</figcaption>{svg}</figure>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> str:
    top = "".join(f"<th>{escape(cell)}" for cell in head)
    body = "".join(f"<tr><th>{escape(row[0])}" + "".join(f"<td>{escape(cell)}" for cell in row[1:]) for row in rows)
    return f"<div class=wide><table class={name}><thead><tr>{top}<tbody>{body}</table></div>"
