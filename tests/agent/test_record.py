"""What is kept beside the log."""

import json

from webhand import RunStore
from webhand.agent.record import STATE, Record

ONE = {"url": "https://shop.example/1"}
OTHER = {"url": "https://shop.example/2"}


def test_a_state_is_written_when_it_has_changed(store: RunStore) -> None:
    with store.create("Look", {}) as log:
        file = store.folder / "private" / log.run_id / STATE
        record = Record(log, (), {})
        record.keep_state({"tabs": [ONE]})
        first = file.stat()
        record.keep_state({"tabs": [ONE]})
        assert file.stat() == first, "each time it is written it is a new file, which the disk has to take in"
        record.keep_state({"tabs": [OTHER]})
        assert json.loads(file.read_bytes()) == record.state() == {"tabs": [OTHER]}
