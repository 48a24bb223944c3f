"""Asking a server: redirects followed by hand, bounded attempts, waiting as asked, and one clear sentence for every failure.

Redirects are followed here and not by `requests`, because each hop is judged (`addresses`) and a secret parameter is sent to
its own origin only. No exception of `requests` leaves this module: their texts carry whole addresses, secrets included.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import time
from collections.abc import Callable, Iterator, Mapping  # noqa: TC003 - a dataclass names its types
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urljoin

import requests

from blankspot import __version__
from blankspot.errors import FetchError
from blankspot.sources.fetch.addresses import check_address, same_origin, shown
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.settings import Fetch

T = TypeVar("T")
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HOPS_MAX: Final = 5
_JSON_MAX_BYTES: Final = 32 * 2**20
_ALONE: Final = Text(
    "Semua perintah lain bekerja tanpa jaringan; berkas yang sudah ada tetap dapat dipakai.",
    "Every other command works without a network; files you have can still be used.",
)


class PassingError(Exception):
    """Something that may go better the next time; says what it was and how long the server asks to wait."""

    def __init__(self, told: Text, *, wait_seconds: float | None = None, final: bool = False) -> None:
        super().__init__(told.en)
        self.told = told
        self.wait_seconds = wait_seconds
        self.final = final


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a server says of a file without sending it; `size` in bytes, None where it does not say."""

    found: bool
    size: int | None = None


@dataclass
class Client:
    """A session with the settings of `fetch`.

    Args:
        fetch: Timeouts, attempts, waits.
        sleep: How it waits, in seconds.
    """

    fetch: Fetch
    sleep: Callable[[float], None] = time.sleep
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = True  # an office's proxy
        self.session.auth = _no_auth  # never a password out of ~/.netrc
        self.session.headers.update({"User-Agent": f"blankspot/{__version__}", "Accept-Encoding": "identity"})

    def head(self, url: str, *, secret: Mapping[str, str] | None = None) -> Head:
        """Ask whether a file is there and how large it is."""

        def ask() -> Head:
            with self.open(url, secret=secret, method="HEAD") as answer:
                if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                    return Head(found=False)
                length = answer.headers.get("Content-Length", "")
                known = answer.ok and length.isdigit() and int(length) > 0
                return Head(found=True, size=int(length) if known else None)

        return self.patiently(ask, url)

    def json(self, url: str) -> Any:
        """Return a JSON document of at most 32 MB; None where there is none (404).

        Raises:
            FetchError: No answer, another status, or not JSON.
        """

        def ask() -> Any:
            with self.open(url) as answer:
                if answer.status_code == HTTPStatus.NOT_FOUND:
                    return None
                refuse_status(answer, url)
                body = b"".join(limited(answer, _JSON_MAX_BYTES, url))
                length = answer.headers.get("Content-Length", "")
                if length.isdigit() and len(body) < int(length):
                    raise PassingError(Text("jawaban terpotong", "the answer was cut off"))
                return json.loads(body)

        try:
            return self.patiently(ask, url)
        except ValueError:
            raise FetchError(
                Text(f"Jawaban {shown(url)} bukan JSON.", f"The answer of {shown(url)} is no JSON."),
                hint=Text(
                    "Mungkin ada halaman masuk jaringan (captive portal); buka peramban dan coba lagi.",
                    "Perhaps a network's login page is in between; open a browser, then try again.",
                ),
            ) from None

    def patiently(self, ask: Callable[[], T], url: str, progress: Callable[[], int] = lambda: 0) -> T:
        """Return what `ask` returns, again and again while it fails in passing and no attempt is left without progress.

        Raises:
            FetchError: It failed too often.
        """
        best, without = progress(), 0
        while True:
            try:
                return ask()
            except PassingError as error:
                without = 0 if progress() > best else without + 1
                best = max(best, progress())
                if error.final or without >= self.fetch.attempts:
                    raise unreachable(url, error.told) from None
                wait = self.fetch.backoff_seconds * 2 ** max(without - 1, 0)
                asked = error.wait_seconds or 0.0
                self.sleep(min(max(wait, asked), self.fetch.wait_max_seconds))

    @contextmanager
    def open(
        self,
        url: str,
        *,
        secret: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
    ) -> Iterator[requests.Response]:
        """Open an answer, its body unread; redirects are followed.

        Raises:
            FetchError: An address that may not be asked.
            PassingError: No connection, a cut body, or a status that passes.
        """
        with _in_our_words():
            answer = self._follow(check_address(url), secret or {}, headers or {}, method)
            try:
                if answer.status_code in PASSING:
                    raise PassingError(
                        Text(f"server menjawab {answer.status_code}", f"the server answers {answer.status_code}"),
                        wait_seconds=_retry_after(answer.headers.get("Retry-After")),
                    )
                yield answer
            finally:
                answer.close()

    def _follow(
        self, url: str, secret: Mapping[str, str], headers: Mapping[str, str], method: str
    ) -> requests.Response:
        current = url
        for _ in range(_HOPS_MAX + 1):
            answer = self.session.request(
                method,
                current,
                params=dict(secret) if same_origin(url, current) else None,
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                timeout=(self.fetch.connect_timeout_seconds, self.fetch.read_timeout_seconds),
            )
            self.session.cookies.clear()
            place = answer.headers.get("Location")
            if answer.status_code not in _REDIRECTS or not place:
                return answer
            answer.close()
            onward = urljoin(current, place)
            for value in secret.values():
                if value in onward and not same_origin(url, onward):
                    raise FetchError(
                        Text(
                            f"{shown(url)} hendak meneruskan token ke server lain; dihentikan.",
                            f"{shown(url)} wants to pass the token on to another server; stopped.",
                        ),
                        hint=Text("Periksa alamat penyedianya.", "Check the provider's address."),
                    )
            current = check_address(onward, came_from=current)
        raise FetchError(
            Text(f"{shown(url)} mengalihkan terlalu sering.", f"{shown(url)} redirects too often."),
            hint=Text("Coba lagi nanti, atau pakai alamat lain.", "Try again later, or use another address."),
        )


def refuse_status(answer: requests.Response, url: str) -> None:
    """Refuse an answer that is no success, saying what can be done.

    Raises:
        FetchError: The status is none of 2xx.
    """
    if answer.ok:
        return
    status = answer.status_code
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        hint = Text(
            "Periksa tahun atau versi yang diminta; mungkin penyedia memindahkannya (lihat fetch.base_url dengan: "
            "blankspot settings).",
            "Check the year or version asked for; the provider may have moved it (see fetch.base_url with: blankspot settings).",
        )
    elif status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        hint = Text("Periksa token atau izin aksesnya.", "Check the token or the right to access it.")
    else:
        hint = _ALONE
    raise FetchError(
        Text(
            f"{shown(url)} tidak dapat diambil: server menjawab {status}.",
            f"{shown(url)}: the server answers {status}.",
        ),
        hint=hint,
    )


def limited(answer: requests.Response, most: int, url: str) -> Iterator[bytes]:
    """Yield the body, refusing one longer than `most` bytes."""
    seen = 0
    for block in answer.iter_content(65536):
        seen += len(block)
        if seen > most:
            raise FetchError(Text(f"Jawaban {shown(url)} terlalu panjang.", f"The answer of {shown(url)} is too long."))
        yield block


def unreachable(url: str, why: Text) -> FetchError:
    """Return the error of a server that gave nothing, however often it was asked."""
    return FetchError(
        Text(f"{shown(url)} tidak dapat diambil: {why.id}.", f"{shown(url)} cannot be fetched: {why.en}."), hint=_ALONE
    )


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn the failures of `requests` into ours, without their texts."""
    try:
        yield
    except requests.exceptions.SSLError:
        told = Text("sertifikat server tidak dapat dipercaya", "the server's certificate cannot be trusted")
        raise PassingError(told, final=True) from None
    except requests.exceptions.ConnectTimeout:
        raise PassingError(Text("server tidak menyahut", "the server does not answer")) from None
    except requests.exceptions.Timeout:
        raise PassingError(Text("server berhenti mengirim", "the server stopped sending")) from None
    except requests.exceptions.ConnectionError as error:
        unknown = "resolve" in str(error)
        told = Text("tidak ada jaringan ke server itu", "there is no network to that server")
        raise PassingError(told, final=unknown) from None
    except requests.exceptions.ChunkedEncodingError:
        raise PassingError(Text("jawaban terpotong", "the answer was cut off")) from None
    except requests.exceptions.RequestException as error:
        kind = type(error).__name__
        raise PassingError(Text(f"permintaan gagal ({kind})", f"the request failed ({kind})"), final=True) from None


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _retry_after(text: str | None) -> float | None:
    """Return the seconds that a server asks to wait, given as a number or as a date."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - dt.datetime.now(tz=dt.UTC)).total_seconds()) if moment.tzinfo else None
