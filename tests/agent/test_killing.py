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
        killed = play(tmp_path / "runs", ledger, rows=4, kills=8, chance=Random(1), said=print)
        assert ledger.rows == ["1", "2", "3", "4"]
        assert killed.lives == 9
    finally:
        ledger.close()
