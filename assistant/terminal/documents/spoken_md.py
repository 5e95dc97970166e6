"""docs/spoken.md as text: every sentence of one routine, in the order of a session, for a clinician."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.language import LanguagePack
from assistant.routine import Library, Technique
from assistant.screening import Question
from assistant.terminal.documents.outcomes import outcomes

HEAD = """# Everything that is said

Every sentence that the assistant can speak in "{title}", made by `make docs` from the files that it
speaks from. Do not edit: the files are named below. **No clinician has reviewed this yet.** Please read it as one:
is anything untrue, unsafe to follow, or said too late?

Words in {{braces}} are filled in while speaking: a number, a side, the name of a technique or of a routine. What stands
in double quotes is what the person may answer. Nothing else is ever spoken, but for a person's own routines.
"""
CHECK = """
## 2. The safety check (routines/safety/screening.yaml)

Asked before the first technique: the questions of what the routine touches, in full where they were not passed within
thirty days, and the one at the end where they were passed, but more than a day ago. Each question is read sentence by
sentence and answered once for all of its sentences. The tables are made by giving each answer to the program
itself; they name what it says by the keys of section 4. Behind the last question "I meant yes" is heard for five
minutes, but in a count: then all questions are asked again.
"""
TECHNIQUES = """
## 3. The techniques (routines/techniques/)

Spoken in this order. The sentences under "clues" are spoken one at a time when the person asks where the place is. A
technique that was done within thirty days is spoken without direction, sensation and notes; within three days also
without its number, the hands and the place. What tells of the second side, and every caution, is spoken always.
"""
REPLIES = """
## 4. All other sentences (grammars/{language}/replies.yaml)

Beside these the numbers are spoken ("{first}" to "{last}"), alone as the count and inside of sentences.
"""
ADVICE = {
    "Before a first session": ("advice_first", "advice_limits"),
    "On request": ("advice_causes", "advice_guidance", "advice_limits"),
}
ANSWERS = """
## 5. Answers to other questions (grammars/{language}/answers.yaml)

Spoken where a person asks about this and the technique has no answer of its own. While it counts only the first
sentence of an answer is spoken; while something hurts none is.

| asked | answer |
|---|---|"""


def as_markdown(library: Library, pack: LanguagePack, groups: Sequence[tuple[str, Sequence[str]]], routine: str) -> str:
    """Return the document. `groups`: the replies' keys in the file's order, under the comment that heads them."""
    lines = [HEAD.format(title=library.title(routine))]
    lines += ["## 1. The expert advice\n"]
    for when, advice in ADVICE.items():
        lines += [f"{when}:\n", *(f"- {pack.replies[key]}" for key in advice), ""]
    lines.append(CHECK)
    for number, question in enumerate(library.screening.questions, start=1):
        lines += _question(f"Question {number}", question, library, pack, routine)
    lines += _question("After a day", library.screening.since, library, pack, routine)
    lines.append(TECHNIQUES)
    for number, step in enumerate(library.routines[routine].steps, start=1):
        lines += _technique(number, library.techniques[step.technique], pack.code)
    lines.append(REPLIES.format(language=pack.code, first=pack.numbers[0], last=pack.numbers[max(pack.numbers)]))
    for title, keys in groups:
        lines += [f"\n### {title[:1].upper()}{title[1:]}\n", "| key | sentence |", "|---|---|"]
        lines += [f"| `{key}` | {_cell(pack.replies[key])} |" for key in keys]
    lines.append(ANSWERS.format(language=pack.code))
    explained = {f"{term.say[0]}?": term.answer for term in pack.answers.terms.values()}
    for asked, answer in (pack.answers.topics | explained).items():
        lines += [f"| {_topic(asked)} | {_cell(text)} |" for text in answer]
    return "\n".join(lines) + "\n"


def grouped(text: str) -> list[tuple[str, list[str]]]:
    """Return the keys of replies.yaml under their heading comments; keys before the first heading come last."""
    first: list[str] = []
    groups: list[tuple[str, list[str]]] = []
    for before, line in zip(["", *text.splitlines()], text.splitlines(), strict=False):
        if line.startswith("# ") and not before.strip():
            groups.append((line[2:].strip(), []))
        elif line[:1].isalpha() and ":" in line:
            (groups[-1][1] if groups else first).append(line.partition(":")[0])
    if groups and not groups[0][1]:
        groups.pop(0)  # the head of the file itself
    return [*(one for one in groups if one[1]), *([("The frame of every other sentence", first)] if first else [])]


def _question(title: str, question: Question, library: Library, pack: LanguagePack, routine: str) -> Iterator[str]:
    areas = ", ".join(question.asked_for)
    yield f"\n### {title}: {question.id.replace('-', ', ')} ({question.if_yes}; asked for: {areas})\n"
    yield from (f"- {text}" for text in question.words[pack.code])
    if question is library.screening.since:
        yield from (f"- Where a leg is touched: {text}" for text in library.screening.since_legs[pack.code])
    yield "\nIn other words, for who asks what it means:\n"
    yield from (f"- {text}" for text in question.explained[pack.code])
    yield "\n| answer | said then | leads to |\n|---|---|---|"
    yield from outcomes(library, question, routine)


def _technique(number: int, technique: Technique, code: str) -> Iterator[str]:
    words = technique.words[code]
    dose, tempo = technique.dose, technique.tempo_bpm
    yield f"\n### {number}. {words.name[:1].upper()}{words.name[1:]} (`{technique.id}`)\n"
    yield f"Source: {technique.source}. "
    yield (
        f"Dose: {dose.usual} ({dose.least} to {dose.most}), {tempo.usual} a minute ({tempo.least} to {tempo.most}). "
        f"Sides: {technique.sides}. Touches a leg: {'yes' if technique.works_on_leg else 'no'}."
        + (f" Spoken with the count: {', '.join(technique.cues)}." if technique.cues else "")
    )
    parts = [
        ("posture", words.posture),
        ("hands", words.hands),
        ("where", words.where),
        ("direction", words.direction),
        ("sensation", words.sensation),
        *(("note, in full only", text) for text in words.notes),
        *(("caution", text) for text in words.cautions),
        ("before the count", words.action),
        *(("turning", text) for text in dict.fromkeys(words.turns)),
        ("at the dose", words.feeling),
        ("other side", words.switch),
        *((f"clue {i}", text) for i, text in enumerate(words.landmarks, start=1)),
        *((f"asked: {_topic(topic)}", text) for topic, answer in words.answers.items() for text in answer),
    ]
    yield "\n| | sentence |\n|---|---|"
    yield from (f"| {name} | {_cell(text)} |" for name, text in parts if text)


def _topic(key: str) -> str:
    return key.replace("_", " ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
