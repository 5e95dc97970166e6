"""While a canceller still learns: its first words are known to be its own, and a person over them is somebody."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.capture.echo import EchoCanceller
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock

BLOCK = round(BLOCK_S * EAR_RATE_HZ)
PLAYED = round(BLOCK_S * MOUTH_RATE_HZ)
DELAY_S = 0.19


def after(heard, far):
    """A canceller that has heard all that while it played this."""
    canceller = EchoCanceller()
    for n in range(len(heard) // BLOCK):
        canceller.played(far[n * PLAYED : (n + 1) * PLAYED])
        pcm = heard[n * BLOCK : (n + 1) * BLOCK]
        canceller.cancel(AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S), canceller.played_s)
    return canceller


@pytest.mark.parametrize("quiet_s", [1.0, 1.2, 1.4])
@pytest.mark.parametrize("lasts_s", [0.3, 0.6])
def test_a_short_first_word_is_known_to_be_its_own(spoken_for, in_a_room, for_the_speaker, quiet_s, lasts_s):
    """A third of a second is enough, if its echo is found while it sounds or only on request."""
    word = spoken_for(2, voices="hibari-*")[2_000:][: round(lasts_s * EAR_RATE_HZ)]
    far = np.concatenate([np.zeros(round(quiet_s * EAR_RATE_HZ), np.int16), word, np.zeros(EAR_RATE_HZ, np.int16)])
    begin_s = quiet_s + DELAY_S
    end_s = begin_s + lasts_s

    canceller = after(in_a_room(far)[: round((end_s + 0.3) * EAR_RATE_HZ)], for_the_speaker(far))

    assert canceller.is_ours(begin_s, end_s)


@pytest.mark.parametrize("at_s", [0.7, 1.0, 2.5, 4.0, 6.0])
@pytest.mark.parametrize("softer_db", [0, 6, 9])
def test_a_softer_command_over_its_first_sentences_is_somebodys(
    spoken_for, in_a_room, for_the_speaker, a_command, at_s, softer_db
):
    """Also where the loudspeaker is 9 dB louder than the person."""
    far = spoken_for(8)
    heard = in_a_room(far)
    start = round(at_s * EAR_RATE_HZ)
    end = start + len(a_command)
    level = np.std(heard[start:end]) / np.std(a_command) * 10 ** (-softer_db / 20)
    heard[start:end] += (a_command * level).astype(np.int16)

    canceller = after(heard[: end + BLOCK], for_the_speaker(far))

    assert not canceller.is_ours(at_s, end / EAR_RATE_HZ)


def test_a_word_of_which_a_part_was_lost_is_somebodys(spoken_for, in_a_room, for_the_speaker):
    """A machine that lost sound cannot tell whose it was: a doubtful hearing is the safer of the two."""
    far = spoken_for(3)
    heard, played = in_a_room(far), for_the_speaker(far)
    canceller = after(heard[: 80 * BLOCK], played)
    canceller.played(played[80 * PLAYED : 90 * PLAYED])
    for n in range(90, 100):
        canceller.played(played[n * PLAYED : (n + 1) * PLAYED])
        pcm = heard[n * BLOCK : (n + 1) * BLOCK]
        canceller.cancel(AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S), canceller.played_s)

    assert canceller.tracker.is_known
    assert not canceller.is_ours(1.0, 1.9)


@pytest.mark.parametrize("lost_s", [0.035, 0.1])
def test_an_echo_that_moves_while_it_is_learnt_is_found_in_the_next_word(
    spoken_for, in_a_room, for_the_speaker, lost_s
):
    """Sound is lost in a short silence after four seconds: the third of a second after it is known to be its own."""
    begin = np.argmax(np.abs(spoken_for(1, voices="hibari-*")) > 1_000)
    word = spoken_for(1, voices="hibari-*")[begin:][: round(0.3 * EAR_RATE_HZ)]
    far = np.concatenate([spoken_for(4), np.zeros(EAR_RATE_HZ // 2, np.int16), word, np.zeros_like(word)])
    begin_s = 4.5 + DELAY_S + lost_s
    end_s = begin_s + len(word) / EAR_RATE_HZ
    heard = in_a_room(far, jump=(4.4, lost_s))

    canceller = after(heard[: round((end_s + 0.17) * EAR_RATE_HZ)], for_the_speaker(far))

    assert canceller.is_ours(begin_s, end_s)
