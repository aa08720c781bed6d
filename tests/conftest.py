"""What all tests share: a data folder of their own, no keys from outside, one browser a worker."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shlex import quote
from threading import Thread

import pytest
from hypothesis import settings

from tests.llm.providers.tls import certificate
from webhand.browser import Browser, BrowserConfig, Context, Tab
from webhand.browser.executable import find_executable
from webhand.browser.process import end_group
from webhand.errors import BrowserMissing
from webhand.settings import KEY_VARIABLES

# How long an example takes says more about the machine than about the code; the examples are the same in each run.
settings.register_profile("tests", deadline=None, derandomize=True)
settings.load_profile("tests")

PAGES = Path(__file__).parent / "pages"
KEYS = tuple(name for names in KEY_VARIABLES.values() for name in names)
VENDOR_VARIABLES = (*KEYS, "OPENAI_", "ANTHROPIC_", "GROQ_", "AWS_", "GOOGLE_", "GEMINI_", "AZURE_", "OLLAMA_")


# Chromium heeds only the last list of features, so these are added to the one that Playwright gives.
CHROMIUM = """#!/bin/sh
for argument; do
    shift
    case $argument in
        --disable-features=*) argument=$argument,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup ;;
    esac
    set -- "$@" "$argument"
done
exec {executable} "$@"
"""


@pytest.fixture(scope="session", autouse=True)
def light_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All browsers, those of commands too, come without the pages of the address bar.

    Nobody sees them, and loading them with each new window takes longer than most tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        if os.name != "nt":
            with suppress(BrowserMissing):  # each test that needs a browser says so
                script = tmp_path_factory.mktemp("browser") / "chromium"
                script.write_text(CHROMIUM.format(executable=quote(str(find_executable()))))
                script.chmod(0o755)
                patch.setenv("WEBHAND_BROWSER", str(script))
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Playwright's driver is compiled once, not each time that it starts: a quarter of what that takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NODE_COMPILE_CACHE", str(tmp_path_factory.mktemp("driver")))
        yield


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one certificate that is trusted."""
    return certificate(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, authority: Path) -> None:
    """Nothing of the developer's own keys, proxies, settings and runs reaches a test."""
    for name in list(os.environ):
        if (
            name.startswith(VENDOR_VARIABLES)
            or name.lower().endswith("_proxy")
            or name in ("WEBHAND_MODEL", "WEBHAND_PRICES")
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WEBHAND_HOME", str(tmp_path / "webhand-home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    # No test meets the world's authorities, and to read them all takes each client longer than its calls.
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority))
    # Else the SDK of Bedrock asks an address outside this machine for keys.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-aws-credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-aws-config"))


class _Pages(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def pages() -> Iterator[str]:
    """The address under which the files of tests/pages are served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, directory=str(PAGES)))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests of a worker; each takes a context of its own."""
    async with Browser() as browser:
        yield browser


Configured = Callable[[BrowserConfig], Awaitable[Browser]]


@pytest.fixture
async def configured(browser: Browser) -> AsyncIterator[Configured]:
    """The browser of all tests with settings of one test: `await configured(BrowserConfig(viewport=(640, 480)))`."""
    async with AsyncExitStack() as stack:

        async def wrapped(config: BrowserConfig) -> Browser:
            assert browser.context.inner.browser
            mine = await Browser.wrap(browser.context.inner.browser, config)
            stack.push_async_callback(mine.close)
            return mine

        yield wrapped


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where browsers that outlive their process have their folders; those that a test leaves open are ended."""
    # Not in tmp_path: the path of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="keeping-"))
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    for process in folder.glob("*/process"):
        end_group(int(process.read_text().split()[1]))
    while folder.exists():  # those that are about to end may still write
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[Context]:
    """A fresh context."""
    async with await browser.new_context() as context:
        yield context


Show = Callable[[str], Awaitable[Tab]]


@pytest.fixture
def show(context: Context) -> Show:
    """Opens a tab with this HTML as its page: `tab = await show("<button>Go</button>")`."""

    async def opened(html: str) -> Tab:
        tab = await context.open()
        await tab.page.set_content(html)
        return tab

    return opened
