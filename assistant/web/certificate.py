"""The certificate of the page over the network: made here, signed by itself, known to browsers by nobody.

<config>/lan/certificate.pem holds the certificate and its private key, readable by its owner only (0600).
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from assistant.errors import MissingExtra, TuinaError
from assistant.store.private_file import write_privately

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError as error:
    raise MissingExtra.of("screen", error.name or "cryptography", "tuina serve --lan") from error

LASTS = timedelta(days=365)  # browsers accept up to 398 days; a rarer warning is no gain if it comes as a surprise
SPARE = timedelta(days=14)  # left at least at a start, so that it does not end within a course of sessions; chosen
SKEW = timedelta(days=1)  # a phone's clock may be behind; chosen
OTHERS = 0o077  # the bits of a file's mode that let others than its owner at it


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that is ready to be served."""

    path: Path
    """A PEM file with the certificate and its key."""
    fingerprint: str
    """SHA-256 of the certificate, as browsers show it: 32 pairs of hexadecimal digits."""
    is_new: bool
    """True if it was made now, so that every browser will warn."""


def certificate_for(folder: Path, addresses: Sequence[str], now: datetime | None = None) -> Certificate:
    """Return the certificate for exactly these IP addresses; makes one where none fits. Raises TuinaError.

    One does not fit if it is damaged, was readable by others, ends within two weeks, or names other addresses.
    """
    path = folder / "certificate.pem"
    at = now or datetime.now(timezone.utc)
    kept = _kept(path, set(addresses), at)
    if kept is not None:
        return Certificate(path=path, fingerprint=_fingerprint(kept), is_new=False)
    made, key = _made(addresses, at)
    try:
        write_privately(path, key + made.public_bytes(serialization.Encoding.PEM))
    except OSError as error:
        remedy = "Check the permissions of that folder, and that the disk is not full"
        what = f"the certificate cannot be written: {error.strerror or error}"
        raise TuinaError(what, where=str(path), remedy=remedy) from error
    return Certificate(path=path, fingerprint=_fingerprint(made), is_new=True)


def _kept(path: Path, addresses: set[str], at: datetime) -> x509.Certificate | None:
    """Return the certificate that is there, if it fits."""
    try:
        if os.name == "posix" and path.stat().st_mode & OTHERS:
            return None
        data = path.read_bytes()
        found = x509.load_pem_x509_certificate(data)
        key = serialization.load_pem_private_key(data, password=None)
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):
        return None  # it is missing or damaged: another one is made
    fits = {str(one) for one in names.get_values_for_type(x509.IPAddress)} == addresses
    is_now = found.not_valid_before_utc <= at <= found.not_valid_after_utc - SPARE
    return found if fits and is_now and key.public_key() == found.public_key() else None


def _made(addresses: Sequence[str], at: datetime) -> tuple[x509.Certificate, bytes]:
    """Make a key, and a certificate that it signs; it may vouch for a server and for no other certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tuina")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(one)) for one in addresses])
    builder = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - SKEW)
        .not_valid_after(at + LASTS)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    form = serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return builder.sign(key, hashes.SHA256()), pem


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()
