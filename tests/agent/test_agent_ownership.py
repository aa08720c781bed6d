"""Who owns the browser: what a run opens it closes, what it is given it leaves as it was."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext

from tests.agent.conftest import Site, adding, browsers, done
from webhand import Agent, Browser, BrowserConfig, RunStore
from webhand.errors import ConfigError
from webhand.llm.scripted import ScriptedModel, by_name


@pytest.fixture
def inner(browser: Browser) -> PlaywrightBrowser:
    """Playwright's own object of the shared browser."""
    found = browser.context.inner.browser
    assert found is not None
    return found


@pytest.fixture
async def users(inner: PlaywrightBrowser) -> AsyncIterator[BrowserContext]:
    """A context that the user made with Playwright alone."""
    context = await inner.new_context()
    yield context
    await context.close()


@pytest.mark.parametrize("given", [None, BrowserConfig(viewport=(640, 480))], ids=["none", "config"])
async def test_a_browser_of_its_own_is_closed(
    given: BrowserConfig | None, site: Site, store: RunStore, nothing_left: None
) -> None:
    before = set(browsers())
    during: set[int] = set()
    agent = Agent(
        "Add",
        ScriptedModel([adding("a"), done()]),
        browser=given,
        start_url=site.url,
        store=store,
        on_event=lambda _: during.update(browsers()),
    )
    result = await agent.run()
    assert result.status == "done"
    pid = store.events(result.run_id)[1].data["browser_pid"]
    assert pid in during - before
    assert browsers(but=before) == {}


async def test_a_config_holds_for_the_run(site: Site, store: RunStore) -> None:
    site.pages["/size"] = "<!doctype html><p id=p></p><script>p.textContent = `${innerWidth} wide`</script>"
    model = ScriptedModel([done()])
    config = BrowserConfig(viewport=(640, 480))
    await Agent("Look", model, browser=config, start_url=f"{site.url}size", store=store).run()
    assert "640 wide" in model.prompts[0][-1].text


async def test_a_given_browser_is_left_open_with_what_it_had(
    site: Site, browser: Browser, inner: PlaywrightBrowser, store: RunStore
) -> None:
    tab = await browser.open(f"{site.url}other")
    contexts, tabs = list(inner.contexts), browser.tabs
    await browser.context.inner.add_cookies([{"name": "visitor", "value": "anna", "url": site.url}])
    model = ScriptedModel([adding("a"), done()])
    try:
        result = await Agent("Add", model, browser=browser, start_url=site.url, store=store).run()
        assert result.status == "done"
        assert "Welcome back" not in model.prompts[0][-1].text, "cookies of the browser's own context are not the run's"
        assert browser.connected
        assert list(inner.contexts) == contexts, "the run's own context is closed"
        assert (browser.tabs, tab.url) == (tabs, f"{site.url}other")
    finally:
        await tab.close()
        await browser.context.inner.clear_cookies()


@pytest.mark.parametrize("kind", ["browser", "page", "context"])
async def test_what_was_opened_in_another_event_loop_is_refused(
    kind: str, site: Site, browser: Browser, users: BrowserContext, store: RunStore
) -> None:
    given = {"browser": browser, "page": await users.new_page(), "context": users}[kind]
    agent = Agent("Look", ScriptedModel([done()]), browser=given, start_url=site.url, store=store)
    with pytest.raises(ConfigError, match="await agent.run"):
        agent.run_sync()
    assert store.runs() == [], "nothing was begun"
    assert (await agent.run()).status == "done"


async def test_a_given_page_is_used_and_left_open(site: Site, users: BrowserContext, store: RunStore) -> None:
    other = await users.new_page()
    await other.goto(f"{site.url}other")
    page = await users.new_page()
    await page.goto(site.url)
    result = await Agent("Add", ScriptedModel([adding("a"), done()]), browser=page, store=store).run()
    assert (result.status, result.final_url, site.notes) == ("done", site.url, ["a"])
    assert not page.is_closed()
    assert await page.locator("li").all_text_contents() == ["a"], "the run worked in this page"
    assert users.pages == [other, page]
    assert await other.title() == "Other"


async def test_a_given_page_goes_to_the_start_page(site: Site, users: BrowserContext, store: RunStore) -> None:
    page = await users.new_page()
    agent = Agent("Add", ScriptedModel([adding("a"), done()]), browser=page, start_url=site.url, store=store)
    assert (await agent.run()).status == "done"
    assert (users.pages, page.url) == ([page], site.url)


async def test_a_given_context_is_used_and_left_open(site: Site, users: BrowserContext, store: RunStore) -> None:
    page = await users.new_page()
    await page.goto(f"{site.url}other")
    await users.add_cookies([{"name": "visitor", "value": "anna", "url": site.url}])
    model = ScriptedModel([adding("a"), done()])
    result = await Agent("Add", model, browser=users, start_url=site.url, store=store).run()
    assert (result.status, site.notes) == ("done", ["a"])
    assert "Welcome back" in model.prompts[0][-1].text, "the context's cookies are used"
    assert (users.pages[0], page.url) == (page, f"{site.url}other"), "the page that was open is untouched"
    assert len(users.pages) == 2
    assert not users.pages[1].is_closed()


async def test_a_given_context_with_a_page_is_taken_as_it_stands(
    site: Site, users: BrowserContext, store: RunStore
) -> None:
    page = await users.new_page()
    await page.goto(site.url)
    result = await Agent("Add", ScriptedModel([adding("a"), done()]), browser=users, store=store).run()
    assert (result.status, users.pages, site.notes) == ("done", [page], ["a"])


async def test_after_the_run_a_given_page_is_its_owners_again(
    site: Site, users: BrowserContext, store: RunStore, nothing_left: None
) -> None:
    page = await users.new_page()
    await page.goto(site.url)
    for note in ("a", "b"):
        result = await Agent("Add", ScriptedModel([adding(note), done()]), browser=page, store=store).run()
        assert result.status == "done"
    page.once("dialog", lambda dialog: dialog.accept("by hand"))
    assert await page.evaluate("prompt('who?')") == "by hand"
    async with page.expect_download() as waited:
        await page.evaluate(
            "Object.assign(document.createElement('a'), {href: 'data:text/plain,x', download: 'x.txt'}).click()"
        )
    download = await waited.value
    assert await download.failure() is None


async def test_a_playwright_browser_is_refused_with_advice(inner: PlaywrightBrowser) -> None:
    with pytest.raises(ConfigError, match="contexts or pages"):
        Agent("Look", ScriptedModel([]), browser=inner)  # pyright: ignore[reportArgumentType]


async def test_downloads_of_a_given_page_are_kept_with_the_run(
    site: Site, users: BrowserContext, store: RunStore
) -> None:
    site.pages["/files"] = '<!doctype html><a href="data:text/plain,hello" download="hello.txt">Get it</a>'
    page = await users.new_page()
    await page.goto(f"{site.url}files")
    model = ScriptedModel([{"click": {"ref": by_name("Get it")}}, done()])
    result = await Agent("Get it", model, browser=page, store=store).run()
    [file] = result.files
    assert (file.name, file.read_text()) == ("hello.txt", "hello")
