"""Which addresses may be asked, and which names a server may give a file.

Only https is spoken, and http to this machine alone (a mirror on loopback, tests). A redirect may not lead from the internet
into this machine or a private network, and what is secret goes to the host it was meant for and to no other.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from blankspot.errors import FetchError
from blankspot.words import Text

_LOOPBACK_NAMES: Final = frozenset({"localhost"})
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=-]{0,150}")


def check_address(url: str, *, came_from: str | None = None) -> str:
    """Return an address that may be asked.

    Args:
        url: The address.
        came_from: The address that redirected here; an inner address is then only taken from an inner one.

    Raises:
        FetchError: Not https (or http to loopback), no host, a password in it, or a redirect inwards.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused(url, Text("tidak terbaca", "cannot be read")) from error
    if parts.username or parts.password:
        raise _refused(url, Text("memuat nama atau kata sandi", "carries a name or password"))
    if not host or parts.scheme not in ("https", "http") or (parts.scheme == "http" and not _is_loopback(host)):
        raise _refused(url, Text("bukan alamat https", "is no https address"))
    if came_from is not None and _is_inner(host) and not _is_inner(urlsplit(came_from).hostname or ""):
        raise _refused(url, Text("mengarah ke jaringan dalam", "leads into a private network"))
    return url


def same_origin(one: str, other: str) -> bool:
    """Tell whether two addresses are of one scheme, host and port."""
    return _origin(urlsplit(one)) == _origin(urlsplit(other))


def shown(url: str) -> str:
    """Return an address as it may be told and kept: without query and fragment, where keys and signatures travel."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def safe_name(name: str) -> str:
    """Return a file's name that a server gave, if it is one.

    Raises:
        FetchError: It has folders, dots in front, or signs that a file's name need not have.
    """
    if not _SAFE.fullmatch(name) or ".." in name:
        raise FetchError(
            Text(f"Nama berkas {name!r} dari server ditolak.", f"File name {name!r} from the server is refused."),
            hint=Text("Periksa alamat penyedianya.", "Check the provider's address."),
        )
    return name


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _is_loopback(host: str) -> bool:
    address = _ip(host)
    return host in _LOOPBACK_NAMES or (address is not None and address.is_loopback)


def _is_inner(host: str) -> bool:
    address = _ip(host)
    return host in _LOOPBACK_NAMES or (address is not None and not address.is_global)


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _refused(url: str, why: Text) -> FetchError:
    told = url.split("?", maxsplit=1)[0].rpartition("@")[2]
    return FetchError(
        Text(f"Alamat {told} ditolak: {why.id}.", f"Address {told} is refused: it {why.en}."),
        hint=Text(
            "Pakai alamat https; http hanya untuk komputer ini sendiri.",
            "Use an https address; http is for this machine alone.",
        ),
    )
