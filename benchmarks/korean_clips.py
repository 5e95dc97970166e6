"""Korean orders for the bench: every phrase of the Korean core grammar, said by espeak-ng at two speeds.

    python -m benchmarks.korean_clips FOLDER
    tuina bench tests/data/speech/manifest.jsonl FOLDER/manifest.jsonl --grammar tests/data/ko/commands.yaml
        --model FOLDER_OF_THE_KOREAN_MODEL --language en --engine phonetic --engine top1 --engine wratio --engine vosk

Synthetic Korean is poor speech: it tests the pipeline through Vosk and its rejections, and claims no accuracy.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from assistant.terminal.bench.grammars import load_grammar

GRAMMAR = Path(__file__).parent.parent / "tests" / "data" / "ko" / "commands.yaml"
SPEEDS = (110, 130)  # words a minute, chosen by ear: espeak-ng's usual 175 is hard to follow


def main() -> None:
    """Write the clips and their manifest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        sys.exit("espeak-ng is not installed: apt-get install espeak-ng")
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    grammar = load_grammar(GRAMMAR)
    for n, text in enumerate(grammar.sentences(most=1_000) or ()):
        meaning = grammar.meaning(text)
        if meaning is None:
            sys.exit(f"'{text}' means nothing in {GRAMMAR}")
        for speed in SPEEDS:
            file = folder / f"ko{n:03d}-{speed}.wav"
            subprocess.run([espeak, "-v", "ko", "-s", str(speed), "-w", file, "--", text], check=True)
            order = {"intent": meaning[0], "slots": meaning[1]}
            rows.append({"file": file.name, "text": text, **order, "language": "ko", "voice": "espeak-ko"})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} clips in {folder}")


if __name__ == "__main__":
    main()
