"""A written package brought to a CKAN portal through its action API, so often as one likes: what is there is brought up to date.

A data set is created or changed, a file is uploaded where its digest differs, and a file of ours that is no longer in the package is
removed; resources that somebody else added stay. The token travels in one header to one host over HTTPS (or loopback); it is in
no message, no log and no representation, and a redirect is never followed, because it would carry the token elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from blankspot.errors import PortalError, UsageError
from blankspot.out.publish.package import DESCRIPTOR
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import requests

    from blankspot.out.publish.package import Package
    from blankspot.out.publish.publication import About

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_TIMEOUT_S: Final = (10.0, 120.0)  # to connect, and between two bytes
_OURS: Final = "blankspot"  # mark of the resources that we made
_SHOWN_MAX: Final = 200
_LICENCES: Final = {
    "CC-BY-4.0": "cc-by",
    "CC0-1.0": "cc-zero",
    "CC-BY-SA-4.0": "cc-by-sa",
    "ODbL-1.0": "odc-odbl",
    "PDDL-1.0": "odc-pddl",
    "ODC-BY-1.0": "odc-by",
}
_NOT_FOUND: Final = 404
_REDIRECTS: Final = range(300, 400)
_WRONG: Final = range(400, 600)


@dataclass(frozen=True, kw_only=True)
class Uploaded:
    """What an upload did."""

    url: str
    created: int
    updated: int
    unchanged: int
    removed: int


@dataclass(frozen=True)
class Ckan:
    """A portal and the token for it.

    Args:
        url: Its address, with or without a path.
        token: Of a user who may write there; never shown.
        timeout_s: To connect, and between two bytes.
    """

    url: str
    token: str = field(repr=False)
    timeout_s: tuple[float, float] = _TIMEOUT_S

    def call(self, action: str, values: Mapping[str, Any], *, file: Path | None = None) -> Any:
        """Call an action and return its result; None where the portal does not know what was asked for.

        Raises:
            PortalError: It refuses, redirects, does not answer, or answers something else.
        """
        answer = self._post(action, values, file)
        if answer.status_code in _REDIRECTS:
            raise _redirected(answer, action)
        body = _json(answer)
        if answer.status_code == _NOT_FOUND and isinstance(body, dict) and body.get("success") is False:
            return None
        if answer.status_code in _WRONG or not isinstance(body, dict) or body.get("success") is not True:
            raise _refusal(answer.status_code, action, self._without_token(_reason(body)))
        return body.get("result")

    def _post(self, action: str, values: Mapping[str, Any], file: Path | None) -> requests.Response:
        import requests

        address = f"{portal(self.url)}/api/3/action/{action}"
        auth = _Token(self.token)
        try:
            if file is None:
                return requests.post(
                    address, json=dict(values), auth=auth, timeout=self.timeout_s, allow_redirects=False
                )
            with file.open("rb") as stream:
                return requests.post(
                    address,
                    data=dict(values),
                    files={"upload": (file.name, stream)},
                    auth=auth,
                    timeout=self.timeout_s,
                    allow_redirects=False,
                )
        except requests.Timeout:
            raise PortalError(
                Text(
                    f"Portal tidak menjawab pada waktunya ({action}).", f"The portal did not answer in time ({action})."
                ),
                hint=_AGAIN,
            ) from None
        except requests.RequestException as error:
            kind = type(error).__name__
            raise PortalError(
                Text(
                    f"Portal {_host(self.url)} tidak terhubung ({kind}).",
                    f"The portal {_host(self.url)} cannot be reached ({kind}).",
                ),
                hint=_AGAIN,
            ) from None  # the cause carries the request, and the request carries the token

    def _without_token(self, text: str) -> str:
        return text.replace(self.token, "***") if self.token else text


class _Token:
    """Puts the token into a request; given as `auth`, so that no entry of a .netrc replaces it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._token
        return request


_AGAIN: Final = Text(
    "Periksa alamat dan jaringan, lalu jalankan lagi; yang sudah terunggah tidak diunggah dua kali.",
    "Check the address and the network, then run again; what is uploaded already is not uploaded twice.",
)
_HINTS: Final = {
    401: Text(
        "Token tidak diterima; buat yang baru di halaman profil portal.",
        "The token is not accepted; make a new one on your profile page.",
    ),
    403: Text(
        "Pengguna token ini tidak boleh menulis di organisasi itu; minta peran editor, atau sebut --organisation.",
        "The user of this token may not write in that organisation; ask to be an editor, or name --organisation.",
    ),
    404: Text(
        "Di alamat itu tidak ada CKAN; sebut alamat portalnya saja.",
        "There is no CKAN at that address; give the portal's own address.",
    ),
    409: Text(
        "Portal menolak isiannya; --organisation atau --dataset mungkin perlu disebut.",
        "The portal refuses an entry; --organisation or --dataset may have to be named.",
    ),
    413: Text(
        "Berkasnya terlalu besar bagi portal; pilih format dengan -f.",
        "The file is too large for the portal; choose formats with -f.",
    ),
}


def portal(url: str) -> str:
    """Return the address of a portal without what follows it.

    Raises:
        UsageError: It is no web address, carries a password, or would send the token in the clear.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(
            Text(f"{url!r} bukan alamat portal.", f"{url!r} is no address of a portal."),
            hint=Text("Tulis seperti https://data.contoh.go.id.", "Write it like https://data.contoh.go.id."),
        )
    if parts.username or parts.password:
        raise UsageError(
            Text(
                "Alamat portal memuat nama pengguna atau sandi.",
                "The portal's address carries a user name or a password.",
            ),
            hint=Text(
                "Hilangkan; token dibaca dari lingkungan.", "Leave it out; the token is read from the environment."
            ),
        )
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise UsageError(
            Text(f"{url} akan mengirim token tanpa sandi.", f"{url} would send the token unencrypted."),
            hint=Text("Pakai alamat https.", "Use the https address."),
        )
    path = parts.path.rstrip("/").removesuffix("/api/3/action").removesuffix("/api/3").removesuffix("/api")
    return f"{parts.scheme}://{parts.netloc}{path}"


def upload(client: Ckan, package: Package, *, organisation: str | None = None, dataset: str | None = None) -> Uploaded:
    """Create or update a data set with every file of a package.

    Args:
        client: The portal.
        package: As `write_package` left it.
        organisation: Owner on the portal; left as it is there if not given.
        dataset: Short name there; that of the package if not given.

    Raises:
        PortalError: The portal refuses or does not answer; what was uploaded before stays there.
    """
    name = dataset or package.about.slug
    found = client.call("package_show", {"id": name})
    values = _dataset(package.about, name, organisation)
    if found is None:
        found = client.call("package_create", values)
    elif any(found.get(key) != value for key, value in values.items() if key != "tags") or _tags(found) != _tags(
        values
    ):
        found = client.call("package_patch", {**values, "id": found["id"]})
    if not isinstance(found, dict) or "id" not in found:
        raise _refusal(200, "package_create", "")
    return _files(client, package, found, name)


def _files(client: Ckan, package: Package, found: dict[str, Any], name: str) -> Uploaded:
    there = {one["our_path"]: one for one in _resources(found)}
    counts = {"created": 0, "updated": 0, "unchanged": 0, "removed": 0}
    wanted = _wanted(package)
    for path, values in wanted.items():
        known = there.get(path)
        if known is not None and known.get("hash") == values["hash"]:
            counts["unchanged"] += 1
            continue
        action = "resource_create" if known is None else "resource_update"
        whose = {"package_id": found["id"]} if known is None else {"id": known["id"], "package_id": found["id"]}
        client.call(action, {**values, **whose}, file=package.folder / path)
        counts["created" if known is None else "updated"] += 1
    for path, known in there.items():
        if path not in wanted:
            client.call("resource_delete", {"id": known["id"]})
            counts["removed"] += 1
    return Uploaded(url=f"{portal(client.url)}/dataset/{name}", **counts)


def _resources(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the resources of a data set that we made, each with the path of its file."""
    ours = []
    for one in found.get("resources") or ():
        description = str(one.get("description") or "")
        if description.startswith(f"{_OURS}:"):
            ours.append({**one, "our_path": description.removeprefix(f"{_OURS}:").partition(" ")[0]})
    return ours


def _wanted(package: Package) -> dict[str, dict[str, str]]:
    import hashlib

    lang = package.about.lang
    wanted = {
        file.path: _resource(file.path, file.title.of(lang), file.format, file.media_type, file.sha256)
        for file in package.files
    }
    descriptor = hashlib.sha256((package.folder / DESCRIPTOR).read_bytes()).hexdigest()
    wanted[DESCRIPTOR] = _resource(DESCRIPTOR, "Frictionless Data Package", "json", "application/json", descriptor)
    return wanted


def _resource(path: str, title: str, form: str, media_type: str, digest: str) -> dict[str, str]:
    return {
        "name": f"{title} ({path.rpartition('/')[2]})",
        "description": f"{_OURS}:{path}",
        "format": {"cog": "GeoTIFF"}.get(form, form.upper()),
        "mimetype": media_type.partition(";")[0],
        "hash": f"sha256:{digest}",
    }


def _dataset(about: About, name: str, organisation: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": name,
        "title": about.title.of(about.lang),
        "notes": about.description.of(about.lang),
        "license_id": _LICENCES.get(about.licence.id, "other-open"),
        "version": about.as_of.isoformat(),
        "author": about.publisher,
        "author_email": about.email,
        "url": about.url,
        "tags": [{"name": word} for word in about.keywords],
    }
    return values | ({"owner_org": organisation} if organisation else {})


def _tags(values: Mapping[str, Any]) -> set[str]:
    return {str(tag.get("name")) for tag in values.get("tags") or ()}


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _reason(body: Any) -> str:
    """Return what the portal says, short and on one line."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        error = error.get("message") or {key: value for key, value in error.items() if key != "__type"}
    text = error if isinstance(error, str) else json.dumps(error, ensure_ascii=False) if error else ""
    return " ".join(text.split())[:_SHOWN_MAX]


def _refusal(status: int, action: str, reason: str) -> PortalError:
    told = f": {reason}" if reason else ""
    if status not in _WRONG:
        return PortalError(
            Text(
                f"Jawaban portal untuk {action} bukan jawaban CKAN{told}.",
                f"The portal's answer to {action} is not CKAN's{told}.",
            ),
            hint=_HINTS[404],
        )
    return PortalError(
        Text(f"Portal menolak {action} ({status}){told}.", f"The portal refuses {action} ({status}){told}."),
        hint=_HINTS.get(status, _AGAIN),
    )


def _redirected(answer: requests.Response, action: str) -> PortalError:
    target = _host(answer.headers.get("Location", ""))
    return PortalError(
        Text(
            f"Portal mengalihkan {action} ke {target}; token tidak dikirim ke sana.",
            f"The portal redirects {action} to {target}; the token was not sent there.",
        ),
        hint=Text(
            "Bila itu alamat portal yang benar, sebut langsung dengan --ckan.",
            "Where that is the portal's right address, give it directly with --ckan.",
        ),
    )


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "?"
    return f"{parts.scheme}://{parts.hostname}" if parts.hostname else "?"
