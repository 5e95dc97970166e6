"""Each intent with every kind of slots that it may bring, for tests that try all of them in each state."""

from __future__ import annotations

from assistant.messages import Intent, NotNow, Said, Say

SLOTS = {
    Intent.GO_TO: ({"number": 3}, {"number": -1}, {"number": 20}, {"technique": "leg pinch"}, {"technique": "x"}),
    Intent.START_ROUTINE: ({"routine": "evening"}, {"routine": "x"}),
    Intent.CHOOSE: (
        {"without": "legs"},
        {"only": "kidney point, back pound", "number": 10},
        {"only": "back pound", "number": 60},
        {"routine": "evening", "without": "leg pinch"},
        {"only": "x"},
        {"routine": "x"},
    ),
    Intent.WHATS_IN_IT: ({}, {"routine": "legs"}, {"routine": "x"}),
    Intent.TIME_LEFT: ({}, {"routine": "legs"}),
    Intent.MORE_REPS: ({"number": 5}, {}, {"double": 1}, {"total": 40}),
    Intent.FEWER_REPS: ({"number": 12}, {"number": 1}, {}, {"half": 1}),
    Intent.PICK_SIDE: ({"side": "left"}, {"side": "right"}, {"side": "left", "only": 1}, {"side": "right", "only": 1}),
    Intent.SORER_SIDE: ({"side": "left"}, {"side": "both"}, {"side": "left", "hurts": 1}),
    Intent.REPEAT: ({}, {"last": 1}),
    Intent.NEXT: ({}, {"clue": 1}),
    Intent.WAIT_FOR: ({"duration": 120},),
    Intent.SHORT_SESSION: ({"duration": 300}, {"duration": 1}, {}),
    Intent.RATE_PAIN: ({"number": 4}, {"number": -1}),
    Intent.ASK: (
        {"topic": "posture"},
        {"topic": "oil", "technique": "leg pinch"},
        {"topic": "what_is", "term": "sacrum"},
        {},
    ),
    Intent.HEALTH: ({"about": "legs"}, {"about": "unwell"}, {"about": "skin"}, {"about": "nerves"}, {"about": "x"}),
    Intent.CHANGE_ANSWER: ({}, {"answer": "no"}, {"answer": "yes"}),
}


def said(intent: Intent, slots=None) -> Said:
    text = intent.value if intent in {Intent.YES, Intent.NO} else "anything"
    return Said(at_s=101.0, intent=intent, slots=SLOTS.get(intent, ({},))[0] if slots is None else slots, text=text)


def every_way(state: str):
    """Each intent, with all the slots that it may bring, as said and as not now."""
    for intent in Intent:
        yield NotNow(at_s=101.0, intent=intent)
        yield from (said(intent, slots) for slots in SLOTS.get(intent, ({},)))


def replies(effects):
    return [(effect.reply, dict(effect.values)) for effect in effects if isinstance(effect, Say)]
