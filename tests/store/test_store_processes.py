"""Several processes, and processes that are killed: what was written is there, and nothing else is."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from webhand.errors import RunLocked, StoreError
from webhand.store import RunStore

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and fork")

APPEND = """
import sys
from webhand.store import RunStore
store = RunStore(sys.argv[1])
log = store.open(sys.argv[2]) if len(sys.argv) > 2 else store.create("t", {})
print(log.run_id, flush=True)
n = 0
while True:
    n += 1
    path = log.save(b"%d" % n * 1000, ".txt")
    log.private("state", b"%d" % n * 1000)
    event = log.append("step.finished", {"n": n, "path": str(path), "text": "x" * (n * 37 % 3000)})
    print(event.seq, flush=True)
"""

HOLD = """
import sys
from webhand.store import RunStore
log = RunStore(sys.argv[1]).open(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def child(script: str, *arguments: object) -> Generator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def killed_while_appending(folder: Path, appends: int, *run: str) -> tuple[str, int]:
    """The id of the run and the number of the last event that the child had been told is written."""
    with child(APPEND, folder, *run) as process:
        run_id = line(process)
        for _ in range(appends):
            line(process)
        process.send_signal(signal.SIGKILL)
        assert process.stdout is not None
        told = [int(number) for number in process.stdout.read().split("\n")[:-1]]
    return run_id, told[-1] if told else 0


def test_a_killed_process_leaves_a_readable_log(tmp_path: Path):
    dice = random.Random(7)
    run_id, last = "", 0
    for round_ in range(6):
        run_id, told = killed_while_appending(tmp_path, dice.randrange(1, 60), *([run_id] if run_id else []))
        with RunStore(tmp_path) as store:
            info = store.find(run_id)
            assert (info.status, info.pid, info.ended) == ("stopped", None, None)
            events = store.events(run_id)
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            assert max(told, last) <= len(events), "what was reported as written is there"
            assert info.steps == sum(event.type == "step.finished" for event in events)
            assert all(Path(event.data["path"]).stat().st_size for event in events if event.type == "step.finished")
            with store.open(run_id) as log:
                state = log.read_private("state")
                assert state == (state or b"")[: len(state or b"") // 1000] * 1000, "the state is whole"
                assert list(tmp_path.rglob("*.part")) == []
                last = log.append("resumed", {"round": round_}).seq
                assert last == len(events) + 1
                assert store.find(run_id).pid == os.getpid()


def test_a_log_that_was_cut_gives_its_longest_valid_beginning(tmp_path: Path):
    _, told = killed_while_appending(tmp_path / "home", 30)
    wal = (tmp_path / "home" / "runs.db-wal").read_bytes()
    dice = random.Random(11)
    lengths: list[int] = []
    for n, cut in enumerate(sorted(dice.randrange(len(wal) // 4, len(wal)) for _ in range(20)) + [len(wal)]):
        copy = tmp_path / f"copy{n}"
        copy.mkdir()
        shutil.copy(tmp_path / "home" / "runs.db", copy)
        (copy / "runs.db-wal").write_bytes(wal[:cut])
        with RunStore(copy) as store:
            events = store.events("last")
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            lengths.append(len(events))
        connection = sqlite3.connect(copy / "runs.db")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1] >= told


def test_a_run_that_another_process_holds_is_locked_until_it_dies(tmp_path: Path):
    with RunStore(tmp_path) as store:
        run_id = store.create("t", {}).run_id  # dropped: its lock goes with it
        with child(HOLD, tmp_path, run_id) as holder:
            assert line(holder) == "held"
            with pytest.raises(RunLocked, match=f"Run {run_id} is being carried out by process {holder.pid};"):
                store.open(run_id)
            info = store.find(run_id)
            assert (info.status, info.pid) == ("running", holder.pid)
            assert len(store.events(run_id)) == 1, "it can be read meanwhile"
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            assert (store.find(run_id).status, store.find(run_id).pid) == ("stopped", None)
            with store.open(run_id) as log:
                assert store.find(run_id).pid == os.getpid()
                assert log.append("resumed", {}).seq == 2


def test_a_holder_whose_pid_is_unknown_is_another_process(tmp_path: Path):
    with RunStore(tmp_path) as store, store.create("t", {}) as log:
        (tmp_path / "locks" / f"{log.run_id}.pid").write_text("no number")
        with pytest.raises(RunLocked, match="by another process;"):
            store.open(log.run_id)
        assert (store.find(log.run_id).status, store.find(log.run_id).pid) == ("running", None)


def test_a_lock_that_cannot_be_signed_is_given_back(tmp_path: Path):
    with RunStore(tmp_path) as store:
        log = store.create("t", {})
        run_id = log.run_id
        log.close()
        (tmp_path / "locks" / f"{run_id}.pid").mkdir()
        with pytest.raises(StoreError, match="WEBHAND_HOME"):
            store.open(run_id)
        assert store.find(run_id).status == "stopped"
        (tmp_path / "locks" / f"{run_id}.pid").rmdir()
        with store.open(run_id) as log:
            assert log.append("resumed", {}).seq == 2


CONTEND = """
import sys
from webhand.errors import RunLocked
from webhand.store import RunStore
sys.stdin.readline()
won = 0
for _ in range(200):
    try:
        with RunStore(sys.argv[1]) as store, store.open(sys.argv[2]) as log:
            first = log.append("step.started", {"by": sys.argv[3]}).seq
            assert log.append("step.finished", {"by": sys.argv[3]}).seq == first + 1
            won += 1
    except RunLocked:
        pass
print(won)
"""


def test_two_processes_that_contend_for_a_run_take_turns(tmp_path: Path):
    with RunStore(tmp_path) as store:
        run_id = store.create("t", {}).run_id
        with child(CONTEND, tmp_path, run_id, "a") as a, child(CONTEND, tmp_path, run_id, "b") as b:
            for process in (a, b):
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()
            won = {"a": int(line(a)), "b": int(line(b))}
        events = store.events(run_id)[1:]
        assert [event.seq for event in events] == list(range(2, 2 + 2 * sum(won.values())))
        for started, finished in zip(events[::2], events[1::2], strict=True):
            assert (started.type, finished.type) == ("step.started", "step.finished")
            assert started.data == finished.data
        by = [event.data["by"] for event in events[::2]]
        assert {name: by.count(name) for name in won} == won
        assert all(won.values())
        assert list((tmp_path / "locks").iterdir()) == []


MANY = """
import sys
from webhand.store import RunStore
sys.stdin.readline()
with RunStore(sys.argv[1]) as store:
    for _ in range(20):
        with store.create("t", {}) as log:
            for n in range(10):
                log.append("told", {"n": n})
            log.append("run.ended", {"status": "done"})
"""


def test_processes_write_runs_of_their_own_into_a_new_folder(tmp_path: Path):
    with child(MANY, tmp_path / "home") as a, child(MANY, tmp_path / "home") as b, child(MANY, tmp_path / "home") as c:
        for process in (a, b, c):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.wait(60) for process in (a, b, c)] == [0, 0, 0]
    with RunStore(tmp_path / "home") as store:
        infos = store.runs()
        assert len({info.id for info in infos}) == len(infos) == 60
        assert {info.status for info in infos} == {"done"}
        assert all(len(store.events(info.id)) == 12 for info in infos)


FORK = """
import os, sys
from webhand.errors import StoreError
from webhand.store import RunStore
store, memory = RunStore(sys.argv[1]), RunStore.in_memory()
log = store.create("parent", {})
kept = memory.create("parent", {}).save(b"x", ".txt")
pid = os.fork()
if pid == 0:
    try:
        log.append("told", {})
    except StoreError as error:
        assert "closed here" in str(error)
    else:
        os._exit(1)
    log.close()
    with store.create("child", {}) as own:
        own.append("told", {})
    store.close()
    sys.exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
assert log.append("told", {}).seq == 2
assert store.find(log.run_id).pid == os.getpid()
assert [info.task for info in store.runs()] == ["child", "parent"]
assert kept.exists()
"""


def test_a_forked_child_has_its_own_connections_and_no_run_of_its_parent(tmp_path: Path):
    done = subprocess.run([sys.executable, "-c", FORK, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    with RunStore(tmp_path) as store:
        assert [len(store.events(info.id)) for info in store.runs()] == [2, 2]
