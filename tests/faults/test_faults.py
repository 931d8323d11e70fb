"""Whatever happens to the machine: the published site is one whole version, a message says what to do, the next build
heals; and the same sources give the same bytes anywhere.

All of it through the command line. `make faults` does the random parts many times, with `FAULTS` as their number.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SMALL

MANY = int(os.environ.get("FAULTS", "10"))
PLAYBOOK = [sys.executable, "-m", "generator"]
REPOSITORY = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
thorough = pytest.mark.skipif("FAULTS" not in os.environ, reason="`make faults` does it")

Damage = Callable[[Path], None]
Shot = dict[str, tuple[int, bytes]]  # path → permissions, content


class Case:
    """A tree whose site is of `old` sources and whose sources are new; and both versions as they should be."""

    def __init__(self, root: Path, old: Shot, new: Shot) -> None:
        self.root, self.old, self.new = root, old, new

    @property
    def site(self) -> Shot:
        return shot(self.root / "site")

    def copy(self, target: Path) -> Case:
        shutil.copytree(self.root, target, symlinks=True)
        return Case(target, self.old, self.new)

    def retitle(self, *, new: bool) -> None:
        path = self.root / "universes/hafen/universe.yml"
        path.write_text(re.sub("title: (Hafen|Kai)\n", f"title: {'Kai' if new else 'Hafen'}\n", path.read_text()))


def shot(site: Path) -> Shot:
    """Every file and folder of a site."""
    return {
        path.relative_to(site).as_posix(): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(site.rglob("*"))
    }


def environment(**more: str | None) -> dict[str, str]:
    """This process' without what decides about a build, and with `more`; None removes."""
    chosen = {**os.environ, "PYTHONPATH": str(REPOSITORY), "SOURCE_DATE_EPOCH": None, **more}
    return {name: value for name, value in chosen.items() if value is not None}


def play(*arguments: str | Path, env: dict[str, str] | None = None, **options: Any) -> tuple[int, str]:
    """Run `playbook`; returns its exit code and all it said, which is no traceback."""
    command = [*PLAYBOOK, *map(str, arguments)]
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "cwd": "/", **options}
    done = subprocess.run(command, env=env or environment(), text=True, errors="replace", **given)
    said = (done.stdout or "") + (done.stderr or "")
    assert "Traceback" not in said, said
    return done.returncode, said


def start(case: Case, *arguments: str, **env: str) -> subprocess.Popen[str]:
    command = [*PLAYBOOK, "build", "--root", str(case.root), *arguments]
    return subprocess.Popen(
        command, env=environment(**env), cwd="/", text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def heals(case: Case) -> None:
    """The next build gives the new site, and leaves nothing else behind."""
    assert play("build", "--root", case.root)[0] == 0
    assert case.site == case.new
    assert {path.name for path in case.root.iterdir()} <= {"build", "content", "site", "universes", "templates"}


def fake_module(folder: Path, name: str, code: str) -> dict[str, str]:
    """An environment in which `python -m name` and `import name` run `code`."""
    (folder / name).mkdir(parents=True)
    for file in ("__init__.py", "__main__.py"):
        (folder / name / file).write_text(code if file == "__main__.py" or name == "typst" else "")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{REPOSITORY}"}


def until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return met


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """In two languages, with the caches that the old version's build has left."""
    root = tmp_path_factory.mktemp("faults") / "small"
    shutil.copytree(SMALL, root)
    assert play("translations", "update", "en", "--root", root)[0] == 0
    assert play("build", "--root", root)[0] == 0
    case = Case(root, shot(root / "site"), {})
    assert "en/hafen/index.html" in case.old
    case.retitle(new=True)
    expected = case.copy(root.parent / "expected")
    assert play("build", "--root", expected.root)[0] == 0
    case.new = expected.site
    assert case.new != case.old
    return case


@pytest.fixture
def case(prepared: Case, tmp_path: Path) -> Case:
    return prepared.copy(tmp_path / "small")


# ------------------------------------------------------------------------ ended


def test_killed_anywhere(case: Case) -> None:
    chance = random.Random(MANY)
    begun = time.monotonic()
    heals(case)
    whole, seen = time.monotonic() - begun, set()
    for turn in range(MANY):
        case.retitle(new=bool(turn % 2))
        process = start(case)
        time.sleep(chance.uniform(0, whole * 1.1))
        process.kill()
        process.communicate()
        now = case.site
        assert now in (case.old, case.new), f"neither version after kill {turn}"
        seen.add((now == case.new) == bool(turn % 2))
    assert False in seen, "no kill came before the site was published"
    case.retitle(new=True)
    heals(case)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=thorough)])
def test_stopped_anywhere(case: Case, number: signal.Signals, code: int) -> None:
    chance = random.Random(MANY)
    for turn in range(max(2, MANY // 5)):
        case.retitle(new=bool(turn % 2))
        process = start(case)
        assert until(lambda process=process: catches(process.pid, signal.SIGTERM))  # type: ignore[misc]
        time.sleep(chance.uniform(0, 3))
        process.send_signal(number)
        said = "".join(process.communicate())
        assert "Traceback" not in said
        over = "Built" in said  # the interpreter, on its way out, no longer listens
        assert process.returncode in ((0, code, -number) if over else (code,))
        assert over or "Stopped." in said
        assert case.site in (case.old, case.new)


def catches(pid: int, number: int) -> bool:
    """Whether a process has a handler of its own for a signal."""
    caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    return bool(caught and int(caught[1], 16) >> (number - 1) & 1)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems let an engine end its work")
@pytest.mark.parametrize("number", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=thorough), signal.SIGTERM])
def test_nothing_goes_on_behind_a_build_that_has_ended(case: Case, tmp_path: Path, number: signal.Signals) -> None:
    code = f"import os, time\nopen({str(tmp_path / 'pids')!r}, 'a').write(f'{{os.getpid()}} ')\ntime.sleep(600)\n"
    process = start(case, "--engine", "zensical", **fake_module(tmp_path / "fake", "zensical", code))
    pids = tmp_path / "pids"
    assert until(lambda: pids.is_file() and bool(pids.read_text().strip())), "the engine has begun"
    process.send_signal(number)
    said = "".join(process.communicate())
    assert process.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    assert number == signal.SIGKILL or said == (
        "Stopped. Whatever is published is one whole version; the next build tidies up.\n"
    )
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids.read_text().split()), 20)
    assert case.site == case.old
    heals(case)


@thorough
def test_an_engine_that_was_killed(case: Case, tmp_path: Path) -> None:
    env = environment(**fake_module(tmp_path / "fake", "zensical", "import os\nos.kill(os.getpid(), 9)\n"))
    code, said = play("build", "--root", case.root, "--engine", "zensical", env=env)
    assert (code, case.site) == (1, case.old)
    assert "signal 9, maybe as memory ran out; build again" in said


# ---------------------------------------------------------------------- at once


@thorough
def test_two_builds_of_one_tree(case: Case) -> None:
    processes = [start(case), start(case)]
    said = ["".join(process.communicate()) for process in processes]
    codes = [process.returncode for process in processes]
    assert 0 in codes
    assert codes == [0, 0] or "another build is running here; wait" in "".join(said)
    assert "Traceback" not in "".join(said)
    assert case.site == case.new


def test_two_trees_published_to_one_place(case: Case, tmp_path: Path) -> None:
    other = case.copy(tmp_path / "other")
    other.retitle(new=False)
    site = tmp_path / "shared" / "site"
    for _turn in range(max(1, MANY // 10)):
        processes = [start(tree, "--site-dir", str(site)) for tree in (case, other)]
        assert [process.wait() for process in processes] == [0, 0]
        assert shot(site) in (case.old, case.new)
        assert [path.name for path in site.parent.iterdir()] == ["site"]
        for process in processes:
            process.communicate()


@pytest.mark.parametrize("what", ["content/hilfe.md", pytest.param("content/neu.md", marks=thorough)])
def test_a_source_that_changes_during_the_build(case: Case, tmp_path: Path, what: str) -> None:
    code = (
        "import os, sys\n"
        f"open({str(case.root / what)!r}, 'a').write('# anders\\n')\n"
        f"open({str(case.root / 'content/.hilfe.md.swp')!r}, 'w').write('an editor at work')\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'mkdocs', *sys.argv[1:]])\n"
    )
    env = environment(**fake_module(tmp_path / "fake", "zensical", code))
    code_, said = play("build", "--root", case.root, "--engine", "zensical", env=env, cwd=case.root)
    assert (code_, case.site) == (1, case.old)
    assert f"{what}:1:1: changed while the handbook was being built; build again" in said
    assert "swp" not in said


# ------------------------------------------------------------------------ disks


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", folder]).returncode:
        pytest.skip("only root may mount")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk(prepared: Case, disk: Path) -> None:
    case, ballast = prepared.copy(disk / "small"), disk / "ballast"
    codes = set()
    for turn in range(max(4, MANY // 4)):
        free = random.Random(turn).choice((0, 1, 10, 50, 100, 200, 400, 800)) * 4096 if turn else 0
        with ballast.open("wb") as file:
            file.truncate(0)
            os.posix_fallocate(file.fileno(), 0, max(1, os.statvfs(disk).f_bavail * 4096 - free))
        shutil.copytree(prepared.root / "universes", case.root / "universes", dirs_exist_ok=True) if free else None
        before = case.site
        code, said = play("build", "--root", case.root)
        codes.add(code)
        assert case.site == (before if code else case.new)
        assert not code or re.search(r":1:1: No space left on device; make room there, then try again", said), said
        ballast.unlink()
        assert not (case.root / ".site.next").exists(), "what is unfinished takes no room"
    assert 1 in codes
    heals(case)


def test_a_full_disk_elsewhere_is_the_one_that_is_named(case: Case, disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=200k", disk], check=True)
    code, said = play("build", "--root", case.root, "--site-dir", disk / "site")
    assert (code, list(disk.iterdir())) == (1, [])
    assert said.startswith(f"{os.path.relpath(disk, '/')}/.site.next/"), said
    assert "No space left on device; make room there, then try again" in said


@thorough
@pytest.mark.parametrize("limit", [0, 1000, 20_000, 300_000])
def test_files_that_may_not_grow(case: Case, limit: int) -> None:
    for path in (case.root / "build").rglob("*.pdf"):
        path.unlink()

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code, said = play("build", "--root", case.root, preexec_fn=limited)
    assert (code, case.site) == (1, case.old)
    assert "File too large; raise the limit for files (ulimit -f), then try again" in said
    heals(case)


@thorough
def test_output_that_cannot_be_written(case: Case) -> None:
    with open("/dev/full", "w") as full:
        code, said = play("build", "--root", case.root, stdout=full, stderr=subprocess.PIPE)
    assert (code, case.site) == (1, case.new)
    assert "No space left on device" in said


def humbly() -> None:
    """In a child: root too may write only what permissions allow."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_folders_that_may_only_be_read(case: Case) -> None:
    for name in ("build/de/docs/hafen", "build/en/site", "build", "."):
        path, before = case.root / name, case.site
        path.chmod(0o555)
        code, said = play("build", "--root", case.root, preexec_fn=humbly)
        path.chmod(0o755)
        assert case.site == (before if code else case.new)
        if code:
            assert re.search(r"\S+:1:1: Permission denied; check the permissions of it and of its folder", said), said
    assert code == 1, "the site cannot be exchanged in a folder that may only be read"
    secret = case.root / "universes/hafen/rituals/gruss.yml"
    secret.chmod(0)
    code, said = play("build", "--root", case.root, preexec_fn=humbly)
    assert (code, "gruss.yml:1:1: cannot be read: Permission denied" in said) == (1, True)
    secret.chmod(0o644)
    for path in (*(case.root / "site").rglob("*"), case.root / "site"):  # and one that nobody should change by hand
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert play("build", "--root", case.root, preexec_fn=humbly)[0] == 0
    assert case.site == case.new
    assert not (case.root / ".site.next").exists()


def test_templates_that_cannot_be_read(case: Case) -> None:
    """What looks for files there finds none, and a site without scripts or fonts would be published."""
    shutil.copytree(REPOSITORY / "templates", case.root / "templates")
    bold = "print/fonts/AtkinsonHyperlegibleNext_700Bold.ttf"
    for name in ("theme/assets", "theme/assets/fonts", "theme/symbols", bold):
        path = case.root / "templates" / name
        path.chmod(0o111)
        code, said = play("build", "--root", case.root, cwd=case.root, preexec_fn=humbly)
        path.chmod(0o755)
        assert (code, case.site) == (1, case.old)
        assert f"templates/{name}:1:1: Permission denied; check the permissions of it" in said
    shutil.rmtree(case.root / "templates")
    heals(case)


@thorough
def test_a_home_that_may_only_be_read(case: Case, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(0o555)
    assert play("build", "--root", case.root, env=environment(HOME=str(home)), preexec_fn=humbly)[0] == 0
    assert (case.site, list(home.iterdir())) == (case.new, [])


def test_a_site_of_a_container_s_image(prepared: Case, disk: Path) -> None:
    """What comes with the image is a folder that the kernel does not move."""
    (disk / "upper").mkdir()
    (disk / "work").mkdir()
    (disk / "merged").mkdir()
    layers = f"lowerdir={prepared.root},upperdir={disk}/upper,workdir={disk}/work"
    if subprocess.run(["mount", "-t", "overlay", "-o", layers, "none", disk / "merged"]).returncode:
        pytest.skip("no overlay file system")
    case = Case(disk / "merged", prepared.old, prepared.new)
    try:
        code, said = play("build", "--root", case.root)
        assert (code, case.site) == (1, case.old)
        assert re.search(r"/site:1:1: .*; it is on another disk or in a container's image, and cannot be moved;", said)
        shutil.rmtree(case.root / "site")
        for _again in range(2):
            heals(case)
    finally:
        subprocess.run(["umount", "-l", case.root], check=True)


# ----------------------------------------------------------------------- caches


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "x").write_text("x")


@pytest.mark.parametrize(
    "damage", [flip, make_folder, *(pytest.param(damage, marks=thorough) for damage in (cut, empty))]
)
def test_every_file_of_the_cache_is_damaged(case: Case, damage: Damage) -> None:
    for path in [path for path in (case.root / "build").rglob("*") if path.is_file()]:
        damage(path)
    heals(case)


@thorough
def test_folders_of_the_cache_are_files(case: Case) -> None:
    for path in [path for path in (case.root / "build").rglob("*") if path.is_dir() and len(path.parts) % 2]:
        if path.is_dir():
            shutil.rmtree(path)
            path.write_text("x")
    heals(case)


@thorough
def test_links_in_the_cache_are_not_followed(case: Case, tmp_path: Path) -> None:
    """Those that a build could stumble over are named, the others go."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "one.md").write_text("1")
    folder = case.root / "build/de/docs/rollen"
    shutil.rmtree(folder)
    folder.symlink_to(precious)
    links = [path for path in (case.root / "build/de").rglob("*") if path.is_file()]
    for path in links:
        path.unlink()
        path.symlink_to(precious / "one.md")
    code, said = play("build", "--root", case.root)
    assert code == 1
    named = [path for path in [folder, *links] if f"{path.relative_to(case.root)}:1:1: a link" in said]
    assert folder in named
    assert case.site == case.old
    for path in named:
        path.unlink()
    heals(case)
    assert [path.read_text() for path in precious.iterdir()] == ["1"]


@thorough
def test_anything_in_the_cache_is_damaged(case: Case) -> None:
    """One place at a time, for what is not noticed when all is broken."""
    chance = random.Random(MANY)
    damages: Iterator[Damage] = itertools.cycle([flip, cut, make_folder, os.unlink])
    for _turn in range(max(2, MANY // 4)):
        files = sorted(path for path in (case.root / "build").rglob("*") if path.is_file())
        for path in chance.sample(files, 3):
            next(damages)(path)
        heals(case)


def test_leftovers_of_other_times(case: Case) -> None:
    (case.root / ".site.next/api").mkdir(parents=True)
    (case.root / ".site.next/api").chmod(0o555)
    (case.root / ".site.old").mkdir()
    (case.root / "build/de/docs/alt.md.new").write_text("half of a p")
    (case.root / "build/.lock").unlink(missing_ok=True)
    (case.root / "build/.lock").mkdir()
    heals(case)


def test_a_file_where_the_build_works(case: Case) -> None:
    shutil.rmtree(case.root / "build")
    (case.root / "build").write_text("precious")
    code, said = play("build", "--root", case.root, cwd=case.root)
    assert (code, case.site) == (1, case.old)
    assert "build:1:1: no folder; rename it" in said
    (case.root / "build").unlink()
    heals(case)


# -------------------------------------------------------------- what is lacking


@pytest.mark.parametrize(
    ("error", "say"),
    [
        ("ModuleNotFoundError", f"typst is not installed; run: {sys.executable} -m pip install -r requirements.txt\n"),
        ("ImportError", "typst cannot be loaded: no; end other programs if there is too little memory\n"),
    ],
)
def test_no_typst(case: Case, tmp_path: Path, error: str, say: str) -> None:
    env = environment(**fake_module(tmp_path / "fake", "typst", f"raise {error}('no', name='typst')"))
    code, said = play("build", "--root", case.root, env=env)
    assert (code, case.site, said) == (1, case.old, say)


@thorough
def test_no_engine(case: Case, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['zensical'] = None\n")
    env = environment(PYTHONPATH=f"{tmp_path}{os.pathsep}{REPOSITORY}")
    code, said = play("build", "--root", case.root, "--engine", "zensical", env=env)
    assert (code, case.site) == (1, case.old)
    assert "zensical is not installed; run: " in said


def test_no_fonts(case: Case) -> None:
    templates = case.root / "templates"
    shutil.copytree(REPOSITORY / "templates", templates)
    for path in [*templates.glob("print/fonts/*"), *templates.glob("theme/assets/fonts/*")]:
        path.unlink()
    code, said = play("build", "--root", case.root, cwd=case.root)
    assert (code, case.site) == (1, case.old)
    assert "templates/print/fonts:1:1: there is no font; put it back" in said
    assert re.search(r"templates/theme/assets/playbook\.css:\d+:\d+: there is no fonts/\S+\.woff2, or it is", said)
    shutil.rmtree(templates)
    heals(case)


@pytest.mark.parametrize(
    "damage", [cut, empty, lambda path: path.write_text("version https://git-lfs.github.com/spec/v1")]
)
def test_damaged_fonts(case: Case, damage: Damage) -> None:
    """Typst would print empty sheets without a word."""
    templates = case.root / "templates"
    shutil.copytree(REPOSITORY / "templates", templates)
    fonts = [*templates.glob("print/fonts/*.ttf"), *templates.glob("theme/assets/fonts/*.woff2")]
    for path in fonts:
        damage(path)
    code, said = play("build", "--root", case.root, cwd=case.root)
    assert (code, case.site) == (1, case.old)
    assert said.count("no font, or a damaged one; put it back") + said.count("or it is damaged; put") == len(fonts)
    shutil.rmtree(templates)
    heals(case)


@thorough
def test_no_browser(case: Case, tmp_path: Path) -> None:
    heals(case)
    env = environment(PATH="/nowhere", PLAYWRIGHT_BROWSERS_PATH=str(tmp_path))
    queries = REPOSITORY / "tests/search/queries.tsv"
    code, said = play("bench", "search", "--root", case.root, "--queries", queries, env=env)
    assert code == 2
    assert "the benchmark needs a browser: run `make browser` once" in said


# ---------------------------------------------------------- the same everywhere

# Files in any order, as they come from another disk.
SHUFFLED = """
import os, random
chance, listdir, scandir = random.Random(7), os.listdir, os.scandir
class Scan:
    def __init__(self, *path):
        with scandir(*path) as found: self.found = list(found)
        chance.shuffle(self.found)
    def __iter__(self): return self
    def __next__(self):
        if not self.found: raise StopIteration
        return self.found.pop()
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def close(self): pass
def shuffled(*path):
    found = listdir(*path)
    chance.shuffle(found)
    return found
os.listdir, os.scandir = shuffled, Scan
"""
FAKETIME = shutil.which("faketime")


def test_git_changes_no_line_end(tmp_path: Path) -> None:
    """Scripts and styles are published as they are, so they must be the same bytes wherever they are checked out."""
    git = ["git", "-C", str(tmp_path), "-c", "core.autocrlf=true", "-c", "user.name=x", "-c", "user.email=x@y"]
    shutil.copyfile(REPOSITORY / ".gitattributes", tmp_path / ".gitattributes")
    (tmp_path / "plan.js").write_bytes(b"one\ntwo\n")
    for command in ("init -q", "add .", "commit -qm x", "rm -q plan.js", "checkout -q HEAD plan.js"):
        subprocess.run([*git, *command.split()], check=True, env=environment())
    assert (tmp_path / "plan.js").read_bytes() == b"one\ntwo\n"


def elsewhere(tmp_path: Path) -> dict[str, str | None]:
    """Another locale, time zone, order of everything, nobody at home."""
    (tmp_path / "odd").mkdir(exist_ok=True)
    (tmp_path / "odd/sitecustomize.py").write_text(SHUFFLED)
    locale = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    place = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "PYTHONPATH": f"{tmp_path}/odd:{REPOSITORY}"}
    return {**locale, **place, "HOME": None, "USER": None, "LOGNAME": None, "XDG_CACHE_HOME": None}


def test_built_elsewhere(prepared: Case, tmp_path: Path) -> None:
    case = prepared.copy(tmp_path / "böse \"Stelle\" mit 'Zeichen' [x] {y} #1 %s $HOME & ;")
    shutil.rmtree(case.root / "build")

    def strange() -> None:
        os.umask(0o077)
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    code, said = play("build", "--root", case.root, env=environment(**elsewhere(tmp_path)), preexec_fn=strange)
    assert code == 0, said
    assert case.site == case.new, "cold"
    heals(case)


@pytest.mark.skipif(FAKETIME is None, reason="needs Debian's faketime")
@pytest.mark.parametrize("day", ["1970-01-02 00:00:00", pytest.param("2100-12-31 23:59:50", marks=thorough)])
def test_built_at_another_time(case: Case, day: str) -> None:
    shutil.rmtree(case.root / "build")
    command = [str(FAKETIME), day, *PLAYBOOK, "build", "--root", str(case.root)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert case.site == case.new


@thorough
@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_built_with_nobody_listening(case: Case, closed: tuple[int, ...]) -> None:
    redirections = " ".join(f"{number}{'<' if number == 0 else '>'}&-" for number in closed)
    command = ["sh", "-c", f'exec "$@" {redirections}', "sh", *PLAYBOOK, "build", "--root", str(case.root)]
    assert subprocess.run(command, env=environment(), cwd="/", capture_output=True).returncode == 0
    assert case.site == case.new


@thorough
@pytest.mark.parametrize("engine", ["properdocs", "zensical"])
def test_other_engines_give_the_same_bytes_too(case: Case, tmp_path: Path, engine: str) -> None:
    other = case.copy(tmp_path / "ä ' b")
    for tree, env in ((case, environment()), (other, environment(**elsewhere(tmp_path)))):
        assert play("build", "--root", tree.root, "--engine", engine, env=env)[0] == 0
    assert case.site == other.site


def dates(case: Case, **env: str) -> set[str]:
    """The days that the built site's sitemap names."""
    code, said = play("build", "--root", case.root, env=environment(**env))
    assert code == 0, said
    return set(re.findall(r"<lastmod>(.*?)</lastmod>", (case.root / "site/sitemap.xml").read_text()))


def test_the_date_is_that_of_the_last_commit_of_the_sources(case: Case) -> None:
    def git(day: str, *arguments: str) -> None:
        names = {f"GIT_{who}_{what}": "x@y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        when = {"GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
        subprocess.run(["git", "-C", case.root, *arguments], check=True, env=environment(**names, **when))

    ritual = case.root / "universes/hafen/rituals/gruss.yml"
    draft = ritual.read_text().replace("title: Gruss", "title: Entwurf\nstatus: draft").replace("11-01", "11-20")
    ritual.with_name("entwurf.yml").write_text(draft)
    assert dates(case) == {"2026-11-01"}, "the newest review, where there is no git; not of a draft"
    git("2026-12-01", "init", "-q")
    git("2026-12-01", "add", "universes", "content")
    git("2026-12-01", "commit", "-qm", "sources")
    (case.root / "notes.txt").write_text("x")
    git("2026-12-05", "add", "notes.txt")
    git("2026-12-05", "commit", "-qm", "no sources")
    assert dates(case) == {"2026-12-01"}
    other = case.root.parent / "other"
    subprocess.run(["git", "init", "-q", other], check=True)
    assert dates(case, GIT_DIR=str(other / ".git")) == {"2026-12-01"}, "in a hook of another repository"
    if os.geteuid() == 0:
        os.chown(case.root, 12345, 12345)
        os.chown(case.root / ".git", 12345, 12345)
        assert dates(case) == {"2026-12-01"}, "of another user"
    assert dates(case, SOURCE_DATE_EPOCH="1800000000") == {"2027-01-15"}, "who sets it, wins"
    for wrong in ("gestern", "-1", "4294967296", "9" * 5000):
        code, said = play("build", "--root", case.root, env=environment(SOURCE_DATE_EPOCH=wrong))
        assert (code, "SOURCE_DATE_EPOCH needs seconds since 1970" in said) == (2, True)
