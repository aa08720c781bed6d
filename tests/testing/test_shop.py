"""The demo shop in a real browser: the way to an order, and everything that can go wrong on it."""

import re
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Protocol, cast

import pytest
from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import Locator, Page, expect

from webhand.browser import Browser
from webhand.llm.instructions import Instruction, parse
from webhand.testing import DemoShop
from webhand.testing.shop import DEMO_TASK

ADDRESS = {
    "Full name": "Anna Berg",
    "E-mail": "anna@example.com",
    "Street and number": "Mill Lane 3",
    "Post code": "3511 AB",
    "City": "Utrecht",
}


class Session(Protocol):
    """The part of Playwright's protocol session that is used, with types."""

    async def send(self, method: str) -> dict[str, object]: ...


@pytest.fixture
def chromium(browser: Browser) -> PlaywrightBrowser:
    """The browser of all tests as Playwright knows it: what the shop is does not hang on ours."""
    assert browser.context.inner.browser
    return browser.context.inner.browser


@pytest.fixture
def shop() -> Iterator[DemoShop]:
    with DemoShop() as shop:
        yield shop


@pytest.fixture
async def page(chromium: PlaywrightBrowser, shop: DemoShop) -> AsyncIterator[Page]:
    """A page on the shop; a script that fails or a request to anywhere else fails the test."""
    context = await chromium.new_context(base_url=shop.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    page = await context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("request", lambda asked: failures.append(asked.url) if not asked.url.startswith(shop.url) else None)
    yield page
    await context.close()
    assert failures == []


async def sign_in(page: Page, password: str = "boots-and-tea") -> None:
    await page.get_by_label("User name").fill("anna")
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def put_into_cart(page: Page, slug: str, size: str, colour: str, quantity: int = 1) -> None:
    await page.goto(f"/product/{slug}")
    await page.get_by_label("Size").select_option(size)
    await page.get_by_label(colour, exact=True).check()
    await page.get_by_label("Quantity").fill(str(quantity))
    await page.get_by_role("button", name="Add to cart").click()
    await expect(page.get_by_role("dialog", name="Your cart")).to_be_visible()


def named(page: Page, instruction: Instruction) -> Locator:
    """The control of exactly this accessible name, of a role that the instruction fits."""
    name = instruction.target
    if instruction.verb == "click":
        return page.get_by_role("link", name=name, exact=True).or_(page.get_by_role("button", name=name, exact=True))
    if instruction.verb == "check":
        return page.get_by_role("checkbox", name=name, exact=True).or_(page.get_by_role("radio", name=name, exact=True))
    return page.get_by_label(name, exact=True)


async def follow(page: Page, instruction: Instruction) -> None:
    match instruction.verb:
        case "press":
            await page.keyboard.press(instruction.value)
        case "wait":
            await page.get_by_text(instruction.value).wait_for()
        case "click":
            await named(page, instruction).click()
        case "type":
            await named(page, instruction).fill(instruction.value)
        case "select":
            await named(page, instruction).select_option(label=instruction.value)
        case "check":
            await named(page, instruction).check()
        case other:
            pytest.fail(f"the demo task has an instruction that is not understood: {other} {instruction.source}")


async def test_demo_task_leads_to_an_order(page: Page, shop: DemoShop) -> None:
    *steps, last = parse(DEMO_TASK)
    await page.goto("/")
    for step in steps:
        await follow(page, step)
    assert last.verb == "tell"
    assert len(steps) >= 10
    await expect(page).to_have_url(f"{shop.url}/order/WH-10001")
    await expect(page.get_by_text("Order number: WH-10001")).to_be_visible()
    await expect(page.get_by_text("£138.50")).to_be_visible()
    (order,) = shop.orders
    assert (order.number, order.customer, order.total) == ("WH-10001", "anna", Decimal("138.50"))
    assert [(line.name, line.size, line.colour, line.quantity) for line in order.lines] == [
        ("Ridge Walker Boots", "42", "Forest green", 1)
    ]
    assert order.address.city == "Utrecht"
    assert order.address.country == "Netherlands"


async def test_wrong_password_is_told_and_the_name_stays(page: Page) -> None:
    await page.goto("/sign-in")
    await sign_in(page, "boots-and-coffee")
    await expect(page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
    await expect(page.get_by_label("User name")).to_have_value("anna")
    await expect(page.get_by_label("Password")).to_have_value("")


async def test_checkout_asks_for_sign_in_comes_back_and_keeps_the_cart(page: Page, shop: DemoShop) -> None:
    await put_into_cart(page, "tin-mug", "Small", "Plum", quantity=3)
    await page.get_by_role("link", name="Checkout").click()
    await expect(page).to_have_url(f"{shop.url}/sign-in?next=%2Fcheckout")
    await sign_in(page)
    await expect(page).to_have_url(f"{shop.url}/checkout")
    await expect(page.get_by_role("complementary", name="Your order")).to_contain_text("3 × Small, Plum")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    await expect(page.get_by_role("button", name="Cart (0)")).to_be_visible()


async def test_checkout_shows_every_mistake_beside_its_field_and_keeps_the_rest(page: Page, shop: DemoShop) -> None:
    await page.goto("/sign-in")
    await sign_in(page)
    await put_into_cart(page, "tin-mug", "Small", "Plum")
    await page.get_by_role("link", name="Checkout").click()
    await page.get_by_label("Full name").fill('Anna "Boots" <Berg>')
    await page.get_by_label("E-mail").fill("anna at home")
    await page.get_by_label("Country").select_option("Norway")
    await page.get_by_role("button", name="Place order").click()
    alert = page.get_by_role("alert")
    await expect(alert.get_by_role("link")).to_have_count(6)
    await expect(page.get_by_label("Full name")).to_have_value('Anna "Boots" <Berg>')
    await expect(page.get_by_label("Full name")).not_to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("Country")).to_have_value("Norway")
    email = page.get_by_label("E-mail")
    await expect(email).to_have_attribute("aria-invalid", "true")
    await expect(email).to_have_accessible_description("Enter an e-mail address like name@example.com.")
    await expect(page.get_by_label("I accept the terms of sale")).to_have_attribute("aria-invalid", "true")
    assert shop.orders == ()

    for label, text in ADDRESS.items():
        await page.get_by_label(label).fill(text)
    await page.get_by_label("Collect from the shop").check()
    await page.get_by_label("I accept the terms of sale").check()
    await page.get_by_role("button", name="Place order").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert [order.total for order in shop.orders] == [Decimal("9.50")]


async def test_missing_options_are_told_beside_them(page: Page) -> None:
    await page.goto("/product/tin-mug")
    await page.get_by_label("Quantity").fill("500")
    await page.get_by_role("button", name="Add to cart").click()
    size = page.get_by_label("Size")
    await expect(size).to_have_accessible_description("Choose a size.")
    await expect(size).to_be_focused()
    await expect(page.get_by_text("Choose a colour.")).to_be_visible()
    await expect(page.get_by_text(re.compile("Enter a number from 1 to"))).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("button", name="Cart (0)")).to_be_visible()


async def test_cart_drawer_counts_up_and_removes(page: Page, shop: DemoShop) -> None:
    await put_into_cart(page, "tin-mug", "Small", "Plum")
    await page.get_by_role("button", name="Close cart").click()
    await put_into_cart(page, "tin-mug", "Small", "Plum", quantity=2)
    await page.get_by_role("button", name="Close cart").click()
    await put_into_cart(page, "paper-lamp", "Medium", "Plum")
    await expect(page).to_have_url(f"{shop.url}/product/paper-lamp")
    drawer = page.get_by_role("dialog", name="Your cart")
    await expect(drawer.get_by_role("listitem")).to_have_count(2)
    await expect(drawer).to_contain_text("3 × Small, Plum")
    await expect(drawer).to_contain_text("£61.50")
    await drawer.get_by_role("button", name="Remove Tin Mug (Small, Plum)").click()
    await expect(drawer.get_by_role("listitem")).to_have_count(1)
    await expect(drawer).to_contain_text("£33.00")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Cart (1)")).to_be_visible()


async def test_product_out_of_stock_cannot_be_bought(page: Page) -> None:
    await page.goto("/product/harbour-boots")
    await expect(page.get_by_role("button", name="Out of stock")).to_be_disabled()


async def test_suggestions_work_by_keyboard(page: Page, shop: DemoShop) -> None:
    await page.goto("/")
    box = page.get_by_role("combobox", name="Search the shop")
    await box.press_sequentially("ket")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(options).to_have_count(6)
    await expect(box).to_have_attribute("aria-expanded", "true")
    await box.press("ArrowDown")
    await box.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await expect(box).to_have_attribute("aria-activedescendant", "suggestion-1")
    await box.press("Escape")
    await expect(options).to_have_count(0)
    await expect(box).to_have_attribute("aria-expanded", "false")
    await box.fill("heron")
    await expect(options).to_have_text([re.compile("Heron Tent")])
    await box.press("ArrowDown")
    await box.press("Enter")
    await expect(page).to_have_url(f"{shop.url}/product/heron-tent")


async def test_suggestion_can_be_clicked(page: Page, shop: DemoShop) -> None:
    await page.goto("/")
    await page.get_by_label("Search the shop").press_sequentially("spar")
    await page.get_by_role("option", name="Sparrow Rucksack").click()
    await expect(page).to_have_url(f"{shop.url}/product/sparrow-rucksack")


async def test_list_has_pages_that_keep_the_filters(page: Page) -> None:
    await page.goto("/search")
    products = page.get_by_role("region", name="Products").get_by_role("heading", level=3)
    await expect(page.get_by_text("60 products, page 1 of 5")).to_be_visible()
    await expect(products).to_have_count(12)
    await page.get_by_label("Boots", exact=True).check()
    await page.get_by_label("Mugs", exact=True).check()
    await page.get_by_label("Sort by").select_option("Price low to high")
    await page.get_by_role("button", name="Apply filters").click()
    await expect(page.get_by_text("20 products, page 1 of 2")).to_be_visible()
    await expect(products.first).to_have_text("Tin Mug")
    await page.get_by_role("link", name="Next page").click()
    await expect(page.get_by_role("link", name="Page 2")).to_have_attribute("aria-current", "page")
    await expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    await expect(page.get_by_label("Boots", exact=True)).to_be_checked()
    await expect(products).to_have_count(8)
    await expect(products.last).to_have_text("Glacier Boots")


async def test_list_filters_by_price_and_stock(page: Page) -> None:
    await page.goto("/search?q=boots")
    await expect(page.get_by_text("10 products")).to_be_visible()
    await expect(page.get_by_role("link", name="Harbour Boots")).to_be_visible()
    await page.get_by_label("Highest price").fill("100")
    await page.get_by_label("In stock only").check()
    await page.get_by_role("button", name="Apply filters").click()
    await expect(page.get_by_role("heading", level=3)).to_have_text(["Orchard Boots", "Meadow Boots", "Ferry Boots"])
    await page.goto("/search?q=submarine")
    await expect(page.get_by_text("0 products")).to_be_visible()


async def test_delivery_calculator_answers_inside_its_frame(page: Page) -> None:
    await page.goto("/delivery")
    frame = page.frame_locator("iframe[title='Delivery calculator']")
    await frame.get_by_role("button", name="Calculate").click()
    await expect(frame.get_by_role("status")).to_have_text("Enter a post code of 3 to 10 letters and digits.")
    await frame.get_by_label("Post code").fill("3511 ab")
    await frame.get_by_role("button", name="Calculate").click()
    await expect(frame.get_by_role("status")).to_have_text(re.compile(r"^To 3511 AB: \d working days, £4\.50\.$"))


async def test_reviews_are_web_components(page: Page) -> None:
    await page.goto("/reviews")
    await page.get_by_role("radio", name="4 of 5 stars").click()
    await expect(page.get_by_role("radio", name="4 of 5 stars")).to_have_attribute("aria-checked", "true")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_text("You gave 5 of 5 stars.")).to_be_visible()
    helpful = page.get_by_role("button", name="Helpful: review by Ida")
    await helpful.click()
    await expect(helpful).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_text("13 people say so")).to_be_visible()


async def test_closed_shadow_root_takes_an_address(page: Page) -> None:
    await page.goto("/reviews")
    box = page.locator("letter-box")
    assert await box.evaluate("host => host.shadowRoot") is None
    await box.click(position={"x": 40, "y": 50})
    await page.keyboard.type("anna@example.com")
    await page.keyboard.press("Enter")
    assert await page.get_by_text("anna@example.com").count() == 0
    session = cast(Session, await page.context.new_cdp_session(page))
    assert "The next letter goes to anna@example.com." in str(await session.send("Accessibility.getFullAXTree"))


@pytest.mark.parametrize("path", ["/", "/search", "/product/tin-mug", "/sign-in", "/delivery", "/reviews", "/nowhere"])
async def test_page_fits_a_phone_and_names_everything(chromium: PlaywrightBrowser, shop: DemoShop, path: str) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await page.goto(shop.url + path)
    assert await page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert await page.title()
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)
    for control in await page.locator("a, button, input:not([type=hidden]), select").all():
        if await control.is_visible():
            await expect(control).to_have_accessible_name(re.compile(r"\S"))
    await context.close()


async def test_two_shops_in_one_browser_do_not_mix(page: Page) -> None:
    await page.goto("/sign-in")
    await sign_in(page)
    async with DemoShop() as other:
        await page.context.request.get(other.url + "/")
        await page.goto("/")
        await expect(page.get_by_text("Hello anna")).to_be_visible()
        assert other.orders == ()
