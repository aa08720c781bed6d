"""Tests that call real vendors: only with `-m live`, and only those whose key is in the environment."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The developer's keys stay; settings and runs are the tests' own."""
    monkeypatch.setenv("WEBHAND_HOME", str(tmp_path / "webhand-home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave them out where they were not asked for."""
    asked = "live" in str(config.option.markexpr)
    for item in items:
        if "live" in item.keywords and not asked:
            item.add_marker(pytest.mark.skip(reason="calls a real vendor: give -m live"))
