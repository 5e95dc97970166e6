from __future__ import annotations

import pytest

from assistant.errors import BadFiles, UnknownName
from assistant.store.models.installed import installed_model, load_manifest, manifest_path, model_named

ENTRY = """
  - name: vosk-model-a
    language: en
    url: https://models.invalid/vosk-model-a.zip
    mirrors: []
    zip_bytes: 10
    sha256: 0000000000000000000000000000000000000000000000000000000000000000
    licence: MIT
    most_unpacked_bytes: 100
    most_files: 10
"""


def written(folder, text):
    path = folder / "manifest.yaml"
    path.write_text(text)
    return path


def test_the_shipped_manifest_promises_the_english_model():
    """Size, hash and licence are those that were measured."""
    (model,) = load_manifest(manifest_path())

    assert (model.name, model.language, model.licence) == ("vosk-model-small-en-us-0.15", "en", "Apache-2.0")
    assert model.zip_bytes == 41_205_931
    assert model.sha256 == "30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498"
    assert str(model.url) == "https://alphacephei.com/vosk/models/vosk-model-small-en-us-0.15.zip"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("https://", "http://", "scheme"),
        ("sha256: 0", "sha256: x", "sha256"),
        ("zip_bytes: 10", "zip_bytes: -1", "zip_bytes"),
        ("name: vosk-model-a", "name: ../vosk", "name"),
        ("licence: MIT", "license: MIT", "license"),
        ("language: en", "language: english", "language"),
        ("    most_files: 10", "    most_files: 10\n    colour: red", "colour"),
        ("mirrors: []", "mirrors: [ftp://models.invalid/a.zip]", "mirrors"),
    ],
)
def test_a_broken_entry_is_refused_with_its_place(tmp_path, before, after, told):
    """The file, the line and the key are named."""
    path = written(tmp_path, "models:" + ENTRY.replace(before, after))

    with pytest.raises(BadFiles, match=r"manifest\.yaml:\d+: ") as caught:
        load_manifest(path)

    assert told in str(caught.value)


def test_a_name_that_stands_twice_is_refused(tmp_path):
    """Two entries for one folder would overwrite each other."""
    with pytest.raises(BadFiles, match="vosk-model-a stands there twice"):
        load_manifest(written(tmp_path, "models:" + ENTRY + ENTRY))


def test_an_unknown_name_is_answered_with_the_known_ones():
    """Whoever mistypes a name sees what there is."""
    with pytest.raises(UnknownName, match="vosk-model-small-en-us-0.15"):
        model_named("vosk-model-small", load_manifest(manifest_path()))


def test_a_folder_that_was_not_installed_by_us_is_no_model(tmp_path):
    """Without the record of its files a folder is not used, and another language's model neither."""
    models = load_manifest(manifest_path())
    (tmp_path / models[0].name).mkdir()

    assert installed_model("en", tmp_path, models) is None
    assert installed_model("de", tmp_path, models) is None
