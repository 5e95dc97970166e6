"""Moves the teacher's reading of a clip towards the clip's transcript.

The teacher hears "now" as "no" from some voices, and a student would learn that. The words give a better target:
of all ways to place their phones in the clip, weighted by the teacher's probability, the share of every phone
in every frame (the forward-backward of CTC, Graves and others 2006). That is the teacher's own reading wherever the
teacher is right.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from assistant.decode.phonetic import dictionary
from assistant.decode.phonetic.lexicon import IPA, Lexicon
from assistant.decode.phonetic.phone_loop import read_tables

Phones: TypeAlias = tuple[int, ...]
"""Indices of the model's outputs."""

MOST_WAYS = 10  # pronunciations of a text that are tried on a clip
MOST_PRODUCTS = 4_000  # of which they are drawn
FRAMES_A_PHONE = 1.3  # a clip with fewer cannot hold the phones
NEVER = -1e4


class Transcripts:
    """Maps texts to phones, and makes targets for the student."""

    def __init__(self, tokens: Sequence[str], *, trust: float, doubt: float) -> None:
        """Take the names of the model's outputs.

        `trust` is the share of the transcript in a target, from 0 (the teacher's reading alone) to 1. A transcript that
        lies more than `doubt` nats a phone below the teacher's freest reading is not believed: the voice said something
        else, or the clip says it in a way that no dictionary has.
        """
        tables = read_tables()
        self._index = {token: i for i, token in enumerate(tokens)}
        self._lexicon = Lexicon(tokens, tables.spelled)
        self._blank, self._boundary = self._index["<blank>"], self._index["<wb>"]
        self._trust, self._doubt = trust, doubt
        self._in_dictionary = {word: self._looked_up(said) for word, said in dictionary.pronunciations().items()}
        self._owners: dict[Phones, set[str]] = defaultdict(set)
        for word in tables.spelled:
            for phones in self._in_dictionary.get(word, ()):
                self._owners[phones].add(word)

    def target(self, told: Tensor, texts: Sequence[str]) -> Tensor:
        """Return the student's target: probabilities, shape (clips, frames, outputs), from the teacher's logarithms.

        A clip with the empty text, or with a transcript that is not believed, keeps the teacher's reading.
        """
        target = told.exp()
        # CTC does not distinguish silence between phones from silence between words; they are separated again below.
        merged = told.clone()
        merged[..., self._blank] = torch.logaddexp(told[..., self._blank], told[..., self._boundary])
        merged[..., self._boundary] = NEVER
        chosen = self._chosen(merged, texts)
        if not chosen:
            return target
        clips = torch.tensor(list(chosen))
        placed = _placed(merged[clips], list(chosen.values()), self._blank)
        quiet = placed[..., self._blank].clone()
        of_boundary = (told[clips][..., self._boundary] - merged[clips][..., self._blank]).exp().clamp(0, 1)
        placed[..., self._boundary] = quiet * of_boundary
        placed[..., self._blank] = quiet * (1 - of_boundary)
        target[clips] = (1 - self._trust) * target[clips] + self._trust * placed
        return target

    def ways(self, text: str) -> list[Phones]:
        """Return up to ten pronunciations of the text; none if a word has none."""
        words = [self._pronunciations(word) for word in text.split()]
        found = list(islice(product(*words), MOST_PRODUCTS)) if words else []
        if len(found) > MOST_WAYS:
            found = [found[0], *random.Random(text).sample(found[1:], MOST_WAYS - 1)]
        return [tuple(phone for word in way for phone in word) for way in found]

    def _pronunciations(self, word: str) -> list[Phones]:
        """Return the dictionary's pronunciations, and those of hama's grapheme-to-phoneme model that no other word has.

        The model gives "now" the sound of "no".
        """
        known = self._in_dictionary.get(word, set())
        asked = [phones for phones in self._lexicon.pronunciations(word) if phones not in known]
        return [*sorted(known), *(phones for phones in asked if not known or self._owners[phones] <= {word})]

    def _looked_up(self, said: Iterable[Sequence[str]]) -> set[Phones]:
        spelled = [[IPA[phone] for phone in phones] for phones in said]
        reduced = [["ə" if phone == "AH" else IPA[phone] for phone in phones] for phones in said]
        return {tuple(self._index[phone] for phone in phones) for phones in (*spelled, *reduced)}

    def _chosen(self, merged: Tensor, texts: Sequence[str]) -> dict[int, Phones]:
        """Return the likeliest pronunciation of each clip's text, where it is believed."""
        frames = merged.shape[1]
        tried = [
            (clip, phones)
            for clip, text in enumerate(texts)
            for phones in self.ways(text)
            if len(phones) * FRAMES_A_PHONE < frames
        ]
        if not tried:
            return {}
        clips = torch.tensor([clip for clip, _ in tried])
        losses = _loss(merged[clips], [phones for _, phones in tried], self._blank)
        below = (losses + merged.max(-1)[0].sum(-1)[clips]).tolist()
        best: dict[int, tuple[float, Phones]] = {}
        for (clip, phones), nats in zip(tried, below, strict=True):
            if nats < self._doubt * len(phones) and (clip not in best or nats < best[clip][0]):
                best[clip] = nats, phones
        return {clip: phones for clip, (_, phones) in best.items()}


def _loss(logs: Tensor, said: Sequence[Phones], blank: int) -> Tensor:
    """Return -log P of each text, in nats; `logs` has shape (texts, frames, outputs)."""
    lengths = torch.tensor([len(phones) for phones in said])
    labels = torch.zeros(len(said), int(lengths.max()), dtype=torch.long)
    for row, phones in zip(labels, said, strict=True):
        row[: len(phones)] = torch.tensor(phones)
    frames = torch.full((len(said),), logs.shape[1])
    return functional.ctc_loss(logs.transpose(0, 1), labels, frames, lengths, blank=blank, reduction="none")


def _placed(logs: Tensor, said: Sequence[Phones], blank: int) -> Tensor:
    """Return the share of every output in every frame if the text is said: the output minus CTC's gradient."""
    with torch.enable_grad():
        free = logs.detach().clone().requires_grad_(requires_grad=True)
        (gradient,) = torch.autograd.grad(_loss(free, said, blank).sum(), free)
    shares = (logs.exp() - gradient).clamp(min=0)
    return shares / shares.sum(-1, keepdim=True)
