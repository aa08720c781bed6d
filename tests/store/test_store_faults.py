"""Folders that cannot be written, full disks, damaged and newer files: typed errors of one line, nothing destroyed."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from webhand.errors import StoreCorrupt, StoreError
from webhand.store import RunStore
from webhand.store.schema import CURRENT, MIGRATIONS, migrate
from webhand.store.transaction import transaction

USES: list[Callable[[RunStore], object]] = [
    lambda store: store.create("t", {}),
    lambda store: store.runs(),
    lambda store: store.open("last"),
    lambda store: store.events("last"),
    lambda store: store.folder,
]


def one_line(error: BaseException, *parts: str) -> bool:
    return "\n" not in str(error) and all(part in str(error) for part in parts)


@pytest.mark.parametrize("use", USES)
def test_a_file_in_the_way_is_told_at_the_first_use(tmp_path: Path, use: Callable[[RunStore], object]):
    (tmp_path / "home").write_text("I am a file")
    for folder in (tmp_path / "home", tmp_path / "home" / "below"):
        with RunStore(folder) as store:
            with pytest.raises(StoreError) as caught:
                use(store)
            assert one_line(caught.value, str(folder), "WEBHAND_HOME")
            assert not isinstance(caught.value, StoreCorrupt)
    assert (tmp_path / "home").read_text() == "I am a file"


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, which not even root may write to")
def test_a_folder_that_cannot_be_written_is_told():
    for folder in ("/proc/webhand", "/proc"):
        with RunStore(folder) as store, pytest.raises(StoreError) as caught:
            store.create("t", {})
        assert one_line(caught.value, folder, "WEBHAND_HOME")


def test_a_folder_that_becomes_free_can_be_used(tmp_path: Path):
    (tmp_path / "home").write_text("in the way")
    with RunStore(tmp_path / "home") as store:
        with pytest.raises(StoreError):
            store.runs()
        (tmp_path / "home").unlink()
        assert store.runs() == []


def use_everything(store: RunStore) -> None:
    with store.create("t", {}) as log:
        log.save(b"x", ".txt")
        log.private("state", b"x")


@pytest.mark.parametrize("part", ["runs.db", "locks", "artefacts", "private"])
def test_something_in_the_place_of_a_part_is_told(tmp_path: Path, part: str):
    if part == "runs.db":
        (tmp_path / part).mkdir()
    else:
        (tmp_path / part).write_text("in the way")
    with RunStore(tmp_path) as store:
        with pytest.raises(StoreError) as caught:
            use_everything(store)
        assert one_line(caught.value, str(tmp_path), "WEBHAND_HOME")
        assert not isinstance(caught.value, StoreCorrupt)


def test_a_run_that_could_not_begin_is_not_listed(tmp_path: Path):
    (tmp_path / "locks").write_text("in the way")
    with RunStore(tmp_path) as store:
        with pytest.raises(StoreError):
            store.create("t", {})
        assert store.runs() == []
        (tmp_path / "locks").unlink()
        with store.create("t", {}) as log:
            assert log.append("told", {}).seq == 2


FULL_DISK = """
import resource, sys
from webhand.errors import StoreCorrupt, StoreError
from webhand.store import RunStore
store = RunStore(sys.argv[1])
log = store.create("t", {})
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
written = 1
try:
    while True:
        log.append("observed", {"text": "x" * 2_000})
        written += 1
except StoreCorrupt:
    sys.exit("corrupt")
except StoreError as error:
    print(error)
for save in (lambda: log.save(b"x" * 400_000, ".png"), lambda: log.private("state", b"x" * 400_000)):
    try:
        save()
    except StoreError as error:
        print(error)
assert len(log.events()) == len(store.events("last")) == written > 10, written
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert log.append("told", {}).seq == written + 1
log.append("run.ended", {"status": "failed"})
"""


@pytest.mark.skipif(os.name == "nt", reason="needs RLIMIT_FSIZE")
def test_a_full_disk_is_an_error_and_no_damage(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()
    assert len(told) == 3
    assert all(str(tmp_path) in line and "WEBHAND_HOME" in line for line in told)
    assert list(tmp_path.rglob("*.part")) == []
    with RunStore(tmp_path) as store:
        events = store.events("last")
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert events[-1].data == {"status": "failed"}
        assert store.runs()[0].status == "failed"
    assert sqlite3_says_ok(tmp_path)


def sqlite3_says_ok(folder: Path) -> bool:
    connection = sqlite3.connect(folder / "runs.db")
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


@pytest.mark.skipif(os.name == "nt", reason="needs RLIMIT_NOFILE")
def test_no_file_descriptors_left_is_an_error_and_no_damage(tmp_path: Path):
    script = """
import os, resource, sys
from webhand.errors import StoreError
from webhand.store import RunStore
store = RunStore(sys.argv[1])
with store.create("t", {}) as log:
    log.append("told", {})
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    held = []
    try:
        while True:
            held.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
    log.append("told", {"still": "works: the connection is open"})
    for use in (lambda: log.save(b"x", ".png"), lambda: store.create("t", {}), lambda: store.open("last")):
        try:
            use()
        except StoreError as error:
            print(type(error).__name__)
    for each in held:
        os.close(each)
    log.append("told", {})
assert len(store.events("last")) == 4
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["StoreError"] * 3


def filled(folder: Path) -> bytes:
    with RunStore(folder) as store, store.create("t", {}) as log:
        for n in range(200):
            log.append("observed", {"n": n, "text": "x" * 500})
        log.append("run.ended", {"status": "done"})
    return (folder / "runs.db").read_bytes()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "overwritten": lambda whole: b"this was a database once " * 1000,
    "zeros": lambda whole: b"\0" * len(whole),
    "cut short": lambda whole: whole[:5000],
    "first pages": lambda whole: whole[:100] + random.Random(3).randbytes(8000) + whole[8100:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_told_and_left_alone(tmp_path: Path, damage: Callable[[bytes], bytes]):
    damaged = damage(filled(tmp_path))
    (tmp_path / "runs.db").write_bytes(damaged)
    for use in USES[:-1]:
        with RunStore(tmp_path) as store:
            with pytest.raises(StoreCorrupt) as caught:
                use(store)
            assert one_line(caught.value, "WEBHAND_HOME")
    assert (tmp_path / "runs.db").read_bytes() == damaged


@pytest.mark.parametrize("damaged", [b'{"\xff":100,', b']"n":100,'], ids=["no UTF-8", "no JSON"])
def test_a_damaged_event_is_told(tmp_path: Path, damaged: bytes):
    whole = filled(tmp_path)
    assert whole.count(b'{"n":100,') == 1
    (tmp_path / "runs.db").write_bytes(whole.replace(b'{"n":100,', damaged))
    with RunStore(tmp_path) as store:
        assert len(store.runs()) == 1
        with pytest.raises(StoreCorrupt, match="damaged"):
            store.events("last")


def change(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / "runs.db")
    try:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE runs SET started = 'once'", "UPDATE runs SET ended = 'upon a time'", "DROP TABLE events"]
)
def test_tables_that_are_not_ours_any_more_are_told(tmp_path: Path, statement: str):
    filled(tmp_path)
    change(tmp_path, statement)
    with RunStore(tmp_path) as store, pytest.raises(StoreCorrupt, match="damaged"):
        store.events("last")


def test_an_event_of_an_unknown_type_is_told(tmp_path: Path):
    filled(tmp_path)
    change(tmp_path, "INSERT INTO events SELECT run_id, 1000, at, 'dreamed', data FROM events WHERE seq = 1")
    with RunStore(tmp_path) as store, pytest.raises(StoreCorrupt, match="damaged"):
        store.events("last")


def test_a_file_of_a_newer_version_is_told_and_left_alone(tmp_path: Path):
    filled(tmp_path)
    change(tmp_path, f"PRAGMA user_version = {CURRENT + 1}")
    before = (tmp_path / "runs.db").read_bytes()
    for use in USES[:-1]:
        with RunStore(tmp_path) as store, pytest.raises(StoreCorrupt, match="written by a newer webhand"):
            use(store)
    assert (tmp_path / "runs.db").read_bytes() == before


def test_somebody_elses_database_is_told_and_left_alone(tmp_path: Path):
    change(tmp_path, "CREATE TABLE marathons (runner TEXT)")
    before = (tmp_path / "runs.db").read_bytes()
    with RunStore(tmp_path) as store, pytest.raises(StoreCorrupt, match="no run log of webhand"):
        store.create("t", {})
    assert (tmp_path / "runs.db").read_bytes() == before


def test_an_empty_file_is_a_new_log(tmp_path: Path):
    (tmp_path / "runs.db").touch()
    filled(tmp_path)
    assert sqlite3_says_ok(tmp_path)


@pytest.mark.parametrize("version", range(1, CURRENT + 1))
def test_a_file_of_each_earlier_version_is_brought_forward(tmp_path: Path, version: int):
    steps = [statement for statements in MIGRATIONS[:version] for statement in statements]
    change(tmp_path, *steps, f"PRAGMA user_version = {version}")
    filled(tmp_path)
    connection = sqlite3.connect(tmp_path / "runs.db")
    assert connection.execute("PRAGMA user_version").fetchone() == (CURRENT,)
    connection.close()


def test_a_migration_that_fails_half_way_leaves_the_file_as_it_was(tmp_path: Path):
    connection = sqlite3.connect(tmp_path / "runs.db", isolation_level=None)
    connection.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (0,)
    assert connection.execute("SELECT * FROM sqlite_master").fetchall() == []
    connection.execute("PRAGMA max_page_count = 100")
    migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (CURRENT,)
    connection.close()


def roll_back_by_itself(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO numbers VALUES (2)")
        connection.execute("INSERT OR ROLLBACK INTO numbers VALUES (1)")


def test_an_error_after_which_sqlite_has_rolled_back_is_passed_on():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
    connection.execute("INSERT INTO numbers VALUES (1)")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        roll_back_by_itself(connection)
    assert connection.execute("SELECT n FROM numbers").fetchall() == [(1,)]
    connection.close()


def test_events_are_never_changed(tmp_path: Path):
    filled(tmp_path)
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        change(tmp_path, "UPDATE events SET data = '{}'")


def test_a_log_without_its_run_is_an_error(tmp_path: Path):
    with RunStore(tmp_path) as store, store.create("t", {}) as log:
        change(tmp_path, "DELETE FROM events", "DELETE FROM runs")
        with pytest.raises(StoreError) as caught:
            log.append("told", {})
        assert one_line(caught.value, str(tmp_path))


def test_a_write_that_fails_leaves_nothing_half_done(tmp_path: Path):
    with RunStore(tmp_path) as store, store.create("t", {}) as log:
        database = store._database  # pyright: ignore[reportPrivateUsage]  # no public call fails between two statements

        def interrupted() -> None:
            with database.write() as connection:
                connection.execute("UPDATE runs SET task = 'half'")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert store.find(log.run_id).task == "t"
        assert log.append("told", {}).seq == 2
