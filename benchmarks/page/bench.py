"""The folder with the bench pages and the peers' adapters: `WEBHAND_BENCH` says where it is."""

import importlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VARIABLE = "WEBHAND_BENCH"


@dataclass(frozen=True, slots=True)
class Site:
    """The bench pages, served on loopback from `folder`."""

    folder: Path
    url: str
    counts: Mapping[str, int]

    def page(self, name: str) -> str:
        """The address of a page."""
        return f"{self.url}/{name}.html"


class Bench:
    """What the folder holds. Ends the run with a sentence when there is none."""

    def __init__(self) -> None:
        given = os.environ.get(VARIABLE, "")
        if not given:
            sys.exit(f"nothing measured: set {VARIABLE} to the folder that holds compare.py and pages.py")
        self.folder = Path(given).resolve()
        if missing := [name for name in ("compare.py", "pages.py") if not (self.folder / name).is_file()]:
            sys.exit(f"nothing measured: {VARIABLE}={given} has no {' and no '.join(missing)}")
        sys.path.insert(0, str(self.folder))
        self._pages: Any = importlib.import_module("pages")
        self._compare: Any = importlib.import_module("compare")

    @property
    def adapters(self) -> tuple[str, ...]:
        """Every tool that can be measured."""
        return tuple(self._compare.KNOWN)

    @property
    def pages(self) -> tuple[str, ...]:
        """Every page that is looked at."""
        return tuple(self._compare.NAMES)

    @contextmanager
    def site(self, seed: int) -> Generator[Site]:
        """The pages made from this seed, served until the end of the block."""
        with tempfile.TemporaryDirectory() as folder:
            server = self._pages.serve(Path(folder))
            try:
                counts = self._pages.build(Path(folder), seed, server.server_port)
                yield Site(Path(folder), f"http://127.0.0.1:{server.server_port}", counts)
            finally:
                server.shutdown()
                server.server_close()

    def huge(self, seed: int, nodes: int) -> str:
        """The page `huge` with about so many nodes, as HTML."""
        return self._pages.huge(self._pages.Maker(seed), nodes)

    def tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the vocabulary o200k_base each text is; a quarter of its characters without Node."""
        return self._compare.tokens(list(texts))

    def compare(self, adapters: Sequence[str], pages: Sequence[str], rounds: int, seed: int) -> list[dict[str, Any]]:
        """Let the adapters look at the pages side by side, which prints a line for each; what was measured."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "rows.json")
            command = [sys.executable, str(self.folder / "compare.py"), *adapters, "--json", str(file)]
            command += ["--pages", ",".join(pages), "--rounds", str(rounds), "--seed", str(seed)]
            python = {"WEBHAND_PYTHON": shlex.quote(sys.executable)}
            subprocess.run(command, env=os.environ | python, check=True)
            return json.loads(file.read_text())
