"""The phonetic engine over real speech: what it gives back, and what it refuses to be given."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic import posteriors as posteriors_module
from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.phonetic.posteriors import IN_NOISE, Posteriors
from assistant.errors import EngineError
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Intent, Pcm, Phrase

AUDIO = Path(__file__).parents[2] / "data" / "speech" / "audio"
MANIFEST = AUDIO.parent / "manifest.jsonl"
BLOCK = round(BLOCK_S * EAR_RATE_HZ)
PHRASES = (
    Phrase(text="stop", intent=Intent.STOP),
    Phrase(text="yes", intent=Intent.YES),
    Phrase(text="no", intent=Intent.NO),
    Phrase(text="go back", intent=Intent.PREVIOUS),
    Phrase(text="go back to step one", intent=Intent.GO_TO, slots={"number": 1}),
)


@pytest.fixture(scope="module")
def engine() -> PhoneticEngine:
    made = PhoneticEngine()
    made.learn(PHRASES)
    return made


def clip(name: str) -> Pcm:
    """A recording with half a second of quiet around it."""
    quiet = np.zeros(EAR_RATE_HZ // 2, np.int16)
    return np.concatenate([quiet, soundfile.read(AUDIO / name, dtype="int16")[0], quiet])


def hear(engine: PhoneticEngine, pcm: Pcm, *, start_s: float = 0.0) -> list[Heard]:
    engine.reset()
    found: list[Heard] = []
    for i in range(0, len(pcm) // BLOCK * BLOCK, BLOCK):
        at_s = start_s + i / EAR_RATE_HZ
        found += engine.feed(AudioBlock(pcm=pcm[i : i + BLOCK], rate_hz=EAR_RATE_HZ, at_s=at_s))
    return [*found, *engine.finish()]


def finals(found: list[Heard]) -> list[Heard]:
    return [heard for heard in found if heard.is_final]


def a_stop() -> Pcm:
    return clip(min(path.relative_to(AUDIO).as_posix() for path in AUDIO.glob("gsc/stop_*")))


def test_a_word_is_heard_where_it_was_said(engine: PhoneticEngine) -> None:
    """A person's "stop" comes back once, sure, final, with the times of its voice."""
    (heard,) = finals(hear(engine, a_stop(), start_s=20.0))

    assert (heard.text, heard.is_sure, heard.is_final) == ("stop", True, True)
    assert 20.3 < heard.at_s < heard.end_s < 21.7
    assert heard.score > 8
    assert heard.runner_up != "stop"


def blocks_of(engine: PhoneticEngine, pcm: Pcm) -> list[tuple[float, Heard]]:
    """Return the results, each with the end of the block that gave it, in seconds from the start."""
    engine.reset()
    found = []
    for i in range(0, len(pcm) // BLOCK * BLOCK, BLOCK):
        block = AudioBlock(pcm=pcm[i : i + BLOCK], rate_hz=EAR_RATE_HZ, at_s=i / EAR_RATE_HZ)
        found += [((i + BLOCK) / EAR_RATE_HZ, heard) for heard in engine.feed(block)]
    return found


def test_stop_is_told_before_the_pause_is_over(engine: PhoneticEngine) -> None:
    """A clear "stop" is given at its end as a partial, and after the pause as the final of the same utterance."""
    pcm = clip(min(path.relative_to(AUDIO).as_posix() for path in AUDIO.glob("gsc/stop_*")))

    (early_s, early), (final_s, final) = blocks_of(engine, pcm)

    assert (early.text, early.is_final, early.is_sure) == ("stop", False, True)
    assert (final.text, final.is_final, final.is_sure) == ("stop", True, True)
    assert early.at_s == final.at_s
    assert early.spare > 0
    assert early_s - final.end_s < 0.12
    assert final_s - early_s > 0.2


def test_a_stop_whose_end_comes_late_is_told_before_the_pause_is_over(engine: PhoneticEngine) -> None:
    """Its p opens 0.1 s after the voice, and hama's own weights hear "start" until then."""
    quiet = np.zeros(EAR_RATE_HZ // 2, np.int16)
    spoken = soundfile.read(AUDIO.parent.parent / "spoken" / "gsc-988e2f9a" / "stop.flac", dtype="int16")[0]

    (early_s, early), (final_s, final) = blocks_of(engine, np.concatenate([quiet, spoken, quiet]))

    assert (early.text, early.is_final, early.is_sure) == ("stop", False, True)
    assert early_s - final.end_s < 0.2
    assert (final.text, final.is_final) == ("stop", True)
    assert final_s - early_s > 0.1


def test_what_cannot_be_taken_back_is_told_once(engine: PhoneticEngine) -> None:
    """An answer waits for the pause, and for no more than that where no phrase of another meaning begins with it."""
    path = max(path.relative_to(AUDIO).as_posix() for path in AUDIO.glob("gsc/yes_*"))

    ((final_s, final),) = blocks_of(engine, clip(path))

    assert (final.text, final.is_final) == ("yes", True)
    assert final_s - final.end_s < 0.4


def test_stop_is_not_told_early_where_it_is_not_legal(engine: PhoneticEngine) -> None:
    """A word without a legal meaning is given only as a final, so that "not now" is possible."""
    engine.expect(frozenset({Intent.YES, Intent.NO}))

    found = hear(engine, a_stop())
    engine.expect(frozenset(Intent))

    assert [heard.is_final for heard in found] == [True]


def test_same_sound_gives_the_same_answer(engine: PhoneticEngine) -> None:
    """Nothing depends on what was heard before a reset."""
    first = hear(engine, a_stop())
    hear(engine, clip("hibari-heart/" + min(p.name for p in (AUDIO / "hibari-heart").iterdir())))

    assert hear(engine, a_stop()) == first


def test_what_is_not_legal_is_heard_all_the_same(engine: PhoneticEngine) -> None:
    """Legality is not the ear's business: the phrase comes back, and somebody else says "not now"."""
    engine.expect(frozenset({Intent.YES, Intent.NO}))

    (heard,) = hear(engine, a_stop())
    engine.expect(frozenset(Intent))

    assert (heard.text, heard.is_sure) == ("stop", True)


def test_silence_is_nothing(engine: PhoneticEngine) -> None:
    """Quiet and noise give no utterance at all."""
    noise = (np.random.default_rng(0).standard_normal(3 * EAR_RATE_HZ) * 100).astype(np.int16)

    assert hear(engine, np.zeros(3 * EAR_RATE_HZ, np.int16)) == []
    assert hear(engine, noise) == []


def test_a_word_cut_by_the_end_is_not_lost(engine: PhoneticEngine) -> None:
    """At an end of the sound within speech, `finish` gives the words."""
    pcm = a_stop()[: round(1.35 * EAR_RATE_HZ)]

    assert [heard.text for heard in hear(engine, pcm)] == ["stop"]


def test_a_conversation_is_reported_once_without_words(engine: PhoneticEngine) -> None:
    """Speech without a pause is longer than any command: one unsure utterance, no words."""
    talk = json.loads(next(line for line in MANIFEST.read_text(encoding="utf-8").splitlines() if '"talk"' in line))
    sound = soundfile.read(AUDIO.parent / talk["file"], dtype="int16")[0]
    middle = sound[len(sound) // 2 - EAR_RATE_HZ // 2 :][:EAR_RATE_HZ]

    found = hear(engine, np.tile(middle, 20))

    assert [(heard.text, heard.is_sure) for heard in finals(found)] == [("", False)]
    assert not any(heard.is_sure for heard in found)


def test_words_that_cannot_be_said_are_named(engine: PhoneticEngine) -> None:
    """A phrase in another script is refused with its words, before anything is learned."""
    foreign = Phrase(text="stop 日本", intent=Intent.STOP)

    assert engine.unknown_words((*PHRASES, foreign)) == ("日本",)
    with pytest.raises(EngineError, match="日本"):
        PhoneticEngine().learn([foreign])


def test_no_phrase_is_an_error() -> None:
    """An ear without anything to listen for says so."""
    with pytest.raises(EngineError):
        PhoneticEngine().learn([])


def test_weights_for_other_tokens_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights whose columns mean something else are an error with a remedy, not a bad ear."""
    monkeypatch.setattr(posteriors_module, "phone_names", lambda: ("a",))

    with pytest.raises(EngineError, match="tokens") as caught:
        Posteriors()

    assert "vosk" in caught.value.remedy


@pytest.mark.parametrize("length", [0, 5, 3_000])
def test_damaged_weights_are_refused(tmp_path: Path, length: int) -> None:
    """A file that is cut off, or is not there, is an error with a remedy."""
    cut = tmp_path / "in_noise.hama"
    cut.write_bytes(IN_NOISE.read_bytes()[:length])

    for weights in (cut, tmp_path / "gone.hama"):
        with pytest.raises(EngineError, match="does not load") as caught:
            Posteriors(weights)
        assert weights.name in str(caught.value)
        assert "tuina" in caught.value.remedy


def test_posteriors_survive_odd_sound(posteriors: Posteriors) -> None:
    """No sound, one sample and full scale give frames of the right width and no surprise."""
    for pcm in (np.zeros(0, np.int16), np.ones(1, np.int16), np.full(8_000, -32_768, np.int16)):
        x = posteriors(pcm)
        assert x.shape[1] == posteriors.edge + 1
        assert not np.isnan(x).any()
