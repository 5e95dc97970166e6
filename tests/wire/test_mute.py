"""A loudspeaker that is gone: one sign is left, and who leaves is not kept waiting for a last word."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from assistant.messages import Failed, Recovered
from assistant.terminal.screen import Conversation
from assistant.wire.runtime import Typed, make_inbox, run_live


def test_who_leaves_while_nothing_can_sound_may_go(rehearse):
    """The player stands still without a speaker: the last word would never end."""
    rehearsal = rehearse("expert_advice_heard", "screening_passed")
    rehearsal.begin("full")
    inbox = make_inbox()
    inbox.put(Typed("end session"))

    run_live(rehearsal.session, inbox, rehearsal.player, lambda: (), is_mute=lambda: True)

    assert rehearsal.session.is_leaving
    assert not rehearsal.session.is_over


@pytest.mark.parametrize(("room", "bells"), [("speak", 1), ("capture", 0)])
def test_a_terminal_rings_when_the_speaker_is_lost(room, bells):
    """Nothing else can be heard then; where it can be said, it is."""
    out = StringIO()
    conversation = Conversation(Console(file=out, force_terminal=True))

    conversation.on_event(Failed(at_s=0.0, room=room, reason="gone"))
    conversation.on_event(Recovered(at_s=1.0, room=room))

    assert out.getvalue().count("\a") == bells
    assert f"{room}: works again" in out.getvalue()
