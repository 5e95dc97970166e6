"""Replays a trace: feeds its events to the dialogue and compares the effects with the recorded ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import BadTrace
from assistant.messages import Beat, Cue, Effect, Say
from assistant.messages.records import Record, event_of, record_effect
from assistant.respond.dialogue import advance
from assistant.respond.states import Opening, State
from assistant.speak.wording import Wording
from assistant.wire.build import LoadedFiles
from assistant.wire.trace import VERSION, digest


def replay_file(path: Path, loaded: LoadedFiles) -> tuple[int, int]:
    """Return the numbers of reproduced events and effects. Raises BadTrace at the first difference, with its line."""
    lines = _records(path)
    _check_header(path, next(lines, (0, {})), loaded)
    state: State = Opening()
    expected: list[Record] = []
    events = effects = 0
    at_line = 1
    for at_line, record in lines:
        if "refused" in record:
            continue
        if "effect" in record:
            if not expected or expected[0] != record:
                raise _differs(path, at_line, expected[0] if expected else None)
            expected.pop(0)
            effects += 1
            continue
        if expected:
            raise _differs(path, at_line, expected[0])
        try:
            event = event_of(record)
            state, given = advance(state, event, loaded.library)
        except BadTrace as error:
            raise BadTrace(error.what, where=f"{path}:{at_line}", remedy=error.remedy) from error
        except (LookupError, ValueError, TypeError) as error:  # an invalid value of an event
            what = f"the dialogue has no answer to this event ({type(error).__name__}: {error})"
            raise BadTrace(what, where=f"{path}:{at_line}", remedy=_REMEDY) from error
        expected = [_as_written(event.at_s, effect, Wording(loaded.pack)) for effect in given]
        events += 1
    if expected:
        raise _differs(path, at_line + 1, expected[0])
    return events, effects


def _as_written(at_s: float, effect: Effect, wording: Wording) -> Record:
    text = ""
    match effect:
        case Say():
            text = wording.sentence(effect)
        case Beat():
            text = wording.beat(effect)
        case Cue():
            text = wording.cue(effect)
    written: Record = json.loads(json.dumps(record_effect(at_s, effect, text)))
    return written


def _records(path: Path) -> Iterator[tuple[int, Record]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                record = _parsed(line, f"{path}:{number}")
                if not isinstance(record, dict) or not {"event", "effect", "refused"} & record.keys():
                    raise BadTrace(
                        "neither an event nor an effect nor a refusal", where=f"{path}:{number}", remedy=_REMEDY
                    )
                yield number, record
    except OSError as error:
        raise BadTrace(f"cannot be read ({error.strerror})", where=str(path), remedy="Check the path") from error
    except UnicodeDecodeError as error:
        raise BadTrace("not UTF-8 text", where=str(path), remedy=_REMEDY) from error


def _parsed(line: str, where: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadTrace(f"not a line of JSON ({error})", where=where, remedy=_REMEDY) from error


def _check_header(path: Path, first: tuple[int, Record], loaded: LoadedFiles) -> None:
    header = first[1]
    if header.get("event") != "opened" or header.get("version") != VERSION:
        raise BadTrace(f"not a trace of version {VERSION}", where=f"{path}:1", remedy=_REMEDY)
    if header.get("library") != digest(loaded.library):
        raise BadTrace(
            "was recorded with other technique or routine files",
            where=f"{path}:1",
            remedy="Replay it with the files of that day, or record a new one",
        )


def _differs(path: Path, line: int, wanted: Record | None) -> BadTrace:
    what = f"the dialogue now gives {json.dumps(wanted)}" if wanted else "the dialogue now gives no such effect"
    return BadTrace(what, where=f"{path}:{line}", remedy="Behaviour changed, or the trace was edited")


_REMEDY = "Record it again with: tuina start --trace FILE"
