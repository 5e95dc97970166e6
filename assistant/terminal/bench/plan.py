"""Plans a run: one ear for each engine and language, and the clips of that language. Hears nothing.

A grammar from a file serves the clips in its language; those of other languages are heard with a session's grammar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import BadFiles, EngineError, Problem, UnknownName
from assistant.messages import Intent
from assistant.terminal.bench.ears import TYPED, EarSpec, check_language
from assistant.terminal.bench.manifest import LabelledClip, first_of, unknown_intents
from assistant.terminal.bench.moments import legal_of
from assistant.terminal.bench.noise import Condition
from assistant.terminal.bench.run import Job, jobs_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of the command line."""

    engines: tuple[str, ...]
    mixes: tuple[Condition | None, ...]
    state: str | None
    grammar: Path | None
    language: str | None
    """Language of clips that name none; None: the grammar's, or English."""
    model: Path | None
    models: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The work of one ear."""

    spec: EarSpec
    jobs: tuple[Job, ...]


def planned(clips: Sequence[LabelledClip], asked: Asked) -> tuple[list[Plan], list[str]]:
    """Return the plans in the order of the engines, and notes on what is not heard.

    Raises BadFiles for intents that no grammar has, UnknownName or EngineError for impossible requests.
    """
    grammar_language, known = _facts(asked.grammar)
    usual = asked.language or grammar_language or "en"
    held: dict[str, list[LabelledClip]] = {}
    for clip in clips:
        held.setdefault(clip.row.language or usual, []).append(clip)
    if asked.state is not None and set(held) == {grammar_language}:
        raise UnknownName("--state is for the session's grammar", remedy="Leave out --state, or --grammar")
    _check_intents(held, grammar_language, known)
    plans, notes = [], []
    is_typed = all(clip.path is None for clip in clips)
    for engine in asked.engines[:1] if is_typed else asked.engines:
        heard = 0
        title = TYPED if is_typed else engine
        for language, some in held.items():
            is_foreign = language == grammar_language
            spec = EarSpec(
                engine=engine,
                language=language,
                grammar=asked.grammar if is_foreign else None,
                model=asked.model if language == (grammar_language or usual) else None,
                models=asked.models,
                name=title if len(held) == 1 else f"{title} {language}",
                is_typed=is_typed,
            )
            try:
                check_language(spec)
            except EngineError:
                if len(held) == 1:
                    raise
                notes.append(f"{engine} does not hear '{language}': {len(some)} clips are not measured with it")
                continue
            state = None if is_foreign else asked.state
            plans.append(Plan(spec=spec, jobs=jobs_for(some, asked.mixes, state)))
            heard += len(some)
        if not heard:
            raise EngineError(
                f"{engine} hears none of these languages: {', '.join(held)}",
                remedy="Leave it out, or see: tuina models list",
            )
    return plans, notes


def _facts(grammar: Path | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the language of a grammar from a file, and its intents."""
    if grammar is None:
        return None, ()
    from assistant.terminal.bench.grammars import load_grammar  # loads kaldi

    found = load_grammar(grammar)
    return found.language, found.intents


def _check_intents(held: dict[str, list[LabelledClip]], grammar_language: str | None, known: tuple[str, ...]) -> None:
    ours = tuple(intent.value for intent in Intent)
    problems: list[Problem] = []
    for language, some in held.items():
        is_foreign = language == grammar_language
        problems += unknown_intents(some, known if is_foreign else ours)
        problems += [] if is_foreign else _unknown_states(some)
    if problems:
        raise BadFiles(first_of(problems))


def _unknown_states(clips: Sequence[LabelledClip]) -> list[Problem]:
    problems = []
    for clip in clips:
        try:
            legal_of(clip.row.state)
        except UnknownName as error:
            problems.append(clip.problem(error.what, error.remedy))
    return problems
