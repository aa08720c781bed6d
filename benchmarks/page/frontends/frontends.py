"""Front ends that others wrote, installed from their packages and served on loopback.

`python benchmarks/page/frontends/frontends.py install` fills the cache folder (WEBHAND_FRONTENDS, else
`~/.cache/webhand-frontends`); `... serve` serves the pages and the packages until it is interrupted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypedDict
from urllib.parse import unquote, urlsplit

HERE = Path(__file__).parent
PAGES = HERE / "pages"
BUNDLER = "esbuild@0.25"


class FrontEnd(TypedDict, total=False):
    """One front end: packages by registry, and the page that shows it."""

    name: str
    npm: list[str]
    pypi: list[str]
    what: str
    start: str
    command: list[str]


def listed() -> list[FrontEnd]:
    """All front ends, most used first."""
    return json.loads((HERE / "frontends.json").read_text(encoding="utf-8"))


def cache() -> Path:
    """The folder that the packages are installed in; made if it is not there."""
    folder = Path(os.environ.get("WEBHAND_FRONTENDS") or Path.home() / ".cache" / "webhand-frontends")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def install() -> None:
    """Install all packages and bundle the pages; raises CalledProcessError when a package does not come."""
    folder, every = cache(), listed()
    (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    packages = sorted({package for one in every for package in one.get("npm", [])} | {BUNDLER})
    quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(["npm", "install", *quiet, *packages], cwd=folder, check=True)
    bundle()
    venv.create(folder / "python", with_pip=True)
    wheels = sorted(package for one in every for package in one.get("pypi", []))
    subprocess.run([folder / "python" / "bin" / "pip", "install", "--quiet", *wheels], check=True)


def bundle() -> None:
    """Bundle each `pages/*.js` into the cache folder."""
    folder = cache()
    for source in sorted(PAGES.glob("*.js")):
        command = [folder / "node_modules" / ".bin" / "esbuild", source, "--bundle", "--minify", "--log-level=error"]
        defined = ['--define:process.env.NODE_ENV="production"', f"--outfile={folder / 'bundles' / source.name}"]
        modules = {**os.environ, "NODE_PATH": str(folder / "node_modules")}
        subprocess.run([*command, *defined], check=True, env=modules)


class Handler(SimpleHTTPRequestHandler):
    """`/npm/` is the packages, `/bundle/` what was bundled of them, everything else the pages."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def translate_path(self, path: str) -> str:
        """The file that a path of the site stands for; what leads out of its folder is not found."""
        asked = unquote(urlsplit(path).path).lstrip("/")
        for prefix, folder in (("npm/", cache() / "node_modules"), ("bundle/", cache() / "bundles"), ("", PAGES)):
            if asked.startswith(prefix):
                file = (folder / asked.removeprefix(prefix)).resolve()
                return str(file if file.is_relative_to(folder.resolve()) else folder / "not-there")
        raise AssertionError(asked)


def server(port: int = 0) -> ThreadingHTTPServer:
    """A server for the pages on loopback, not yet running."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(PAGES)))


if __name__ == "__main__":
    if sys.argv[1:] == ["install"]:
        install()
    else:
        site = server(int(sys.argv[2]) if len(sys.argv) > 2 else 8000)
        print(f"http://127.0.0.1:{site.server_port}/")
        site.serve_forever()
