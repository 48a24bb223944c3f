"""A package goes to a portal on loopback that behaves like CKAN, and to some that do not; the token is told to nobody else."""

from __future__ import annotations

import json
import threading
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mapworld
import openworld
import pytest

from blankspot.errors import PortalError, UsageError
from blankspot.out.publish.ckan import Ckan, portal, upload

TOKEN = "RAHASIA-TOKEN-1234"  # noqa: S105 - an invented one


class Portal(ThreadingHTTPServer):
    """A stub of CKAN's action API; `answer` replaces what it says to an action."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.datasets: dict[str, dict] = {}
        self.files: dict[str, bytes] = {}
        self.actions: list[str] = []
        self.tokens: list[str | None] = []
        self.answer: dict[str, tuple[int, dict[str, str], bytes]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def act(self, action: str, values: dict, raw: bytes | None):
        if action == "package_show":
            return next((one for one in self.datasets.values() if values["id"] in (one["id"], one["name"])), None)
        if action == "package_create":
            made = {**values, "id": f"d{len(self.datasets)}", "resources": []}
            self.datasets[made["id"]] = made
            return made
        if action == "package_patch":
            self.datasets[values["id"]].update(values)
            return self.datasets[values["id"]]
        if action == "resource_delete":
            for one in self.datasets.values():
                one["resources"] = [res for res in one["resources"] if res["id"] != values["id"]]
            return {}
        whole = self.datasets[values["package_id"]]["resources"]
        if action == "resource_create":
            values = {**values, "id": f"r{len(self.files)}"}
            whole.append(values)
        else:
            next(one for one in whole if one["id"] == values["id"]).update(values)
        self.files[values["id"]] = raw or b""
        return values


class Handler(BaseHTTPRequestHandler):
    server: Portal

    def do_POST(self) -> None:
        action = self.path.rpartition("/")[2]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.actions.append(action)
        self.server.tokens.append(self.headers.get("Authorization"))
        if action in self.server.answer:
            self.reply(*self.server.answer[action])
            return
        values, raw = self.form(body)
        result = self.server.act(action, values, raw)
        if result is None:
            self.reply(404, {}, json.dumps({"success": False, "error": {"message": "Not found"}}).encode())
            return
        self.reply(200, {}, json.dumps({"success": True, "result": result}).encode())

    def form(self, body: bytes) -> tuple[dict, bytes | None]:
        kind = self.headers["Content-Type"]
        if kind.startswith("application/json"):
            return json.loads(body), None
        message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        values, raw = {}, None
        for part in message.get_payload():
            name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            if part.get_filename():
                raw = content
            else:
                values[name] = content.decode()
        return values, raw

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments) -> None:
        pass


@pytest.fixture
def server():
    stub = Portal()
    thread = threading.Thread(target=stub.serve_forever, daemon=True)
    thread.start()
    yield stub
    stub.shutdown()
    stub.server_close()
    thread.join()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return openworld.package(
        tmp_path_factory.mktemp("ckan") / "paket", {"villages": mapworld.villages(3)}, formats=["csv"]
    )


def test_a_second_upload_changes_nothing(server, made):
    client = Ckan(server.url, token=TOKEN)
    first = upload(client, made, organisation="diskominfo", dataset="sinyal")
    assert first.created == len(made.files) + 1
    assert first.url == f"{server.url}/dataset/sinyal"
    assert (made.folder / "desa.csv").read_bytes() in server.files.values()
    dataset = server.datasets["d0"]
    assert (dataset["name"], dataset["owner_org"], dataset["license_id"]) == ("sinyal", "diskominfo", "cc-by")
    assert set(server.tokens) == {TOKEN}
    server.actions.clear()
    second = upload(client, made, organisation="diskominfo", dataset="sinyal")
    assert (second.created, second.updated, second.unchanged, second.removed) == (0, 0, first.created, 0)
    assert server.actions == ["package_show"]


def test_what_changed_is_updated_and_what_is_gone_removed(server, made, tmp_path):
    client = Ckan(server.url, token=TOKEN)
    upload(client, made)
    server.datasets["d0"]["resources"].append({"id": "asing", "name": "milik orang lain", "description": ""})
    fewer = openworld.package(tmp_path / "paket", {"villages": mapworld.villages(2)}, formats=["geojson"])
    done = upload(client, fewer)
    left = {one["id"]: one for one in server.datasets["d0"]["resources"]}
    assert "asing" in left
    assert done.removed == 1  # desa.csv
    assert done.created == 1  # desa.geojson
    assert done.updated > 1
    assert len(left) == len(fewer.files) + 2


REFUSALS = {
    401: (401, {}, b'{"success": false, "error": {"message": "bad token RAHASIA-TOKEN-1234"}}'),
    403: (403, {}, b'{"success": false, "error": {"message": "Access denied"}}'),
    404: (404, {}, b"<html>nothing here</html>"),
    409: (409, {}, b'{"success": false, "error": {"owner_org": ["required"], "__type": "Validation Error"}}'),
    500: (500, {}, b"oops"),
    200: (200, {}, b"<html>welcome</html>"),
    201: (200, {}, b'["no", "ckan"]'),
    302: (302, {"Location": "https://lain.example/api"}, b""),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_is_one_clear_message_without_the_token(server, made, kind):
    server.answer["package_show"] = REFUSALS[kind]
    with pytest.raises(PortalError) as caught:
        upload(Ckan(server.url, token=TOKEN), made)
    told = str(caught.value) + caught.value.say("id") + repr(caught.value)
    assert TOKEN not in told
    assert "package_show" in told
    assert caught.value.hint is not None
    assert server.actions == ["package_show"]
    if kind == 302:
        assert "lain.example" in told


def test_a_redirect_of_a_file_does_not_carry_the_token_on(server, made):
    other = Portal()
    threading.Thread(target=other.serve_forever, daemon=True).start()
    server.answer["resource_create"] = (307, {"Location": other.url}, b"")
    with pytest.raises(PortalError, match="redirects"):
        upload(Ckan(server.url, token=TOKEN), made)
    assert other.tokens == []
    other.shutdown()
    other.server_close()


def test_a_portal_that_does_not_answer_in_time(server, made):
    waiting = threading.Event()
    server.act = lambda *_values: waiting.wait(3) and None
    with pytest.raises(PortalError, match="did not answer in time"):
        upload(Ckan(server.url, token=TOKEN, timeout_s=(1.0, 0.2)), made)
    waiting.set()


def test_the_token_is_in_no_representation_and_no_netrc_replaces_it(server, made, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login lain password lain\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    client = Ckan(server.url, token=TOKEN)
    assert TOKEN not in repr(client)
    upload(client, made)
    assert set(server.tokens) == {TOKEN}


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://data.uji.example/", "https://data.uji.example"),
        ("https://data.uji.example/ckan/api/3/action", "https://data.uji.example/ckan"),
        ("http://127.0.0.1:5000/api", "http://127.0.0.1:5000"),
    ],
)
def test_addresses(given, address):
    assert portal(given) == address


@pytest.mark.parametrize(
    "given", ["http://data.uji.example", "data.uji.example", "https://u:p@x.example", "file:///etc", "https://[", ""]
)
def test_bad_addresses(given):
    with pytest.raises(UsageError):
        portal(given)
