"""Results of the engine: verdicts, words so far and shouts as values of the Recogniser protocol. Pure."""

from __future__ import annotations

from dataclasses import replace

from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.rules import REFUSED
from assistant.decode.phonetic.shouts import Shout
from assistant.decode.phonetic.transcriber import Written
from assistant.decode.segment import Utterance
from assistant.messages import Heard, Refusal, Shortfall

TOO_LONG = Refusal(text="", shortfalls=(Shortfall(rule="too_long"),))
"""Of speech that is longer than any command: it has no phrase."""


def words_so_far(at_s: float, end_s: float, written: Written) -> Heard:
    """Return open words of an utterance in progress, that no phrase was compared with."""
    return Heard(
        text="",
        is_final=False,
        is_sure=False,
        score=0.0,
        at_s=at_s,
        end_s=end_s,
        spare=REFUSED,
        transcripts=written.texts,
        misfit=written.misfit,
    )


def result(utterance: Utterance, verdict: Verdict | None, written: Written) -> Heard:
    """Return a final result; without a verdict the speech is too long for a command."""
    if verdict is None:
        unsure = words_so_far(utterance.at_s, utterance.end_s, written)
        return replace(unsure, is_final=True, refusal=TOO_LONG)
    return Heard(
        text=verdict.text,
        is_final=True,
        is_sure=verdict.is_sure,
        score=verdict.evidence.over_loop,
        at_s=utterance.at_s,
        end_s=utterance.end_s,
        runner_up=verdict.rival,
        margin=verdict.evidence.margin,
        spare=verdict.spare,
        refusal=verdict.refusal,
        transcripts=written.texts,
        misfit=written.misfit,
    )


def shouted(shout: Shout) -> Heard:
    """Return a word that was shouted over running talk."""
    return Heard(
        text=shout.text,
        is_final=False,
        is_sure=True,
        score=shout.gain,
        at_s=shout.at_s,
        end_s=shout.end_s,
        spare=shout.spare,
    )
