"""Sentences as an automaton of words, for grammars that stand for too many sentences to write out.

A coffee order with five slots in any order takes 32 states, instead of a million sentences. It holds words and their
meanings, no sounds. templates.py adds templates to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from assistant.errors import EngineError
from assistant.messages import SlotValue

Tag: TypeAlias = "tuple[str, SlotValue]"
"""A slot and its value, attached to the state behind the words that say it."""
MOST_LOOKED_AT = 2_000  # beginnings tried in the search for longer sentences
MOST_STATES = 400_000  # 100 MB and 4 s; a five-slot order in every word order is below 20,000
MOST_WORK = 2_000_000  # states looked at in the search for the smallest automaton: 4 s; a coffee order takes 245,000


class _Work:
    """A limit to the work on one grammar: a few words that may stand anywhere can double it with every word."""

    def __init__(self) -> None:
        """Nothing is done yet."""
        self._done = 0

    def add(self, states: int) -> None:
        """Count states that were looked at. Raises EngineError beyond the limit."""
        self._done += states
        if self._done > MOST_WORK:
            raise EngineError(
                "the grammar takes too long to prepare",
                remedy="Use fewer optional parts, fewer parts in any order, or fewer words that may stand anywhere",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphReading:
    """One sentence's way through the automaton."""

    tags: tuple[Tag, ...]
    """The tags in spoken order."""
    spans: tuple[tuple[int, int], ...]
    """For each tag the range of words that said it: first, and one behind the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordAutomaton:
    """The minimal automaton of the same sentences: one way for each sentence, and no meaning."""

    leads: list[dict[str, int]]
    """For each state its words and their target states; 0 is the start."""
    finals: frozenset[int]
    names: tuple[str, ...]
    """Every word, sorted."""

    def accepts(self, words: list[str]) -> bool:
        """True if this is a whole sentence."""
        return self.walk(words) in self.finals

    def walk(self, words: list[str], state: int = 0) -> int | None:
        """Return the state behind these words; None where they cannot be said."""
        for word in words:
            follow = self.leads[state].get(word)
            if follow is None:
                return None
            state = follow
        return state

    def neighbours(self, words: list[str]) -> set[str]:
        """Return the whole sentences that differ in one word: another one, one more, or one less."""
        found: set[str] = set()
        state: int | None = 0
        for n in range(len(words) + 1):
            if state is None:
                break
            for other, end in self.leads[state].items():
                for rest in (words[n:], words[n + 1 :]):
                    if self.walk(rest, end) in self.finals:
                        found.add(" ".join([*words[:n], other, *rest]))
            if self.walk(words[n + 1 :], state) in self.finals:
                found.add(" ".join([*words[:n], *words[n + 1 :]]))
            state = self.leads[state].get(words[n]) if n < len(words) else None
        return found - {" ".join(words), ""}

    def longer(self, words: list[str], most: int) -> list[str]:
        """Return up to `most` sentences that go on after these words, the shortest first."""
        state = self.walk(words)
        waiting = [] if state is None else [(state, " ".join(words))]
        found: list[str] = []
        for here, text in waiting:  # grows while it is walked
            if here in self.finals and len(text.split()) > len(words):
                found.append(text)
            if len(found) >= most or len(waiting) >= MOST_LOOKED_AT:
                break
            waiting += [(end, f"{text} {word}") for word, end in self.leads[here].items()]
        return found

    def sentences(self, most: int) -> tuple[str, ...] | None:
        """Return every sentence that is not empty; None if there are more than `most`."""
        found: list[str] = []
        waiting: list[tuple[int, str]] = [(0, "")]
        while waiting:
            state, text = waiting.pop()
            if state in self.finals and text:
                found.append(text)
            if len(found) > most or len(waiting) > most:
                return None
            waiting += [(to, f"{text} {word}".lstrip()) for word, to in self.leads[state].items()]
        return tuple(sorted(found))


@dataclass(slots=True)
class _Thread:
    """One partial way through the automaton."""

    since: int = 0
    tags: tuple[Tag, ...] = ()
    spans: tuple[tuple[int, int], ...] = field(default=())


class WordGraph:
    """An automaton whose arcs are words; the empty word is epsilon. State 0 is the start."""

    def __init__(self) -> None:
        """Start without any sentence."""
        self.arcs: list[list[tuple[str, int]]] = [[]]
        self.finals: set[int] = set()
        self.tags: dict[int, Tag] = {}
        self.begins: set[int] = set()
        """States at which the words of the next tag begin."""
        self.said: dict[str, dict[str, None]] = {}
        """The texts of each slot's values, in their order."""

    def add_state(self) -> int:
        """Add a state without an incoming arc. Raises EngineError when the graph is full."""
        if len(self.arcs) >= MOST_STATES:
            raise EngineError(
                f"the grammar is larger than {MOST_STATES:,} states",
                remedy="Use fewer alternatives, shorter lists, or fewer parts in any order",
            )
        self.arcs.append([])
        return len(self.arcs) - 1

    def add_word(self, state: int, word: str) -> int:
        """Add an arc with a word (or epsilon) from this state; return the new state behind it."""
        end = self.add_state()
        self.arcs[state].append((word, end))
        return end

    def join(self, state: int, end: int) -> None:
        """Add an epsilon arc from a state to another."""
        self.arcs[state].append(("", end))

    def add_anywhere(self, words: list[str]) -> None:
        """Allow these words between any others, any number of times; must be called last."""
        for state in [n for n, arcs in enumerate(self.arcs) if n in self.finals or any(word for word, _ in arcs)]:
            end = state
            for word in words:
                end = self.add_word(end, word)
            self.join(end, state)

    def words(self) -> frozenset[str]:
        """Return every word that occurs."""
        return frozenset(word for arcs in self.arcs for word, _ in arcs if word)

    def read(self, text: str) -> GraphReading | None:
        """Return the meaning of a sentence; of several readings, the first one in the grammar. None: no sentence.

        All ways are followed in parallel, so that the time does not grow with their number.
        """
        threads = self._free({0: _Thread()}, 0)
        for n, word in enumerate(text.split(), start=1):
            after: dict[int, _Thread] = {}
            for state, thread in threads.items():
                for label, end in self.arcs[state]:
                    if label == word and end not in after:
                        after[end] = self._entered(end, thread, n)
            threads = self._free(after, n)
        done = next((thread for state, thread in threads.items() if state in self.finals), None)
        return GraphReading(tags=done.tags, spans=done.spans) if done else None

    def _free(self, threads: dict[int, _Thread], n: int) -> dict[int, _Thread]:
        """Return the threads with their epsilon closure, earlier ways first."""
        reached: dict[int, _Thread] = {}
        waiting = list(reversed(threads.items()))
        while waiting:
            state, thread = waiting.pop()
            if state in reached:
                continue
            reached[state] = thread
            free = [end for label, end in self.arcs[state] if not label and end not in reached]
            waiting += [(end, self._entered(end, thread, n)) for end in reversed(free)]
        return reached

    def _entered(self, state: int, thread: _Thread, n: int) -> _Thread:
        tag = self.tags.get(state)
        if tag is not None:
            return _Thread(thread.since, (*thread.tags, tag), (*thread.spans, (thread.since, n)))
        return _Thread(n, thread.tags, thread.spans) if state in self.begins else thread

    def smallest(self) -> WordAutomaton:
        """Return the minimal automaton of the same sentences; without kaldi: Vosk cannot be loaded after it.

        Raises EngineError for a grammar that would take minutes, or never end.
        """
        work = _Work()
        free = self._free_steps(work)
        start = free[0]
        sets, leads = {start: 0}, []
        waiting = [start]
        for held in waiting:  # grows while it is walked
            follow: dict[str, set[int]] = {}
            for state in held:
                for word, end in self.arcs[state]:
                    if word:
                        follow.setdefault(word, set()).update(free[end])
                        work.add(len(free[end]))
            lead = {}
            for word in sorted(follow):
                ends = frozenset(follow[word])
                if ends not in sets:
                    sets[ends] = len(sets)
                    waiting.append(ends)
                lead[word] = sets[ends]
            leads.append(lead)
        return _merged(work, leads, [bool(held & self.finals) for held in waiting], tuple(sorted(self.words())))

    def _free_steps(self, work: _Work) -> list[frozenset[int]]:
        """Return each state's epsilon closure, without states that neither say a word nor end a sentence."""
        found: list[frozenset[int]] = []
        for state in range(len(self.arcs)):
            seen, waiting = {state}, [state]
            while waiting:
                ends = [end for word, end in self.arcs[waiting.pop()] if not word and end not in seen]
                seen.update(ends)
                waiting += ends
                work.add(1)
            found.append(frozenset(n for n in seen if n in self.finals or any(word for word, _ in self.arcs[n])))
        return found


def _merged(work: _Work, leads: list[dict[str, int]], is_final: list[bool], names: tuple[str, ...]) -> WordAutomaton:
    """Merge equivalent states (Moore): split by behaviour until nothing splits."""
    kind = [int(final) for final in is_final]
    while True:
        work.add(len(leads))
        kinds: dict[tuple[object, ...], int] = {}
        signs = [(kind[n], *((word, kind[end]) for word, end in lead.items())) for n, lead in enumerate(leads)]
        split = [kinds.setdefault(sign, len(kinds)) for sign in signs]
        if len(kinds) == len(set(kind)):
            break
        kind = split
    first = {one: n for n, one in reversed(list(enumerate(kind)))}
    place = {one: n for n, one in enumerate(dict.fromkeys(kind))}  # the start is met first
    merged = [{word: place[kind[end]] for word, end in leads[first[one]].items()} for one in place]
    return WordAutomaton(
        leads=merged, finals=frozenset(place[one] for one in place if is_final[first[one]]), names=names
    )
