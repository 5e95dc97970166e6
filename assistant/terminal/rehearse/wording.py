"""Wording of a rehearsal: results become sentences of the language. Prints and speaks nothing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.language import LanguagePack
from assistant.messages import Say, SlotValue
from assistant.speak.wording import Wording
from assistant.terminal.acoustics.wording import RoomWords
from assistant.terminal.rehearse.commands import CommandToRehearse
from assistant.terminal.rehearse.learn import Missed, RehearsedCommand

ASK = ("rehearse_say", "rehearse_again", "rehearse_once_more")
MISSED: dict[Missed, str] = {
    "silence": "rehearse_silence",
    "too_quiet": "rehearse_too_quiet",
    "too_loud": "rehearse_too_loud",
}


class RehearsalWords:
    """The sentences of one rehearsal."""

    def __init__(self, pack: LanguagePack) -> None:
        """Take the language's replies."""
        self._wording = Wording(pack)
        self.room = RoomWords(pack).advice

    def begin(self) -> str:
        """Return the introduction."""
        return self._sentence("rehearse_begin")

    def ask(self, command: CommandToRehearse, n: int) -> str:
        """Return the request for take number `n`, counted from 0."""
        return self._sentence(ASK[min(n, len(ASK) - 1)], words=command.text)

    def missed(self, why: Missed) -> str:
        """Return the reason why a take cannot be used."""
        return self._sentence(MISSED[why])

    def verdict(self, result: RehearsedCommand) -> str:
        """Say how well a command is heard, with a remedy."""
        command, of = result.command, len(result.takes)
        values: dict[str, SlotValue] = {"words": command.text, "n": result.heard, "of": of, "after": result.after}
        if not result.takes:
            return self.missed(result.missed[-1] if result.missed else "silence")
        if result.heard == of:
            return self._sentence("rehearse_every", **values)
        if result.after > result.heard:
            return self._sentence("rehearse_learned", **values)
        instead = command.instead or command.text
        if result.sounds_like:
            return self._sentence("rehearse_like", **values, like=result.sounds_like, instead=instead)
        return self._sentence("rehearse_some", **values, instead=instead)

    def end(self, results: Sequence[RehearsedCommand]) -> str:
        """Say how well the person is heard overall."""
        if not results:
            return self._sentence("rehearse_nobody")
        good = sum(bool(one.takes) and one.after == len(one.takes) for one in results)
        return self._sentence("rehearse_all" if good == len(results) else "rehearse_most", n=good, of=len(results))

    def _sentence(self, reply: str, **values: SlotValue) -> str:
        return self._wording.sentence(Say(utterance=0, reply=reply, values=values))
