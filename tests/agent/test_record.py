"""What is kept beside the log."""

import json

from webhand import RunStore
from webhand.agent.record import STATE, Record


def test_a_state_is_written_when_it_has_changed(store: RunStore) -> None:
    with store.create("Look", {}) as log:
        file = store.folder / "private" / log.run_id / STATE
        record = Record(log, (), {})
        record.keep_state({"tabs": [1]})
        first = file.stat()
        record.keep_state({"tabs": [1]})
        assert file.stat() == first, "each time it is written it is a new file, which the disk has to take in"
        record.keep_state({"tabs": [2]})
        assert json.loads(file.read_bytes()) == record.state() == {"tabs": [2]}
