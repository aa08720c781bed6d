"""A run is killed at random moments and goes on each time: every row is added once, in order."""

import os
from pathlib import Path
from random import Random

import pytest

from tests.agent.killing import Ledger, play

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")


def test_each_row_is_added_once_however_often_the_run_is_killed(tmp_path: Path) -> None:
    """The short form of benchmarks/kills.py."""
    ledger = Ledger(tmp_path)
    try:
        killed = play(tmp_path / "runs", ledger, rows=8, kills=8, chance=Random(1), said=print)
        assert ledger.rows == list("12345678")
        assert killed.lives in (8, 9), "the last kill may have come after the end"
    finally:
        ledger.close()
