"""Judged results of `tuina bench`, made by hand."""

from __future__ import annotations

from assistant.messages import Heard
from assistant.terminal.bench.judge import JudgedClip, judged
from assistant.terminal.bench.listen import HeardClip, Utter
from assistant.terminal.bench.manifest import ManifestRow
from assistant.terminal.bench.told import Told


def utter(intent: str | None, at_s: float = 0.0, **options: object) -> Utter:
    slots = options.pop("slots", {})
    is_legal = bool(options.pop("is_legal", True))
    acted_s = float(options.pop("acted_s", at_s + 1.0))
    options = {"is_final": True, "is_sure": True, "score": 10.0, "spare": 1.0, **options}
    asked = options.pop("asked", None)
    heard = Heard(text=intent or "", at_s=at_s, end_s=at_s + 0.5, **options)
    meaning = (intent, slots) if intent else None
    told = Told(did=(meaning,) if meaning and heard.is_sure and is_legal else (), asked=(asked, {}) if asked else None)
    return Utter(heard=heard, told=told, meaning=meaning, is_legal=is_legal, acted_s=acted_s, cpu_s=0.05)


def item(want: str | None, *utters: Utter, slots: dict[str, object] | None = None, **result: object) -> JudgedClip:
    about = result.pop("row", {})
    row = ManifestRow(
        **{"file": "a.flac", "intent": want, "slots": slots, "kind": "command" if want else "talk", **about}
    )
    return judged(row, "clean", "", HeardClip(utters=utters, **{"seconds": 2.0, "fed_s": 3.3, "cpu_s": 0.1, **result}))
