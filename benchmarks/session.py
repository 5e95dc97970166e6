"""Cost of a whole session: time to the first word, processor time of the ear, memory and processor time in total.

python -m benchmarks.session [MANIFEST.jsonl]

- start: `tuina start` in a process of its own, from its beginning to the first audible sample in the speaker's file, in
  a home without anything (first run: no clip is rendered yet) and again (second run); typed, and with a recording.
- ear: processor time for a second of sound, all threads added up, so 1.0 is one core; with speech (the clips of the
  manifest, one after the other, with the quiet around them that `tuina hear` gives), in silence, and in noise.
- session: `tuina start full` in real time with a recording that says start, ready, how many left and slower while it
  counts; memory (resident, all processes of the session added up) and processor time, read
  from /proc ten times a second, from the first word on. Linux only.

Other load on the machine shows in the start-up times; its average is printed. Run it from the root of the repository.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from assistant.capture.wav_file import WavFile
from assistant.clock import SystemClock
from assistant.decode.recogniser import Recogniser
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Pcm
from assistant.store.journal import Journal
from assistant.store.journal.keeper import ADVICE_HEARD
from assistant.store.settings import Settings, folders
from assistant.wire import build

ROOT = Path(__file__).parents[1]
SPOKEN = ROOT / "tests" / "data" / "spoken"
MANIFEST = ROOT / "tests" / "data" / "speech" / "manifest.jsonl"
REACH = "to reach: RTF <= 0.15 of one core, memory <= 250 MB, first word of the second run within 2 s"
QUIET_S = (0.5, 0.8)  # before and after a clip, as `tuina hear` has it
IDLE_S = 60.0
BLOCK = round(BLOCK_S * EAR_RATE_HZ)
# Seconds of quiet, then who says what: the count begins at about 12 s and goes on to the end.
SESSION = (
    (4.0, "hibari-heart/start.flac"),
    (3.0, "hibari-heart/i_am_ready.flac"),
    (12.0, "kokoro-am_michael/how_many_left.flac"),
    (6.0, "flite-rms/slower.flac"),
    (20.0, "hibari-heart/the_next_bus_is_late_again_today.flac"),
    (10.0, "hibari-heart/end_session.flac"),
    (3.0, None),
)


@contextmanager
def tuina(home: Path, *words: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run `tuina` in a process of its own, with its home in `home`; it ends with the block."""
    environment = {**os.environ, "TUINA_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(  # the arguments are ours
        [sys.executable, "-m", "assistant", *map(str, words)],
        cwd=home,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def first_word_s(home: Path, *words: object) -> float:
    """Return the seconds from the start of the process to the speaker's first sample that is not silent."""
    out = home / "out.wav"
    out.unlink(missing_ok=True)
    began = time.perf_counter()
    with tuina(home, "start", "--speaker", out, *words) as process:
        while process.poll() is None:
            if out.exists() and any(out.read_bytes()[44:]):
                return time.perf_counter() - began
            time.sleep(0.005)
    raise SystemExit(f"tuina ended before its first word, with {process.returncode}")


def known_home(home: Path) -> Path:
    """Return the home of a person who has heard the expert advice before."""
    journal = Journal(folders({"TUINA_HOME": str(home)}).journal)
    journal.remember(ADVICE_HEARD, SystemClock().wall())
    journal.close()
    return home


def silence(seconds: float) -> Pcm:
    """Return samples of zeros."""
    return np.zeros(round(seconds * EAR_RATE_HZ), np.int16)


def clip(path: Path) -> Pcm:
    """Return a recording, 16 kHz mono."""
    return np.concatenate([block.pcm for block in WavFile(path).blocks()])


def measure_start() -> None:
    """Measure the first and second run, typed and with a recording."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "quiet.wav"
        soundfile.write(wav, silence(60), EAR_RATE_HZ)
        for name, words in (("typed", ["--typed"]), ("recording", ["--mic", wav])):
            home = Path(folder) / name
            home.mkdir()
            times = [first_word_s(home, *words) for _ in range(4)]
            rest = ", ".join(f"{each:.2f}" for each in times[1:])
            print(f"start, {name:9}  first word after {times[0]:.2f} s in the first run; later runs: {rest} s")


def taught_ear() -> Recogniser:
    """Return the phonetic engine with every phrase of a session."""
    where = folders({"TUINA_HOME": tempfile.gettempdir() + "/tuina-benchmark-empty"})
    began = time.process_time()
    found = build.load_files(Settings(), where)
    read_s = time.process_time() - began
    ear = build.ear("phonetic", Settings(), where, found.phrases)
    spent_s = time.process_time() - began
    print(f"ear, loading     {spent_s:.2f} s of processor time, {read_s:.2f} s of it for {len(found.phrases)} phrases")
    return ear


def cost(ear: Recogniser, sound: Pcm) -> tuple[float, int]:
    """Return processor seconds for a second of sound, and the number of utterances."""
    blocks = sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK)
    ear.reset()
    heard = 0
    began = time.process_time()
    for n, pcm in enumerate(blocks):
        heard += len(ear.feed(AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S)))
    heard += len(ear.finish())
    return (time.process_time() - began) / (len(blocks) * BLOCK_S), heard


def measure_ear(manifest: Path) -> None:
    """Measure with speech, in silence, in noise, and in speech that never pauses."""
    ear = taught_ear()
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    clips = [clip(manifest.parent / row["file"]) for row in rows]
    before, after = (silence(seconds) for seconds in QUIET_S)
    noise = (np.random.default_rng(0).standard_normal(round(IDLE_S * EAR_RATE_HZ)) * 100).astype(np.int16)
    talk = [one for row, one in zip(rows, clips, strict=True) if row["kind"] in {"talk", "broadcast"}]
    cases = {
        f"{len(clips)} clips": np.concatenate([part for one in clips for part in (before, one, after)]),
        f"{len(talk)} clips of talk": np.concatenate(talk or clips),
        "silence": silence(IDLE_S),
        "noise, -50 dBFS": noise,
    }
    for name, sound in cases.items():
        rtf, heard = cost(ear, sound)
        seconds = len(sound) / EAR_RATE_HZ
        print(f"ear, {name:20} RTF {rtf:.3f}  ({seconds:.0f} s of sound, {heard} utterances)")


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += [int(child) for child in (task / "children").read_text().split()]
    return [pid, *(one for child in children for one in family(child))]


def memory_mb(pid: int) -> tuple[float, float]:
    """Return resident and proportional memory of one process, in millions of bytes."""
    fields = {"Rss:": 0.0, "Pss:": 0.0}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        words = line.split()
        if words[0] in fields:
            fields[words[0]] = int(words[1]) * 1024 / 1e6
    return fields["Rss:"], fields["Pss:"]


def processor_s(pid: int) -> float:
    """Return the processor time of one process, all threads, in seconds."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def measure_session() -> None:
    """Measure a minute in real time: listening, counting, answering."""
    with tempfile.TemporaryDirectory() as folder:
        home = known_home(Path(folder))
        said = [(silence(quiet_s), clip(SPOKEN / name) if name else silence(0)) for quiet_s, name in SESSION]
        wav = home / "session.wav"
        soundfile.write(wav, np.concatenate([part for pair in said for part in pair]), EAR_RATE_HZ)
        trace = home / "trace.jsonl"
        for run in ("first run", "second run"):
            words = ["start", "full", "--mic", wav, "--speaker", home / "out.wav", "--trace", trace]
            with tuina(home, *words) as process:
                print(f"session, {run:10}  {watched(process)}")
            records = [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()]
            beats = sum(one.get("effect") == "beat" for one in records)
            meant = [one["intent"] for one in records if one.get("event") == "said"]
            print(f"                     {beats} beats counted; understood: {', '.join(meant)}")


def watched(process: subprocess.Popen[bytes]) -> str:
    """Describe the peak memory and the processor time of a session."""
    most = (0.0, 0.0)
    began = time.perf_counter()
    used: dict[int, float] = {}
    while process.poll() is None:
        try:
            members = family(process.pid)
            sizes = [memory_mb(pid) for pid in members]
            used |= {pid: processor_s(pid) for pid in members}
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # one of them has just ended
        most = max(most, (sum(rss for rss, _ in sizes), sum(pss for _, pss in sizes)))
        time.sleep(0.1)
    seconds = time.perf_counter() - began
    total_s = sum(used.values())
    return (
        f"memory at most {most[0]:.0f} MB resident ({most[1]:.0f} MB proportional), {len(used)} process(es); "
        f"processor {total_s:.1f} s in {seconds:.0f} s ({total_s / seconds:.1%} of one core)"
    )


def main() -> None:
    """Measure everything, one after the other."""
    manifest = Path(sys.argv[1]) if len(sys.argv) > 1 else MANIFEST
    print(f"python -m benchmarks.session {' '.join(sys.argv[1:])}")
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, ", end="")
    print(f"load average {os.getloadavg()[0]:.1f} before")
    print(REACH)
    measure_start()
    measure_ear(manifest)
    measure_session()
    print(f"load average {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
