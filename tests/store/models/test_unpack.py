from __future__ import annotations

import hashlib
import stat
import zipfile
from pathlib import Path

import pytest

from assistant.errors import EngineError, NetworkError
from assistant.store.models.installed import RECORD, Model, verify
from assistant.store.models.unpack import install

NAME = "vosk-model-tiny-en"
FILES = {"README": b"a model of nothing\n", "am/final.mdl": bytes(range(256)) * 200, "conf/model.conf": b"--beam=10\n"}


def promise(archive: Path) -> Model:
    """The manifest entry that promises exactly this zip, and little space for it."""
    body = archive.read_bytes()
    entry = {
        "name": NAME,
        "language": "en",
        "url": f"https://models.invalid/{NAME}.zip",
        "mirrors": (),
        "zip_bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "licence": "Apache-2.0",
        "most_unpacked_bytes": 200_000,
        "most_files": 10,
    }
    return Model.model_validate(entry)


def zipped(path: Path, entries: list[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return path


@pytest.fixture
def folder(tmp_path):
    """Return the folder of models, inside another one, so that escaping files can be seen."""
    path = tmp_path / "in" / "models"
    path.mkdir(parents=True)
    return path


@pytest.fixture
def good(tmp_path):
    """A zip without fault."""
    return zipped(tmp_path / "model.zip", [(f"{NAME}/{name}", content) for name, content in FILES.items()])


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(f"{NAME}/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


HOSTILE = {
    "climbs out": ([f"{NAME}/../../evil"], "outside its folder"),
    "climbs out from the root": (["../evil"], "outside its folder"),
    "absolute": (["/etc/evil"], "outside its folder"),
    "another folder": (["other/evil"], "outside its folder"),
    "a drive": ([f"{NAME}/c:evil"], "outside its folder"),
    "back slashes": ([f"{NAME}\\..\\evil"], "outside its folder"),
    "a link": ([_link()], "a link or a device"),
    "twice": ([f"{NAME}/file", f"{NAME}/file"], "there twice"),
    "twice but for case": ([f"{NAME}/file", f"{NAME}/FILE"], "there twice"),
    "too many files": ([f"{NAME}/{n}" for n in range(11)], "the most is 10"),
    "nothing": ([f"{NAME}/"], "holds no files"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("entries", "why"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_zip_writes_nothing(tmp_path, folder, entries, why):
    """Even with the hash that was promised, a zip that a model has no need of is refused as a whole."""
    archive = zipped(tmp_path / "model.zip", [(entry, b"evil") for entry in entries])

    with pytest.raises(NetworkError, match=why):
        install(archive, promise(archive), folder)

    assert everything(tmp_path) == {"model.zip", "in", "in/models"}


def test_a_bomb_is_refused_by_what_it_declares(tmp_path, folder):
    """A megabyte of zeros in a kilobyte is over the limit before anything is unpacked."""
    archive = zipped(tmp_path / "model.zip", [(f"{NAME}/zeros", bytes(1_000_000))])

    with pytest.raises(NetworkError, match="the most is 200000"):
        install(archive, promise(archive), folder)

    assert everything(folder) == set()


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks(tmp_path, folder):
    """The size in the zip's directory is not believed: what is written is counted."""
    archive = zipped(tmp_path / "model.zip", [(f"{NAME}/zeros", bytes(1_000_000))])
    size, lie = ((number).to_bytes(4, "little") for number in (1_000_000, 100))
    assert size in archive.read_bytes()
    archive.write_bytes(archive.read_bytes().replace(size, lie))

    with pytest.raises(NetworkError, match="more than it declares|cannot be read"):
        install(archive, promise(archive), folder)

    assert sum(path.stat().st_size for path in folder.rglob("*")) == 0


@pytest.mark.parametrize("name", [*FILES, RECORD])
@pytest.mark.parametrize(
    "harm",
    [Path.unlink, lambda path: path.write_bytes(b""), lambda path: path.write_bytes(b"x" * path.stat().st_size)],
    ids=["missing", "empty", "changed"],
)
def test_each_missing_cut_or_changed_file_is_named(good, folder, name, harm):
    """Verifying an installed model says which file is wrong, whatever happened to it."""
    path = install(good, promise(good), folder)
    harm(path / name)

    with pytest.raises(EngineError) as caught:
        verify(path)

    assert caught.value.where == str(path / name)
    assert f"tuina models get {NAME}" in caught.value.remedy


def test_every_file_arrives_as_it_was_packed(good, folder):
    """The installed model holds the zip's files and the record of them, nothing else."""
    path = install(good, promise(good), folder)

    verify(path)
    assert {name: (path / name).read_bytes() for name in FILES} == FILES
    assert everything(folder) == {NAME, *(f"{NAME}/{name}" for name in (*FILES, "am", "conf", RECORD))}


def test_what_is_not_a_zip_is_refused(tmp_path, folder):
    """The right hash does not make a zip of a text."""
    archive = tmp_path / "model.zip"
    archive.write_text("not a zip")

    with pytest.raises(NetworkError, match="the zip cannot be read"):
        install(archive, promise(archive), folder)


HARM = {
    "stream": ((30 + len(f"{NAME}/a"), 0xFF),),  # the first byte of what is packed, behind a head of 30 bytes
    "password": ((6, 0x01), (8, 0x01)),  # a flag in the file's head, and in the list at the end
    "way of packing": ((8, 99), (10, 99)),  # the same two places
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_a_zip_whose_inside_is_damaged_is_refused(tmp_path, folder, harm):
    """Each goes wrong in another part of the library, at a hash that is right; nothing is left."""
    archive = zipped(tmp_path / "model.zip", [(f"{NAME}/a", bytes(range(256)) * 20)])
    body = bytearray(archive.read_bytes())
    for start, (at, value) in zip((0, body.index(b"PK\x01\x02")), harm, strict=False):
        body[start + at] = value
    archive.write_bytes(body)

    with pytest.raises(NetworkError, match="the zip cannot be read"):
        install(archive, promise(archive), folder)

    assert everything(folder) == set()


def test_a_damaged_zip_leaves_the_installed_model_alone(good, folder):
    """An installed model is replaced only by a complete one."""
    model = promise(good)
    path = install(good, model, folder)
    good.write_bytes(good.read_bytes()[:-1])

    with pytest.raises(NetworkError, match="not the vosk-model-tiny-en that was promised"):
        install(good, model, folder)

    verify(path)
