"""What nginx answers with the shipped configuration, and what it keeps to itself."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import ssl
import subprocess
from contextlib import nullcontext
from http.client import HTTPConnection, HTTPSConnection
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from generator.site.deploy import COMPRESSED
from tests.browser.serve import none_of
from tests.deploy.conftest import Identity
from tests.deploy.host import Host, free_ports, in_container

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".map": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "text/xml; charset=utf-8",
    ".gz": "application/gzip",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
ALWAYS = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex",
}
HASHED = re.compile(r"\.[0-9a-f]{8}\.min\.(css|js)$")
PATHS = (
    "/..%2fcsp.conf",
    "/../csp.conf",
    "/%2e%2e/csp.conf",
    "/%2e%2e%2fcsp.conf",
    "/..%252fcsp.conf",
    "/..%5ccsp.conf",
    "/en/..%2f..%2fcsp.conf",
    "/en/../../csp.conf",
    "/.%2e/csp.conf",
    "/assets../csp.conf",
    "/assets/..;/..;/csp.conf",
    "//csp.conf",
    "//../csp.conf",
    "/index.html/../../csp.conf",
    "/index.html%00.css",
    "/%c0%ae%c0%ae/csp.conf",
    "/oauth2/../../csp.conf",
    "/.git/config",
    "/%2egit/config",
    "/.git%2fconfig",
    "//.git/config",
    "/x/../.git/config",
    "/.htpasswd",
    "/%2Ehtpasswd",
    "/./.htpasswd",
)


@pytest.fixture(params=["debian", "container"])
def host(request: pytest.FixtureRequest) -> Host:
    host: Host = request.getfixturevalue(request.param)
    return host


@pytest.fixture
def key(host: Host) -> dict[str, str]:
    """What a signed-in reader sends along."""
    return host.signed_in


@pytest.fixture(scope="session")
def files(deployed: Path) -> list[str]:
    root = deployed / "site"
    found = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    return sorted(name for name in found if "/." not in f"/{name}")


def test_without_signing_in_there_is_nothing(host: Host, files: list[str]) -> None:
    """Every file, every folder with and without its slash, what is not there, with each kind of wrong key."""
    folders = {parent for name in files for parent in (name.rpartition("/")[0],)}
    paths = [f"/{name}" for name in (*files, *folders, *(f"{folder}/" for folder in folders), "nope", "en/nope")]
    assert len(paths) > 1000
    refused = host.ask("/nope").body
    problems = []
    for path in [*paths, "/api/", "/.git/config", "/.htpasswd", "/index.html?x=1"]:
        answer = host.ask(path)
        if answer.status != 401 or answer.body != refused.replace(b"/nope", path.encode()):
            problems.append(f"{path}: {answer.status} {answer.body[:60]!r}")
        if told := {"etag", "last-modified", "location", "content-encoding", "accept-ranges"} & answer.headers.keys():
            problems.append(f"{path}: tells {told}")
        if answer.headers["cache-control"] not in ("private, no-cache", "no-store"):
            problems.append(f"{path}: is kept, {answer.headers['cache-control']}")
    none_of(problems)


def test_a_wrong_key_is_none(debian: Host, container: Host) -> None:
    for wrong in ("Basic YW5uYTpmYWxzY2g=", "Basic", "Basic Og==", "Bearer x", "Negotiate", ""):
        assert debian.ask("/", {"Authorization": wrong}).status == 401, wrong
    for wrong in ("session=falsch", "", "session"):
        assert container.ask("/", {"Cookie": wrong}).status == 401, wrong
    for method in ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"):
        assert debian.ask("/api/playbook.json", method=method).status == 401, method
        assert container.ask("/api/playbook.json", method=method).status == 401, method
    for more in ({"Range": "bytes=0-9"}, {"X-Original-URL": "/oauth2/x"}, {"X-Forwarded-For": "127.0.0.1"}):
        assert debian.ask("/api/playbook.json", more).status == 401, more
        assert container.ask("/api/playbook.json", more).status == 401, more


def test_who_is_signed_in_gets_every_file(host: Host, key: dict[str, str], files: list[str], deployed: Path) -> None:
    problems = []
    for name in files:
        answer = host.ask(f"/{name}", key)
        if (answer.status, answer.body) != (200, (deployed / "site" / name).read_bytes()):
            problems.append(f"{name}: {answer.status}, {len(answer.body)} bytes")
        wanted = TYPES[Path(name).suffix]
        if answer.headers["content-type"] != wanted:
            problems.append(f"{name}: {answer.headers['content-type']}")
        problems += [f"{name}: {line}" for line in amiss(answer.headers)]
        cache = "private, max-age=31536000, immutable" if HASHED.search(name) else "private, no-cache"
        if answer.headers["cache-control"] != cache:
            problems.append(f"{name}: {answer.headers['cache-control']}")
    none_of(problems)
    assert sum(bool(HASHED.search(name)) for name in files) == 6


def amiss(headers: Any) -> list[str]:
    """What is wrong with the headers that every answer has."""
    wrong = [f"{name}: {headers.get(name)}" for name, value in ALWAYS.items() if headers.get(name) != value]
    policy = headers.get("content-security-policy", "")
    if "frame-ancestors 'none'" not in policy or "unsafe" in policy:
        wrong.append(f"policy: {policy}")
    if "default-src 'none'" not in policy and headers.get("content-type") != "application/pdf":
        wrong.append(f"policy: {policy}")
    if "camera=()" not in headers.get("permissions-policy", ""):
        wrong.append("no permissions policy")
    if headers.get("server") != "nginx":
        wrong.append(f"server: {headers.get('server')}")
    return wrong


def test_what_is_compressed_comes_compressed(host: Host, key: dict[str, str], files: list[str], deployed: Path) -> None:
    problems = []
    for name in files:
        answer = host.ask(f"/{name}", {**key, "Accept-Encoding": "gzip, br", "Via": "1.1 proxy"})
        coded = answer.headers.get("content-encoding") == "gzip"
        body = gzip.decompress(answer.body) if coded else answer.body
        if coded != (Path(name).suffix in COMPRESSED) or body != (deployed / "site" / name).read_bytes():
            problems.append(f"{name}: {answer.headers.get('content-encoding')}")
        if coded and answer.headers.get("vary") != "Accept-Encoding":
            problems.append(f"{name}: varies by {answer.headers.get('vary')}")
        if answer.headers["content-type"] != TYPES[Path(name).suffix]:
            problems.append(f"{name}: {answer.headers['content-type']}")
    none_of(problems)
    assert host.ask("/", key).headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["/dialog/", "/en/api/playbook.json", "/print/empfang-checklist.pdf", "/assets/find.js"]
)
def test_what_has_not_changed_is_not_sent_again(host: Host, key: dict[str, str], path: str) -> None:
    for encoding in ({}, {"Accept-Encoding": "gzip"}):
        first = host.ask(path, {**key, **encoding})
        again = host.ask(path, {**key, **encoding, "If-None-Match": first.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["cache-control"] == "private, no-cache"
        assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
        assert host.ask(path, {**key, **encoding, "If-None-Match": '"old"'}).body == first.body
    part = host.ask(path, {**key, "Range": "bytes=0-4"})
    assert (part.status, part.body) == (206, host.ask(path, key).body[:5])


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("/nope", "de", "Diese Seite gibt es nicht"),
        ("/nope/nope.html", "de", "Diese Seite gibt es nicht"),
        ("/print/nope.pdf", "de", "Diese Seite gibt es nicht"),
        ("/assets/javascripts/nope.12345678.min.js", "de", "Diese Seite gibt es nicht"),
        ("/api/", "de", "Diese Seite gibt es nicht"),
        ("/fr/nope", "de", "Diese Seite gibt es nicht"),
        ("/entlang/", "de", "Diese Seite gibt es nicht"),
        ("/.git/config", "de", "Diese Seite gibt es nicht"),
        ("/en/nope", "en", "This page does not exist"),
        ("/en/api/", "en", "This page does not exist"),
        ("/en/dialog/.hidden", "en", "This page does not exist"),
    ],
)
def test_an_address_that_is_none_helps(host: Host, key: dict[str, str], path: str, language: str, words: str) -> None:
    answer = host.ask(path, key)
    assert answer.status == 404
    assert f'<html lang="{language}"' in answer.body.decode()
    assert words in answer.body.decode()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert not amiss(answer.headers)
    assert host.ask(path, {**key, "If-None-Match": host.ask("/404.html", key).headers["etag"]}).status == 404
    packed = host.ask(path, {**key, "Accept-Encoding": "gzip"})
    assert packed.status == 404
    assert gzip.decompress(packed.body) == answer.body


def test_a_folder_leads_to_its_page(host: Host, key: dict[str, str]) -> None:
    answer = host.ask("/dialog", key)
    assert (answer.status, answer.headers["location"]) == (301, "/dialog/")
    assert not amiss(answer.headers)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out(host: Host, key: dict[str, str], path: str) -> None:
    for headers in ({}, key):
        answer = host.ask(path, headers)
        assert answer.status in (400, 401, 404) if headers else answer.status in (400, 401), path
        assert b"secret" not in answer.body
        assert b"playbook_csp" not in answer.body
        assert b"nginx/" not in answer.body


def test_a_path_that_is_written_oddly_is_the_same_page(host: Host, key: dict[str, str]) -> None:
    page = host.ask("/en/dialog/", key).body
    for path in ("//en//dialog/", "/en/./dialog/", "/en/x/../dialog/", "/%65n/dialog/index.html", "/en%2fdialog/"):
        assert host.ask(path).status == 401, path
        assert host.ask(path, key).body == page, path


def test_files_are_only_read(host: Host, key: dict[str, str], deployed: Path) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "TRACE"):
        answer = host.ask("/index.html", key, method)
        assert answer.status == 405, method
        assert not amiss(answer.headers)
    assert host.ask("/index.html", key, "HEAD").headers["content-length"] == str(len(host.ask("/", key).body))


def test_what_cannot_be_understood_is_told_nothing(host: Host) -> None:
    for lines in (
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        connection = host.connect()
        connection.connect()
        connection.sock.sendall(lines)
        said = b""
        while more := connection.sock.recv(10_000):
            said += more
        connection.close()
        assert re.search(rb"<title>4\d\d ", said), lines[:20]
        assert b"nginx/" not in said
        assert len(said) < 2000


def test_without_tls_there_is_only_the_way_to_it(debian: Host) -> None:
    connection = HTTPConnection("127.0.0.1", debian.plain_port, timeout=20)
    connection.request("GET", "/api/playbook.json?x=1", headers={**debian.signed_in, "Host": "elsewhere.example"})
    response = connection.getresponse()
    assert response.status == 301
    assert response.headers["Location"] == "https://playbook.example/api/playbook.json?x=1"
    assert response.headers["Server"] == "nginx"
    connection.close()


def test_what_is_recorded_stays_secret(debian: Host) -> None:
    """Even from somebody who gets hold of the server's key later."""
    for cipher, answers in {"ECDHE-ECDSA-AES128-GCM-SHA256": True, "ECDHE-ECDSA-AES128-SHA": False}.items():
        context = ssl.create_default_context(cafile=str(debian.certificate))
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(cipher)
        connection = HTTPSConnection("127.0.0.1", debian.port, timeout=20, context=context)
        with nullcontext() if answers else pytest.raises(ssl.SSLError):
            connection.connect()
        connection.close()


def test_the_identity_proxy_is_asked_and_shown(container: Host) -> None:
    answer = container.ask("/en/dialog/?x=1")
    assert (answer.status, answer.body) == (401, b"sign in, then /en/dialog/?x=1")
    assert answer.headers["cache-control"] == "no-store"
    assert {*ALWAYS, "content-security-policy", "permissions-policy"} <= answer.headers.keys()
    for path in ("/oauth2/sign_in", "/oauth2/sign_out?x=1", "/oauth2/start"):  # or one would go round in circles
        answer = container.ask(path)
        assert (answer.status, answer.body) == (403, b"sign in, then /"), path
    assert b"only nginx" not in container.ask("/oauth2/auth").body
    assert b"only nginx" not in container.ask("/oauth2/auth", container.signed_in).body
    renewed = container.ask("/", {"Cookie": "session=gut; renew"})
    assert (renewed.status, renewed.headers["set-cookie"]) == (200, "session=gut2; Secure; HttpOnly")
    assert "set-cookie" not in container.ask("/", container.signed_in).headers


def test_the_identity_proxy_is_asked_once(container: Host) -> None:
    """Twice would take longer, and lose a cookie that the first answer has renewed."""
    for path in ("/", "/en/dialog/", "/en/dialog", "/assets/find.js", "/print/empfang-checklist.pdf"):
        Identity.asked.clear()
        assert container.ask(path, container.signed_in).status in (200, 301)
        assert [asked for asked, _ in Identity.asked] == ["/oauth2/auth"], path


def test_a_reader_cannot_speak_for_nginx(container: Host) -> None:
    spoken = ("X-Forwarded-Host", "X-Forwarded-Uri", "X-Forwarded-Proto", "X-Forwarded-For", "X-Real-IP")
    Identity.asked.clear()
    container.ask("/dialog/", dict.fromkeys((*spoken, "X-Auth-Request-Redirect"), "//elsewhere.example/"))
    container.ask("/dialog/", {**container.signed_in, "X-Forwarded-User": "elsewhere", "Authorization": "elsewhere"})
    assert [path for path, _ in Identity.asked] == ["/oauth2/auth", "/oauth2/sign_in", "/oauth2/auth"]
    assert "elsewhere" not in str(Identity.asked)


def test_without_the_identity_proxy_nobody_gets_in(deployed: Path, files: list[str]) -> None:
    with in_container(deployed, *free_ports(1)) as host:
        for path in ("/", "/en/", "/api/playbook.json", "/search/index.json", "/404.html", "/nope"):
            answer = host.ask(path, host.signed_in)
            assert answer.status in (500, 502), path
            assert len(answer.body) < 500
            assert b"Playbook" not in answer.body


def test_an_identity_proxy_that_breaks_lets_nobody_in(
    container: Host, identity: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler: Any = identity.RequestHandlerClass
    for status in (302, 404, 500, 503):
        with monkeypatch.context() as broken:
            broken.setattr(handler, "do_GET", lambda self, status=status: self.send_error(status))
            answer = container.ask("/api/playbook.json", container.signed_in)
            assert answer.status == 500, status
            assert len(answer.body) < 500


def test_without_access_rules_it_does_not_start(container: Host, tmp_path: Path) -> None:
    """Who forgets to say who may read gets no site that everybody may read."""
    nginx = tmp_path / "nginx"
    shutil.copytree(container.folder / "nginx", nginx)
    for path in nginx.iterdir():
        path.write_text(path.read_text().replace(str(container.folder), str(tmp_path)))
    shutil.copytree(container.folder / "srv", tmp_path / "srv", symlinks=True)
    (nginx / "access.conf").unlink()
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    said = subprocess.run([str(program), "-t", "-c", nginx / "container.conf"], capture_output=True, text=True)
    assert said.returncode
    assert "access.conf" in said.stderr
