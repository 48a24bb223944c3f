"""Bytes come whole or not at all: resumed, verified, waited for, and never told more than is good."""

from __future__ import annotations

import gzip
import hashlib
import json
import os

import pytest
from fetchserver import Mood, etag_of, running

from blankspot.errors import FetchError, OutputError
from blankspot.settings import load_settings
from blankspot.sources.fetch.addresses import check_address, safe_name, shown
from blankspot.sources.fetch.catalogue import Asset
from blankspot.sources.fetch.http import Client
from blankspot.sources.fetch.store import Store

BODY = gzip.compress(os.urandom(300_000))


@pytest.fixture
def server():
    with running() as opened:
        yield opened


@pytest.fixture
def waits():
    return []


@pytest.fixture
def store(tmp_path, waits):
    fetch = load_settings({"fetch": {"read_timeout_seconds": 0.5, "attempts": 3}}).fetch
    return Store(tmp_path / "cache", Client(fetch, sleep=waits.append))


def asset(url, **more):
    return Asset(url=url, name="penyedia/berkas.gz", kind="gz", **more)


def resumed_at(headers):
    return int(headers["Range"].removeprefix("bytes=").removesuffix("-"))


def leftovers(store):
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def test_a_file_comes_whole_and_only_once(server, store):
    url = server.serve("/f.gz", BODY)
    first, second = store.get(asset(url)), store.get(asset(url))
    assert first.path.read_bytes() == BODY
    assert first.sha256 == second.sha256 == hashlib.sha256(BODY).hexdigest()
    assert len(server.gets("/f.gz")) == 1
    assert leftovers(store) == ["berkas.gz"]


def test_what_was_cut_off_is_resumed_at_the_byte(server, store):
    url = server.serve("/f.gz", Mood(body=BODY, cut_at=100_000), Mood(body=BODY))
    assert store.get(asset(url)).path.read_bytes() == BODY
    first, second = server.gets("/f.gz")
    assert "Range" not in first
    assert 100_000 - 2**14 < resumed_at(second) <= 100_000
    assert second["If-Range"].strip('"') == etag_of(BODY).strip('"')


def test_a_part_of_another_day_is_resumed(server, store):
    url = server.serve("/f.gz", *[Mood(body=BODY, cut_at=50_000), *[Mood(status=503)] * 3], Mood(body=BODY))
    with pytest.raises(FetchError):
        store.get(asset(url))
    assert leftovers(store) == ["berkas.gz.part", "berkas.gz.part.json"]
    assert store.get(asset(url)).path.read_bytes() == BODY
    assert 50_000 - 2**14 < resumed_at(server.gets("/f.gz")[-1]) <= 50_000


def test_a_file_that_changed_meanwhile_starts_anew(server, store):
    other = gzip.compress(os.urandom(200_000))
    url = server.serve("/f.gz", Mood(body=BODY, cut_at=100_000), Mood(body=other))
    assert store.get(asset(url)).path.read_bytes() == other


@pytest.mark.parametrize("etag", ["", None])
def test_a_server_that_ignores_ranges_starts_anew(server, store, etag):
    url = server.serve("/f.gz", Mood(body=BODY, cut_at=100_000, etag=etag), Mood(body=BODY, ranges=False, etag=etag))
    assert store.get(asset(url)).path.read_bytes() == BODY


def test_a_whole_part_is_finished_by_416(server, store):
    url = server.serve("/f.gz", BODY)
    part = store.folder / "penyedia" / "berkas.gz.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(BODY)
    part.with_name("berkas.gz.part.json").write_text(json.dumps({"validator": etag_of(BODY), "total": len(BODY)}))
    assert store.get(asset(url)).path.read_bytes() == BODY


def test_a_part_longer_than_the_file_starts_anew(server, store):
    url = server.serve("/f.gz", BODY)
    part = store.folder / "penyedia" / "berkas.gz.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(BODY + b"more")
    part.with_name("berkas.gz.part.json").write_text(json.dumps({"validator": etag_of(BODY)}))
    assert store.get(asset(url)).path.read_bytes() == BODY


def test_a_body_shorter_than_its_length_is_never_taken(server, store):
    url = server.serve("/f.gz", Mood(body=BODY, cut_at=1000, ranges=False))
    with pytest.raises(FetchError, match=r"cut off|bytes came"):
        store.get(asset(url))
    assert "berkas.gz" not in leftovers(store)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_waited_for_as_it_asks(server, store, waits, status):
    url = server.serve("/f.gz", Mood(status=status, headers={"Retry-After": "7"}), BODY)
    assert store.get(asset(url)).path.read_bytes() == BODY
    assert waits == [7.0]


def test_waiting_is_bounded_and_grows(server, store, waits):
    url = server.serve("/f.gz", Mood(status=503), Mood(status=503, headers={"Retry-After": "99999"}), Mood(status=503))
    with pytest.raises(FetchError, match="503"):
        store.get(asset(url))
    assert waits == [1.0, 60.0]


def test_a_server_that_stops_sending_is_left(server, store):
    url = server.serve("/f.gz", Mood(body=BODY, pause_s=1.5), BODY)
    assert store.get(asset(url)).path.read_bytes() == BODY


@pytest.mark.parametrize("known", ["md5:" + "0" * 32, "sha256:" + "0" * 64])
def test_a_wrong_hash_is_not_taken_and_says_both(server, store, known):
    url = server.serve("/f.gz", BODY)
    name, expected = known.split(":")
    with pytest.raises(FetchError) as caught:
        store.get(asset(url, known_hash=known))
    assert expected in str(caught.value)
    assert hashlib.new(name, BODY).hexdigest() in str(caught.value)
    assert leftovers(store) == []


def test_the_md5_that_s3_gives_is_compared(server, store):
    headers = {"x-amz-request-id": "1"}
    url = server.serve("/f.gz", Mood(body=BODY, headers=headers, etag='"' + "1" * 32 + '"'))
    with pytest.raises(FetchError, match=r"expected hash md5:1{32}, got md5:[0-9a-f]{32}"):
        store.get(asset(url))
    assert leftovers(store) == []


@pytest.mark.parametrize("kind", ["gz", "zip", "tif", "parquet", "json"])
def test_what_is_not_what_it_should_be_is_not_kept(server, store, kind):
    url = server.serve("/f", Mood(body=b"<html>login page</html>" * 40))
    with pytest.raises(FetchError, match=f"no whole {kind}"):
        store.get(Asset(url=url, name=f"x.{kind}", kind=kind))
    assert leftovers(store) == []


def test_404_says_what_to_do_and_may_mean_nothing_there(server, store):
    with pytest.raises(FetchError, match=r"404.*year or version"):
        store.get(asset(server.address + "/none.gz"))
    assert store.get(asset(server.address + "/none.gz", may_lack=True)).path is None


def test_redirects_are_followed_a_few_times(server, store):
    server.serve("/f.gz", BODY)
    url = server.serve("/old.gz", Mood(status=302, headers={"Location": "/f.gz"}))
    assert store.get(asset(url)).path.read_bytes() == BODY
    loop = server.serve("/loop", Mood(status=302, headers={"Location": "/loop"}))
    with pytest.raises(FetchError, match="too often"):
        store.get(Asset(url=loop, name="loop.gz", kind="gz"))


def test_a_token_goes_to_its_own_host_alone(server, store):
    with running("localhost") as other:
        other.serve("/f.gz", BODY)
        url = server.serve("/dl", Mood(status=302, headers={"Location": other.address + "/f.gz"}))
        store.get(asset(url + "?type=mcc", secret={"token": "rahasia-123"}))
        assert "token=rahasia-123" in server.seen[0][1]
        assert all("rahasia-123" not in path + str(headers) for _, path, headers in other.seen)


def test_a_server_that_hands_the_token_on_is_stopped(server, store):
    with running("localhost") as other:
        location = other.address + "/f.gz?token=rahasia-123"
        url = server.serve("/dl", Mood(status=302, headers={"Location": location}))
        with pytest.raises(FetchError, match="pass the token on") as caught:
            store.get(asset(url, secret={"token": "rahasia-123"}))
        assert other.seen == []
        assert "rahasia-123" not in str(caught.value)


@pytest.mark.parametrize("body", [Mood(status=500), Mood(status=403), Mood(body=BODY, cut_at=10, ranges=False)])
def test_no_error_and_no_file_tells_the_token(server, store, body, caplog, capfd):
    url = server.serve("/dl", body)
    with pytest.raises(FetchError) as caught:
        store.get(asset(url, secret={"token": "rahasia-123"}))
    kept = "".join(path.read_bytes().decode("latin-1") for path in store.folder.rglob("*") if path.is_file())
    told = capfd.readouterr()
    assert (
        "rahasia-123" not in str(caught.value) + repr(caught.value.__cause__) + caplog.text + told.err + told.out + kept
    )


def test_without_a_network_one_sentence_says_what_still_works(store):
    with pytest.raises(FetchError) as caught:
        store.get(asset("http://127.0.0.1:9/f.gz", secret={"token": "rahasia-123"}))
    assert caught.value.exit_code == 3
    assert "tanpa jaringan" in caught.value.say("id")
    assert "rahasia-123" not in caught.value.say("id") + str(caught.value)


def test_an_interrupt_leaves_only_what_can_be_resumed(server, store):
    url = server.serve("/f.gz", BODY)

    def stop(_name, done, _total):
        if done > 1000:
            raise KeyboardInterrupt

    store.progress = stop
    with pytest.raises(KeyboardInterrupt):
        store.get(asset(url))
    assert "berkas.gz" not in leftovers(store)
    assert "berkas.gz.part" in leftovers(store)
    store.progress = lambda *_: None
    assert store.get(asset(url)).path.read_bytes() == BODY


def test_a_full_disk_is_said_and_leaves_no_half_file(server, store, monkeypatch):
    url = server.serve("/f.gz", BODY)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_append", full)
    with pytest.raises(OutputError, match="No space left"):
        store.get(asset(url))
    assert "berkas.gz" not in leftovers(store)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://example.org/f", "http://example.org/f", "https://", "https://u:p@example.org/f", "gopher://x",
        "https://[::1", "http://169.254.169.254/latest", "javascript:alert(1)", "http://127.0.0.1.example.org/f",
    ],
)  # fmt: skip
def test_surprising_addresses_are_refused(url):
    with pytest.raises(FetchError, match="refused"):
        check_address(url)


@pytest.mark.parametrize(
    "inner", ["https://127.0.0.1/x", "https://10.0.0.1/x", "https://[::1]/x", "https://localhost/x"]
)
def test_the_internet_may_not_redirect_inwards(inner):
    with pytest.raises(FetchError, match="private network"):
        check_address(inner, came_from="https://example.org/f")


@pytest.mark.parametrize("name", ["../x.zip", "a/b.zip", ".hidden", "", "a\\b", "x" * 300, "a\n.zip"])
def test_surprising_names_are_refused(name):
    with pytest.raises(FetchError, match="refused"):
        safe_name(name)


def test_what_is_shown_of_an_address_has_no_query():
    assert shown("https://u:p@example.org/a?token=1#x") == "https://example.org/a"
