import pytest

from assistant.decode.vosk_model import NEEDED, NEEDED_BY_IVECTOR, check_files, check_memory, check_order, load_model
from assistant.errors import EngineError


@pytest.fixture
def model(tmp_path):
    """A folder with every file of a model, each of one byte."""
    folder = tmp_path / "vosk-model-small-en-us-0.15"
    for name in [*NEEDED, *(f"ivector/{name}" for name in NEEDED_BY_IVECTOR)]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def test_a_whole_model_passes(model):
    """All files there, none empty."""
    check_files(model)


@pytest.mark.parametrize("name", [*NEEDED, *(f"ivector/{name}" for name in NEEDED_BY_IVECTOR)])
@pytest.mark.parametrize("fault", ["missing", "empty"])
def test_a_missing_or_empty_file_is_named_with_the_remedy(model, name, fault):
    """The error names the file and how to get the model again."""
    (model / name).unlink()
    if fault == "empty":
        (model / name).touch()

    with pytest.raises(EngineError) as told:
        load_model(model)

    assert fault in told.value.what
    assert told.value.where == str(model / name)
    assert "tuina models get vosk-model-small-en-us-0.15" in told.value.remedy


def test_a_model_without_ivectors_is_whole(model):
    """Some models have none."""
    for name in NEEDED_BY_IVECTOR:
        (model / "ivector" / name).unlink()
    (model / "ivector").rmdir()

    check_files(model)


def test_a_model_that_takes_no_grammar_says_so(model):
    """The large models have one fixed graph."""
    (model / "graph" / "HCLr.fst").unlink()
    (model / "graph" / "Gr.fst").unlink()
    (model / "graph" / "HCLG.fst").write_bytes(b"x")

    with pytest.raises(EngineError, match="takes no list of phrases"):
        check_files(model)


@pytest.mark.parametrize("what", ["nothing", "file"])
def test_a_path_that_is_no_folder_is_told(tmp_path, what):
    """A wrong path is a clear error."""
    path = tmp_path / "model"
    if what == "file":
        path.touch()

    with pytest.raises(EngineError, match="no such model"):
        load_model(path)


def test_a_model_that_does_not_fit_into_memory_is_refused(model, tmp_path):
    """Before loading, not by a crash in it."""
    (tmp_path / "meminfo").write_text("MemTotal: 2 kB\nMemAvailable:       0 kB\n", encoding="ascii")

    with pytest.raises(EngineError, match="0 MB are free"):
        check_memory(model, tmp_path / "meminfo")


@pytest.mark.parametrize("text", ["", "MemAvailable:", "MemAvailable: many kB", "é"])
def test_unknown_memory_is_no_reason_to_refuse(model, tmp_path, text):
    """Other systems do not tell."""
    (tmp_path / "meminfo").write_text(text, encoding="utf-8")

    check_memory(model, tmp_path / "meminfo")
    check_memory(model, tmp_path / "nothing")


@pytest.mark.parametrize("kaldi", ["kaldifst", "kaldi_decoder"])
def test_vosk_after_kaldi_is_an_error_and_not_a_silence(kaldi):
    """Loaded in that order Vosk would wait for ever; the other order works."""
    check_order({"numpy", "vosk", kaldi})
    with pytest.raises(EngineError, match="after kaldifst"):
        check_order({"numpy", kaldi})
