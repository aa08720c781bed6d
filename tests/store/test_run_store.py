"""Runs are made, listed, found, read and ended; the same on disk and in memory."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webhand.errors import RunLocked, RunNotFound, StoreError
from webhand.events import EventType
from webhand.store import RunInfo, RunLog, RunStore

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunStore]:
    with RunStore(tmp_path / "new" / "home") if request.param == "disk" else RunStore.in_memory() as store:
        yield store


def test_a_run_begins_with_its_task(store: RunStore):
    before = datetime.now(UTC)
    with store.create("buy boots", {"model": "offline", "limits": [1, 2]}) as log:
        (event,) = store.events(log.run_id)
    assert event == log.events()[0]
    assert (event.run_id, event.seq, event.type) == (log.run_id, 1, "run.started")
    assert event.data == {"model": "offline", "limits": [1, 2], "task": "buy boots"}
    assert before <= event.at <= datetime.now(UTC)
    assert event.at.utcoffset() is not None


def test_what_append_returns_is_what_is_read(store: RunStore):
    with store.create("t", {}) as log:
        made = [log.append("step.started", {"number": n, "pair": (n, n), "half": "\ud800"}) for n in range(20)]
        assert [event.seq for event in made] == list(range(2, 22))
        assert store.events(log.run_id)[1:] == tuple(made)
        assert log.events(after=19) == tuple(made[18:])
        assert store.events(log.run_id, after=21) == ()
    assert made[3].data == {"number": 3, "pair": [3, 3], "half": "\ufffd"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(data=st.dictionaries(st.text(), VALUES, max_size=4))
def test_values_survive_the_round_trip(store: RunStore, data: dict[str, object]):
    with store.create("t", data) as log:
        event = log.append("observed", data)
    assert event.data == data
    started, observed = store.events(log.run_id)
    assert observed == event
    assert started.data == {**data, "task": "t"}


def test_numbers_count_per_run(store: RunStore):
    with store.create("a", {}) as a, store.create("b", {}) as b:
        for _ in range(3):
            a.append("told", {})
            b.append("told", {})
        assert [event.seq for event in a.events()] == [event.seq for event in b.events()] == [1, 2, 3, 4]


@pytest.mark.parametrize("data", [{"when": datetime.now(UTC)}, {"n": float("nan")}, cast("dict[str, Any]", {1: 2})])
def test_a_refused_value_leaves_no_trace(store: RunStore, data: dict[str, Any]):
    with store.create("t", {}) as log:
        with pytest.raises(StoreError, match="data"):
            log.append("told", data)
        assert log.append("told", {}).seq == 2
    with pytest.raises(StoreError, match="data"):
        store.create("t", data)
    assert len(store.runs()) == 1


def test_an_unknown_type_is_refused(store: RunStore):
    with store.create("t", {}) as log:
        with pytest.raises(StoreError, match=r"no event of type 'run\.exploded'"):
            log.append(cast("EventType", "run.exploded"), {})
        assert log.append("told", {}).seq == 2


def test_the_list_follows_the_events(store: RunStore):
    def line() -> RunInfo:
        return store.runs()[0]

    log = store.create("task \ud800", {})
    info = line()
    assert info == store.find(log.run_id)
    assert info.task == "task \ufffd"
    assert info.started == log.events()[0].at
    assert (info.status, info.steps, info.ended, info.pid) == ("running", 0, None, os.getpid())
    log.append("step.started", {"number": 1})
    log.append("step.finished", {"number": 1})
    assert (line().status, line().steps) == ("running", 1)
    log.append("paused", {})
    assert line().status == "paused"
    log.append("resumed", {})
    assert line().status == "running"
    log.close()
    assert (line().status, line().pid, line().ended) == ("stopped", None, None)
    with store.open("last") as log:
        ended = log.append("run.ended", {"status": "limit"})
        assert (line().status, line().ended, line().pid) == ("limit", ended.at, None)
        log.append("resumed", {})
        assert (line().status, line().ended, line().pid) == ("running", None, os.getpid())
        log.append("step.finished", {"number": 2})
        log.append("run.ended", {})
    assert (line().status, line().steps) == ("ended", 2)


def test_runs_come_newest_first(store: RunStore):
    ids: list[str] = []
    for n in range(12):
        with store.create(f"task {n}", {}) as log:
            ids.append(log.run_id)
    assert ids == sorted(set(ids))
    assert [info.id for info in store.runs()] == ids[::-1]
    assert [info.task for info in store.runs(limit=2)] == ["task 11", "task 10"]
    assert store.runs(limit=0) == []


def test_an_id_may_be_shortened(store: RunStore):
    ids: list[str] = []
    for n in range(3):
        with store.create(f"task {n}", {}) as log:
            ids.append(log.run_id)
    assert store.find("last").id == store.find(" LAST ").id == ids[2]
    for run_id in ids:
        short = next(run_id[:n] for n in range(1, 11) if sum(other.startswith(run_id[:n]) for other in ids) == 1)
        assert store.find(short.upper()).id == run_id
        assert store.events(short)[0].run_id == run_id
        with store.open(short) as log:
            assert log.run_id == run_id


def test_an_ambiguous_beginning_names_the_candidates(store: RunStore):
    ids = [store.create("t", {}).run_id for _ in range(3)]
    with pytest.raises(RunNotFound) as caught:
        store.open(ids[0][:1])
    assert str(caught.value) == (
        f"Several runs begin with '{ids[0][:1]}': {ids[2]}, {ids[1]}, {ids[0]}; give more of the id."
    )
    ids += [store.create("t", {}).run_id for _ in range(3)]
    with pytest.raises(RunNotFound) as caught:
        store.events("0")
    assert f"{ids[5]}, {ids[4]}, {ids[3]}, {ids[2]}, {ids[1]} and more" in str(caught.value)


@pytest.mark.parametrize("asked", ["zzz", "", "  ", "%", "_", "\ud800", "0\x00", "'; drop table runs; --"])
def test_an_unknown_id_names_the_newest(store: RunStore, asked: str):
    with pytest.raises(RunNotFound, match="there are none yet"):
        store.find(asked)
    with pytest.raises(RunNotFound, match="there are none yet"):
        store.open("last")
    newest = store.create("t", {}).run_id
    for lookup in (store.find, store.open, store.events):
        with pytest.raises(RunNotFound, match=f"the newest are {newest}") as caught:
            lookup(asked)
        str(caught.value).encode()
        assert "\n" not in str(caught.value)


def test_a_closed_log_can_be_read_but_not_written(store: RunStore):
    log = store.create("t", {})
    log.private("state", b"1")
    log.close()
    log.close()
    for write in (lambda: log.append("told", {}), lambda: log.save(b"", ".txt"), lambda: log.private("state", b"")):
        with pytest.raises(StoreError, match=f"log of run {log.run_id} is closed"):
            write()
    assert len(log.events()) == 1
    assert log.read_private("state") == b"1"


def test_a_run_is_open_once(store: RunStore):
    with store.create("t", {}) as log:
        with pytest.raises(RunLocked, match=f"Run {log.run_id} is being carried out by process {os.getpid()};"):
            store.open(log.run_id)
        log.append("told", {})
    with store.open(log.run_id) as again:
        assert again.append("told", {}).seq == 3


def test_threads_write_runs_of_their_own_and_one_together(store: RunStore):
    shared = store.create("shared", {})
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with store.create("own", {}) as log:
                for n in range(50):
                    log.append("told", {"n": n})
                    shared.append("told", {"n": n})
                    shared.save(b"%d" % n, ".txt")
                    store.runs()
                assert [event.seq for event in log.events()] == list(range(1, 52))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [event.seq for event in shared.events()] == list(range(1, 202))
    assert len(store.runs()) == 5


def test_reading_waits_for_no_writer(tmp_path: Path):
    # A second store object has connections of its own, as another process has.
    with RunStore(tmp_path) as one, RunStore(tmp_path) as other, one.create("t", {}) as log:
        with one._database.write() as connection:  # pyright: ignore[reportPrivateUsage]  # a write that is under way
            connection.execute("UPDATE runs SET task = 'changed'")
            read: list[tuple[str, int]] = []

            def look() -> None:
                read.extend((store.runs()[0].task, len(store.events("last"))) for store in (one, other))

            thread = threading.Thread(target=look)
            thread.start()
            thread.join(10)
            assert read == [("t", 1), ("t", 1)]
        assert one.find(log.run_id).task == "changed"


def test_opening_does_nothing_before_the_first_use(tmp_path: Path):
    store = RunStore(tmp_path / "home")
    assert list(tmp_path.iterdir()) == []
    assert store.runs() == []
    assert (tmp_path / "home" / "runs.db").exists()
    store.close()


def test_the_folder_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WEBHAND_HOME", str(tmp_path / "home"))
    with RunStore() as store:
        assert store.folder == tmp_path / "home"
    monkeypatch.setenv("WEBHAND_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with RunStore() as store:
        assert tmp_path in store.folder.parents
        assert store.folder.name == "webhand"
    with RunStore("~/mine") as store:
        assert store.folder == tmp_path / "mine"


def test_a_relative_folder_stays_where_it_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    store = RunStore("home")
    monkeypatch.chdir("/")
    assert store.folder == tmp_path / "home"
    store.close()


def test_a_closed_store_opens_again(tmp_path: Path):
    store = RunStore(tmp_path)
    store.create("t", {}).close()
    store.close()
    store.close()
    assert len(store.runs()) == 1
    store.close()
    assert not list(tmp_path.glob("runs.db-*"))


def test_what_is_written_is_there_for_the_next_store(tmp_path: Path):
    with RunStore(tmp_path) as store, store.create("t", {}) as log:
        log.append("told", {"text": "靴\x00"})
    with RunStore(str(tmp_path)) as store:
        assert [event.data.get("text") for event in store.events("last")] == [None, "靴\x00"]
        with store.open("last") as log:
            assert log.append("told", {}).seq == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_others_cannot_read_the_log(tmp_path: Path):
    with RunStore(tmp_path / "home") as store, store.create("t", {}) as log:
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "home").iterdir()}
        assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
        assert {name: modes[name] for name in modes if name.startswith("runs.db")} == {
            "runs.db": 0o600,
            "runs.db-wal": 0o600,
            "runs.db-shm": 0o600,
        }
        assert log.save(b"picture", ".png").stat().st_mode & 0o777 == 0o600


def test_locks_leave_no_files_behind(tmp_path: Path):
    with RunStore(tmp_path) as store:
        log = store.create("t", {})
        assert {path.name for path in (tmp_path / "locks").iterdir()} == {f"{log.run_id}.lock", f"{log.run_id}.pid"}
        assert store.runs()[0].status == "running"
        log.close()
        assert store.runs()[0].status == "stopped"
        assert list((tmp_path / "locks").iterdir()) == []


def test_nothing_is_left_open(tmp_path: Path):
    script = f"""
import gc
from webhand.store import RunStore
for make in (lambda: RunStore({str(tmp_path)!r}), RunStore.in_memory):
    store = make()
    log = store.create("t", {{}})
    log.append("told", {{}})
    store.runs()
    del store, log
    gc.collect()
store = RunStore.in_memory()
log = store.create("t", {{}})
log.save(b"x", ".txt")
print(store.folder)
"""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert not Path(done.stdout.strip()).exists()


def test_a_log_is_its_own_context(store: RunStore):
    with store.create("t", {}) as log:
        assert isinstance(log, RunLog)
    assert store.find("last").status == "stopped"
