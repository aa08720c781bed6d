"""`webhand demo`."""

import typer

from webhand.cli.options import ApiKeyEnv, BaseUrl, Headed, ModelName, chosen_model, kept_runs

SLOWLY = 0.25
"""Seconds before each input where somebody watches the window."""


def demo(
    model: ModelName = None, headed: Headed = False, base_url: BaseUrl = None, api_key_env: ApiKeyEnv = None
) -> None:
    """Watch an agent buy boots in a small shop on this machine; needs no key and no network.

    Exits with 0 only if the shop has the order that the agent tells of.
    """
    from webhand.agent import Agent
    from webhand.browser import BrowserConfig
    from webhand.cli.codes import DONE, FAILED
    from webhand.cli.terminal import lines
    from webhand.cli.work import Work
    from webhand.llm.catalog import OFFLINE
    from webhand.testing.shop import DEMO_TASK, DemoShop

    chosen = chosen_model(model or OFFLINE, base_url, api_key_env, None)
    browser = BrowserConfig(headless=not headed, slow_mo=SLOWLY if headed else 0.0)
    with DemoShop() as shop, kept_runs() as store:
        typer.echo(f"a shop is open at {shop.url}; the agent is to buy a pair of boots")
        work = Work(
            lambda sink: Agent(DEMO_TASK, chosen, browser=browser, start_url=shop.url, store=store, on_event=sink),
            chosen,
            store,
            quiet=False,
            err=False,
        )
        outcome = work.outcome()
        orders = shop.orders
    answer = (outcome.result and outcome.result.answer) or ""
    if answer:
        typer.echo(f"answer: {lines(answer)}")
    if outcome.told is not None:
        typer.echo(outcome.told, err=True)
    code = outcome.code
    order = next((order for order in orders if order.number in answer), None)
    if order is not None:
        bought = ", ".join(f"{line.quantity} x {line.name}, {line.size}, {line.colour}" for line in order.lines)
        typer.echo(f"the shop has order {order.number}: {bought}, {order.total} pounds, to {order.address.city}")
    elif code == DONE:
        typer.echo("error: the shop has no order of this number", err=True)
        code = FAILED
    if outcome.page is not None:
        typer.echo(f"the run as a page: {outcome.page}")
    raise typer.Exit(code)
