"""A real nginx on loopback, with the shipped configuration; only places, ports and names are its own."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from generator.project import PROJECT

NAME = "anna"
NOBODY = 65534
DEBIAN = Path("/etc/nginx/nginx.conf")


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in small letters; the last of several
    body: bytes


@dataclass
class Host:
    """A running nginx: where it listens, where its files are."""

    port: int
    folder: Path
    certificate: Path | None = None  # where it speaks TLS
    plain_port: int = 0  # where that one redirects from
    password: str = ""

    def __post_init__(self) -> None:
        self.connection = self.connect()

    @property
    def base(self) -> str:
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}/"

    @property
    def signed_in(self) -> dict[str, str]:
        """The headers of somebody who may read."""
        if not self.password:
            return {"Cookie": "session=gut"}  # as the stand-in for an identity proxy has it
        return {"Authorization": "Basic " + b64encode(f"{NAME}:{self.password}".encode()).decode()}

    def connect(self) -> HTTPConnection:
        if not self.certificate:
            return HTTPConnection("127.0.0.1", self.port, timeout=20)
        context = ssl.create_default_context(cafile=str(self.certificate))
        return HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)

    def ask(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
        """One request, its path sent as it stands."""
        self.connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            self.connection.putheader(name, value)
        self.connection.endheaders()
        response = self.connection.getresponse()
        answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        if response.will_close:
            self.connection.close()
        return answer


def settle(folder: Path, deployed: Path, changes: Mapping[str, str]) -> None:
    """Copy `deploy/nginx` to `folder`/nginx, a deployed site to `folder`/srv; each pattern of `changes` must apply."""
    shutil.copytree(PROJECT / "deploy" / "nginx", folder / "nginx", dirs_exist_ok=True)
    if not (folder / "srv").exists():
        shutil.copytree(deployed, folder / "srv")
    places = {
        "/etc/nginx/playbook/": f"{folder}/nginx/",
        "/srv/playbook/": f"{folder}/srv/",
        r"/tmp/": f"{folder}/tmp/",
    }
    (folder / "tmp").mkdir(exist_ok=True)
    done = set()
    for path in (folder / "nginx").iterdir():
        text = re.sub("|".join(places), lambda match: places[match[0]], path.read_text())
        for old, new in changes.items():
            text, count = re.subn(old, new, text)
            done |= {old} if count else set()
        path.write_text(text)
    assert done == set(changes), f"{set(changes) - done} is nowhere in deploy/nginx"


@contextmanager
def running(config: Path, host: Host, *, as_nobody: bool = False) -> Iterator[Host]:
    """Run nginx with `config` until the end; it answers when this returns."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_nobody and os.getuid() == 0 else {}
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "nginx is missing; `make test` installs it, or: apt-get install nginx"
    log = host.folder / "tmp" / "error.log"
    command = [program, "-p", str(host.folder / "tmp"), "-e", str(log), "-c", str(config), "-g", "daemon off;"]
    with (host.folder / "said").open("w") as said:
        process = subprocess.Popen(command, stderr=said, **user)  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", host.port)).close()
                break
            except OSError:
                assert process.poll() is None, (host.folder / "said").read_text()
                assert time.monotonic() < deadline, "nginx does not answer"
                time.sleep(0.01)
        yield host
    finally:
        host.connection.close()
        process.terminate()
        process.wait(20)


@contextmanager
def place() -> Iterator[Path]:
    """A folder that another user may read, as pytest's are not."""
    with tempfile.TemporaryDirectory(prefix="playbook-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def on_debian(deployed: Path, workers: int = 1, access: str = "access-basic.conf") -> Iterator[Host]:
    """`playbook.conf` below Debian's own `nginx.conf`: TLS, and signing in with a password, unless `access` is open."""
    port, plain = free_ports(2)
    with place() as folder:
        settle(
            folder,
            deployed,
            {
                r"listen 80;": f"listen 127.0.0.1:{plain};",
                r"listen 443 ": f"listen 127.0.0.1:{port} ",
                r"listen \[::\]:.*": "",
            },
        )
        nginx = folder / "nginx"
        shutil.copyfile(nginx / access, nginx / "access.conf")
        command = [str(PROJECT / "deploy" / "new-user"), NAME, str(nginx / "users")]
        password = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        subprocess.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=playbook.example "
            "-addext subjectAltName=IP:127.0.0.1 -days 2 -keyout key.pem -out certificate.pem".split(),
            cwd=nginx,
            check=True,
            capture_output=True,
        )
        main = DEBIAN.read_text()
        for old, new in {
            r"user www-data;": f"user {getpass.getuser()};",
            r"pid .*;": f"pid {folder}/tmp/nginx.pid;",
            r"worker_processes .*;": f"worker_processes {workers};",
            r"error_log .*;": "",
            r"access_log .*;": "",
            r"include /etc/nginx/conf\.d/.*": "",
            r"include /etc/nginx/sites-enabled/\*;": f"include {nginx}/playbook.conf;",
        }.items():
            main = re.sub(old, new, main)
        (nginx / "debian.conf").write_text(main)
        host = Host(port, folder, nginx / "certificate.pem", plain, password)
        with running(nginx / "debian.conf", host):
            yield host


@contextmanager
def in_container(deployed: Path, identity: int) -> Iterator[Host]:
    """`container.conf`, as another user than root: signing in with the identity proxy at the port `identity`."""
    (port,) = free_ports(1)
    with place() as folder:
        settle(
            folder,
            deployed,
            {r"listen 8080;": f"listen 127.0.0.1:{port};", r"127\.0\.0\.1:4180": f"127.0.0.1:{identity}"},
        )
        (folder / "tmp").chmod(0o777)
        nginx = folder / "nginx"
        shutil.copyfile(nginx / "access-sso.conf", nginx / "access.conf")
        with running(nginx / "container.conf", Host(port, folder), as_nobody=True) as host:
            yield host
