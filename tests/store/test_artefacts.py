"""Files beside the log: named by content, private state, and the temporary folder of a store that keeps nothing."""

import os
import signal
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from webhand.errors import StoreError
from webhand.store import RunStore


@pytest.fixture
def store(tmp_path: Path):
    with RunStore(tmp_path) as store:
        yield store


def test_an_artefact_is_named_by_its_content(store: RunStore, tmp_path: Path):
    digest = sha256(b"picture").hexdigest()
    with store.create("a", {}) as a, store.create("b", {}) as b:
        path = a.save(b"picture", ".png")
        assert path == tmp_path / "artefacts" / digest[:2] / f"{digest}.png"
        assert path.read_bytes() == b"picture"
        before = path.stat()
        assert b.save(b"picture", "PNG") == path
        after = path.stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert a.save(b"", "").read_bytes() == b""
        assert a.save(b"other", ".png") != path
    assert list((tmp_path / "artefacts").glob("*.part")) == []


@pytest.mark.parametrize(
    ("suffix", "kept"),
    [
        (".png", ".png"),
        ("png", ".png"),
        (".tar.gz", ".tar.gz"),
        (".JPEG", ".jpeg"),
        ("", ""),
        (".", ""),
        ("/../../../etc/passwd", ""),
        (".p/../x", ""),
        (".a.b.c", ""),
        (".abcdefghijklm", ""),
        (".pn\x00g", ""),
        (".\ud800", ""),
        (".pdf\n", ""),
    ],
)
def test_a_suffix_from_a_page_leads_nowhere(store: RunStore, tmp_path: Path, suffix: str, kept: str):
    with store.create("t", {}) as log:
        path = log.save(b"x", suffix)
    assert path.name == sha256(b"x").hexdigest() + kept
    assert path.parent.parent == tmp_path / "artefacts"


def test_a_torn_artefact_is_written_again(store: RunStore):
    with store.create("t", {}) as log:
        path = log.save(b"picture", ".png")
        path.write_bytes(b"pic")
        assert log.save(b"picture", ".png").read_bytes() == b"picture"


def test_private_state_belongs_to_its_owner_and_run(store: RunStore, tmp_path: Path):
    with store.create("a", {}) as a, store.create("b", {}) as b:
        path = a.private("state.json", b"cookies of a")
        assert b.read_private("state.json") is None
        assert b.private("state.json", b"cookies of a") != path
        assert path == tmp_path / "private" / a.run_id / "state.json"
        a.private("state.json", b"newer")
        assert (path.read_bytes(), a.read_private("state.json")) == (b"newer", b"newer")
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == path.parent.parent.stat().st_mode & 0o777 == 0o700
    with store.open(a.run_id) as again:
        assert again.read_private("state.json") == b"newer"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a..b", "a\n", "x" * 101, "\ud800", "a\x00"]
)
def test_a_private_name_is_a_plain_one(store: RunStore, name: str):
    with store.create("t", {}) as log:
        for use in (lambda: log.private(name, b""), lambda: log.read_private(name)):
            with pytest.raises(StoreError, match="is no name for a private file") as caught:
                use()
            str(caught.value).encode()


def test_readers_never_see_half_a_private_file(store: RunStore):
    with store.create("t", {}) as log:
        path = log.private("state", b"a" * 300_000)
        stop = threading.Event()
        seen: set[bytes] = set()

        def read() -> None:
            while not stop.is_set():
                content = path.read_bytes()
                seen.add(content[:1] if content == content[:1] * 300_000 else b"torn")

        reader = threading.Thread(target=read)
        reader.start()
        for n in range(60):
            log.private("state", b"ab"[n % 2 : n % 2 + 1] * 300_000)
        stop.set()
        reader.join()
    assert seen
    assert seen <= {b"a", b"b"}


def test_what_a_killed_owner_left_half_written_goes(store: RunStore, tmp_path: Path):
    log = store.create("t", {})
    log.save(b"x", ".txt")
    log.close()
    mine = tmp_path / "artefacts" / f"{log.run_id}-77-0.part"
    other = tmp_path / "artefacts" / "0zzzzzzzzz-77-0.part"
    for path in (mine, other):
        path.write_bytes(b"half")
    store.open(log.run_id).close()
    assert not mine.exists()
    assert other.exists()


def test_a_store_that_keeps_nothing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = RunStore.in_memory()
    assert list(tmp_path.iterdir()) == []
    log = store.create("t", {})
    path = log.save(b"picture", ".png")
    assert path.read_bytes() == b"picture"
    assert tmp_path in path.parents
    assert not list(tmp_path.rglob("runs.db*"))
    if os.name != "nt":
        assert store.folder.stat().st_mode & 0o777 == 0o700
    log.close()
    store.close()
    store.close()
    assert list(tmp_path.iterdir()) == []
    assert store.runs() == []
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_was_never_used_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    RunStore.in_memory().close()
    RunStore(tmp_path / "home").close()
    assert list(tmp_path.iterdir()) == []


def test_two_stores_in_memory_know_nothing_of_each_other():
    with RunStore.in_memory() as one, RunStore.in_memory() as other:
        one.create("t", {}).close()
        assert len(one.runs()) == 1
        assert other.runs() == []
        assert one.folder != other.folder


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_the_folder_of_a_killed_process_goes_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    script = """
import sys
from webhand.store import RunStore
store = RunStore.in_memory()
print(store.create("t", {}).save(b"secret picture", ".png"), flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        left = Path(child.stdout.readline().strip())
        with RunStore.in_memory() as store:
            store.runs()
            assert store.folder.parent == tmp_path
            assert left.exists(), "it is in use"
        child.send_signal(signal.SIGKILL)
    assert left.exists()
    foreign = tmp_path / f"webhand-unkept-{'0' * 16}"
    (tmp_path / "elsewhere").mkdir()
    foreign.symlink_to(tmp_path / "elsewhere")
    with RunStore.in_memory() as store:
        assert store.create("t", {}).run_id
        assert not left.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"elsewhere", foreign.name}
