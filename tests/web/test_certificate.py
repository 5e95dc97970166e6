"""The certificate of the network: made once, private, and made anew only where it no longer fits."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509

from assistant.errors import TuinaError
from assistant.web.certificate import LASTS, SPARE, certificate_for

HOME = "192.168.1.20"


def test_the_first_use_makes_a_certificate_for_these_addresses(tmp_path):
    """It names them, is no authority, and its key is readable by its owner only."""
    made = certificate_for(tmp_path / "lan", [HOME, "10.0.0.2"])
    read = x509.load_pem_x509_certificate(made.path.read_bytes())
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert made.is_new
    assert {str(one) for one in names.get_values_for_type(x509.IPAddress)} == {HOME, "10.0.0.2"}
    assert not read.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert b"PRIVATE KEY" in made.path.read_bytes()
    assert len(made.fingerprint) == 32 * 3 - 1
    if os.name == "posix":
        assert made.path.stat().st_mode & 0o777 == 0o600
        assert made.path.parent.stat().st_mode & 0o077 == 0
    assert [one.name for one in made.path.parent.iterdir()] == ["certificate.pem"]


def test_it_is_kept(tmp_path):
    """Also where the addresses come in another order: a browser that accepted it warns no more."""
    first = certificate_for(tmp_path, [HOME, "10.0.0.2"])
    second = certificate_for(tmp_path, ["10.0.0.2", HOME])

    assert (second.is_new, second.fingerprint) == (False, first.fingerprint)


@pytest.mark.parametrize(("later", "is_new"), [(LASTS - SPARE - timedelta(hours=1), False), (LASTS - SPARE, True)])
def test_it_is_renewed_before_it_ends(tmp_path, later, is_new):
    """Two weeks before, at a start."""
    now = datetime(2026, 12, 1, tzinfo=timezone.utc)
    certificate_for(tmp_path, [HOME], now)

    assert certificate_for(tmp_path, [HOME], now + later + timedelta(seconds=1)).is_new is is_new


@pytest.mark.parametrize("change", ["addresses", "damaged", "empty", "half", "another key", "open to others"])
def test_one_that_does_not_fit_is_made_anew(tmp_path, change):
    """With another fingerprint, and private again."""
    first = certificate_for(tmp_path, [HOME])
    data = first.path.read_bytes()
    other = certificate_for(tmp_path / "other", [HOME]).path.read_bytes()
    at = data.index(b"-----BEGIN CERTIFICATE")
    changed = {
        "damaged": data.replace(b"M", b"!"),
        "empty": b"",
        "half": data[:at],
        "another key": other[: other.index(b"-----BEGIN CERTIFICATE")] + data[at:],
    }
    first.path.write_bytes(changed.get(change, data))
    if change == "open to others":
        if os.name != "posix":
            pytest.skip("only POSIX has these modes")
        first.path.chmod(0o640)

    second = certificate_for(tmp_path, ["192.168.1.21" if change == "addresses" else HOME])

    assert second.is_new
    assert second.fingerprint != first.fingerprint
    if os.name == "posix":
        assert second.path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_refuses_is_told(tmp_path):
    """With the path; nothing half is left."""
    (tmp_path / "lan").write_text("a file in the way")

    with pytest.raises(TuinaError, match=r"certificate\.pem: the certificate cannot be written"):
        certificate_for(tmp_path / "lan", [HOME])
