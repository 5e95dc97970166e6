import sys
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.capture.echo import MOST_WAITING, EchoCanceller
from assistant.errors import EngineError
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock

BLOCK = round(BLOCK_S * EAR_RATE_HZ)
PLAYED = round(BLOCK_S * MOUTH_RATE_HZ)


def cancel(canceller, heard, far, *, at_s=0.0, lost=(0, 0)):
    """Return `heard` (16 kHz) without the echo of `far` (24 kHz); blocks within `lost` never arrive."""
    left = np.zeros_like(heard)
    for n in range(len(heard) // BLOCK):
        canceller.played(far[n * PLAYED : (n + 1) * PLAYED])
        if lost[0] <= n < lost[1]:
            continue
        here = slice(n * BLOCK, (n + 1) * BLOCK)
        block = AudioBlock(pcm=heard[here], rate_hz=EAR_RATE_HZ, at_s=at_s + n * BLOCK_S)
        left[here] = canceller.cancel(block, canceller.played_s).pcm
    return left


def of_voice(pcm):
    """From where somebody speaks on."""
    return pcm[np.argmax(np.abs(pcm) > np.abs(pcm).max() / 10) :]


def lowered_db(heard, left, from_s, to_s):
    """By how much the sound between two times became quieter."""
    part = slice(round(from_s * EAR_RATE_HZ), round(to_s * EAR_RATE_HZ))
    power = [float(np.mean(np.square(each[part].astype(float)))) for each in (heard, left)]
    return 10 * np.log10(power[0] / (power[1] + 1e-9))


@pytest.mark.parametrize("ppm", [0.0, 100.0])
def test_the_loudspeaker_is_gone_after_ten_seconds(spoken_for, in_a_room, for_the_speaker, ppm):
    """One clock or two: what is left of the echo is 20 dB quieter at least."""
    far = spoken_for(25)
    heard = in_a_room(far, ppm=ppm)

    left = cancel(EchoCanceller(), heard, for_the_speaker(far))

    assert lowered_db(heard, left, 10, 24) >= 20


def test_a_person_is_left_while_it_speaks(spoken_for, in_a_room, for_the_speaker, a_command):
    """The canceller takes the loudspeaker, and not who speaks over it."""
    far = spoken_for(20)
    heard, both = in_a_room(far), in_a_room(far)
    start = 16 * EAR_RATE_HZ
    both[start : start + len(a_command)] += a_command

    alone = cancel(EchoCanceller(), heard, for_the_speaker(far))
    left = cancel(EchoCanceller(), both, for_the_speaker(far))

    part = slice(start, start + len(a_command) + BLOCK)
    likeness = np.correlate(left[part].astype(float), a_command.astype(float), "valid")
    assert np.std(left[part]) > 10 * np.std(alone[part])
    assert likeness.max() > 0.7 * np.linalg.norm(left[part].astype(float)) * np.linalg.norm(a_command.astype(float))


def test_while_nothing_sounds_the_microphone_passes(spoken_for, in_a_room, for_the_speaker, a_command):
    """Half a second after it fell silent, a person is heard sample for sample as the microphone gave it."""
    far = spoken_for(8)
    quiet = np.zeros(3 * EAR_RATE_HZ, np.int16)
    heard = in_a_room(np.concatenate([far, quiet]))
    heard[-len(a_command) :] = a_command

    left = cancel(EchoCanceller(), heard, for_the_speaker(np.concatenate([far, quiet])))

    assert np.array_equal(left[-len(a_command) :], a_command)


def test_what_a_person_said_in_a_silence_does_not_come_back_after_it(spoken_for, in_a_room, for_the_speaker, a_command):
    """A person answers while it falls silent; when it speaks again, no piece of the answer is heard a second time."""
    far = np.concatenate([spoken_for(6), np.zeros(round(1.5 * EAR_RATE_HZ), np.int16), spoken_for(1)])
    heard, answered = in_a_room(far), in_a_room(far)
    start, again = (round(at_s * EAR_RATE_HZ) for at_s in (5.6, 7.5))
    loudest = int(np.argmax(np.abs(a_command)))
    answer = np.tile(a_command[loudest : loudest + BLOCK], 60)  # "aah": loud whenever it stops being listened through
    answered[start : start + len(answer)] += answer

    alone = cancel(EchoCanceller(), heard, for_the_speaker(far))
    left = cancel(EchoCanceller(), answered, for_the_speaker(far))

    assert np.abs(left[start:again]).max() > 1_000
    assert np.abs(left[again:].astype(float) - alone[again:]).max() < 500


def test_with_headphones_the_microphone_passes(spoken_for, for_the_speaker):
    """Without an echo not a sample is changed."""
    far, person = spoken_for(8), spoken_for(8, voices="[fgh]*")

    left = cancel(EchoCanceller(), person, for_the_speaker(far))

    assert np.array_equal(left, person[: len(left)])


def test_recovers_from_a_jump(spoken_for, in_a_room, for_the_speaker):
    """After an underrun of 30 ms the loudspeaker is gone again within four seconds."""
    far = spoken_for(22)
    heard = in_a_room(far, jump=(14, 0.03))

    left = cancel(EchoCanceller(), heard, for_the_speaker(far))

    assert lowered_db(heard, left, 18.5, 21.5) >= 20


def test_lost_blocks_of_the_microphone_do_not_matter(spoken_for, in_a_room, for_the_speaker):
    """The time of a block tells what is missing before it, and the echo is gone at once."""
    far = spoken_for(20)
    heard = in_a_room(far)

    left = cancel(EchoCanceller(), heard, for_the_speaker(far), lost=(700, 750))

    assert lowered_db(heard, left, 15.2, 17) >= 20


def test_a_microphone_that_was_opened_again_is_measured_again(spoken_for, in_a_room, for_the_speaker):
    """Its time begins at 0 again; another delay is found, and the echo is gone within four seconds."""
    far = spoken_for(24)
    canceller = EchoCanceller()
    half = 12 * EAR_RATE_HZ
    played = for_the_speaker(far)
    cancel(canceller, in_a_room(far)[:half], played)

    heard = in_a_room(far, delay_s=0.25)[half:]
    left = cancel(canceller, heard, played[half * 3 // 2 :])

    assert lowered_db(heard, left, 5, 11) >= 20


def test_an_ear_that_is_stuck_costs_no_memory_and_no_place(spoken_for, in_a_room, for_the_speaker):
    """Nobody listens for eight seconds: five are kept, the rest is counted, and afterwards the echo is found."""
    far = spoken_for(20)
    played = for_the_speaker(far)
    canceller = EchoCanceller()
    stuck = 8 * EAR_RATE_HZ
    for n in range(stuck // BLOCK):
        canceller.played(played[n * PLAYED : (n + 1) * PLAYED])
    kept = len(canceller._waiting)

    heard = in_a_room(far)[stuck:]
    left = cancel(canceller, heard, played[stuck * 3 // 2 :], at_s=8.0)

    assert kept == MOST_WAITING
    assert canceller.tracker.delay(0) == pytest.approx((0.19 - 8.0) * EAR_RATE_HZ, abs=5)
    assert lowered_db(heard, left, 8, 11.5) >= 20


@pytest.mark.parametrize("until_s", [0.9, 1.9, 3.0])
def test_its_own_first_words_are_known_to_be_its_own(spoken_for, in_a_room, for_the_speaker, until_s):
    """A question about sound from before the delay was measured starts a search, and uses what that finds."""
    far = spoken_for(4)
    canceller = EchoCanceller()
    end = round(until_s * EAR_RATE_HZ)

    cancel(canceller, in_a_room(far)[:end], for_the_speaker(far))

    assert canceller.is_ours(0.2, until_s)


def test_its_own_words_after_a_jump_are_known_to_be_its_own(spoken_for, in_a_room, for_the_speaker):
    """Sound was lost at second 10: what is made of the echo where it was not expected is still nobody's word."""
    far = spoken_for(12)
    canceller = EchoCanceller()
    end = round(11.6 * EAR_RATE_HZ)

    cancel(canceller, in_a_room(far, jump=(10, 0.1))[:end], for_the_speaker(far))

    assert canceller.is_ours(10.4, 11.6)


@pytest.mark.parametrize("lost_s", [0.035, 0.1])
def test_a_short_word_after_a_jump_is_known_to_be_its_own(spoken_for, in_a_room, for_the_speaker, a_command, lost_s):
    """Sound was lost in a short silence: one word is enough to find it, and a person over it is still somebody."""
    word = of_voice(spoken_for(1, voices="hibari-*"))[: EAR_RATE_HZ // 2]
    far = np.concatenate([spoken_for(22), np.zeros(EAR_RATE_HZ // 2, np.int16), word, np.zeros_like(word)])
    heard = in_a_room(far, jump=(22.4, lost_s))
    begin = round((22.5 + 0.19 + lost_s) * EAR_RATE_HZ)
    end = begin + len(word)
    person = of_voice(a_command)[: len(word)]
    both = heard.copy()
    both[begin : begin + len(person)] += (person * (np.std(heard[begin:end]) / np.std(person))).astype(np.int16)
    judged = []

    for sound in (heard, both):
        canceller = EchoCanceller()
        cancel(canceller, sound[: end + EAR_RATE_HZ // 6], for_the_speaker(far))
        judged.append(canceller.is_ours(begin / EAR_RATE_HZ, end / EAR_RATE_HZ))

    assert judged == [True, False]


def test_an_echo_that_moved_during_a_long_silence_is_learnt_anew(spoken_for, in_a_room, for_the_speaker):
    """Five seconds of speech tell the drift too roughly for a minute without."""
    far = np.concatenate([spoken_for(5), np.zeros(60 * EAR_RATE_HZ, np.int16), spoken_for(5)])
    heard, played = in_a_room(far, ppm=60.0), for_the_speaker(far)
    before, after = EchoCanceller(), EchoCanceller()

    cancel(before, heard[: 65 * EAR_RATE_HZ], played)
    cancel(after, heard[: 66 * EAR_RATE_HZ], played)

    assert after.is_ours(65.3, 65.8)
    assert after.tracker.places > before.tracker.places


def test_an_echo_that_is_followed_is_learnt_once(spoken_for, in_a_room, for_the_speaker):
    """While it speaks the drift is known after ten seconds, and then nothing is learnt by heart any more."""
    far = spoken_for(30)
    heard, played = in_a_room(far, ppm=100.0), for_the_speaker(far)
    early, late = EchoCanceller(), EchoCanceller()

    cancel(early, heard[: 10 * EAR_RATE_HZ], played)
    cancel(late, heard, played)

    assert late.tracker.places == early.tracker.places


@pytest.mark.parametrize("at_s", [1.0, 2.5, 6.0])
def test_a_person_who_speaks_as_loud_is_not_taken_for_it(spoken_for, in_a_room, for_the_speaker, a_command, at_s):
    """From the first second on a command over its speech is somebody's; the same span without the person is not."""
    far = spoken_for(8)
    heard, both = in_a_room(far), in_a_room(far)
    start = round(at_s * EAR_RATE_HZ)
    end = start + len(a_command)
    louder = np.std(heard[start:end]) / np.std(a_command)
    both[start:end] += (a_command * louder).astype(np.int16)
    judged = []

    for sound in (heard, both):
        canceller = EchoCanceller()
        cancel(canceller, sound[: end + BLOCK], for_the_speaker(far))
        judged.append(canceller.is_ours(at_s, end / EAR_RATE_HZ))

    assert judged == [True, False]


def test_what_the_microphone_has_not_heard_is_nobodys(spoken_for, in_a_room, for_the_speaker):
    """A time that it does not know, before or after what is kept, is not its own voice."""
    far = spoken_for(16)
    canceller = EchoCanceller()

    cancel(canceller, in_a_room(far), for_the_speaker(far))

    assert not canceller.is_ours(1.0, 1.5)
    assert not canceller.is_ours(99.0, 99.5)


def test_with_headphones_nobody_is_taken_for_it(spoken_for, for_the_speaker):
    """Somebody talks while it talks, and nothing of it is heard."""
    far, person = spoken_for(4), spoken_for(4, voices="[fgh]*")
    canceller = EchoCanceller()

    cancel(canceller, person, for_the_speaker(far))

    assert not any(canceller.is_ours(at_s, at_s + 1.0) for at_s in (0.0, 1.0, 2.5))


def test_what_is_heard_while_it_is_silent_is_not_its_own(spoken_for, in_a_room, for_the_speaker, a_command):
    """It said something, and then a person does."""
    far = np.concatenate([spoken_for(4), np.zeros(3 * EAR_RATE_HZ, np.int16)])
    heard = in_a_room(far)
    start = round(5.5 * EAR_RATE_HZ)
    heard[start : start + len(a_command)] = a_command
    canceller = EchoCanceller()

    cancel(canceller, heard, for_the_speaker(far))

    assert not canceller.is_ours(5.5, 5.5 + len(a_command) / EAR_RATE_HZ)


@pytest.mark.parametrize("broken", [None, SimpleNamespace()])
def test_a_missing_library_is_told(monkeypatch, broken):
    """A missing pyaec, or a missing library of it, is an error that says what to install or to do without."""
    monkeypatch.setitem(sys.modules, "pyaec", broken)

    with pytest.raises(EngineError, match="--echo off"):
        EchoCanceller()
