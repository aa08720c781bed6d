"""`webhand models`."""

import json
import os
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from webhand.cli.model_check import check

if TYPE_CHECKING:
    from rich.console import RenderableType

    from webhand.llm.catalog import ModelRow

PIPED = 120
"""Columns where the output is no terminal."""
WIDE = 100
"""Columns from which on abilities are told in words."""
LIST = "list"
ABILITIES = ("vision", "schema", "tools", "reasoning")


class _Listing(TyperGroup):
    """A group that lists where no command of its own is named: `webhand models groq`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [LIST, *args]
        return super().parse_args(ctx, args)


models = typer.Typer(
    name="models",
    cls=_Listing,
    help="List the vendors and models that are known, or check one: webhand models check NAME.",
    no_args_is_help=False,
)


@models.command(LIST)
def listing(
    vendor: Annotated[str | None, typer.Argument(help="One vendor only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """List vendors, whether their key is set, and the models that are known. Others can be used too."""
    from webhand.llm.catalog import provider_row, providers
    from webhand.llm.prices import prices_file

    names = sorted(providers()) if vendor is None else [provider_row(vendor).name]
    told = [_vendor(name) for name in names]
    if as_json:
        typer.echo(json.dumps({"vendors": told}, indent=2))
        return
    from rich.console import Console

    console = Console(highlight=False, width=None if os.environ.get("COLUMNS") or os.isatty(1) else PIPED)
    wide = console.width >= WIDE
    for one in told:
        console.print(_shown(one, wide))
    if not wide:
        console.print("V sees pictures, S holds to a schema, T uses tools, R thinks", style="dim")
    console.print("in, out: US$ per million tokens; your own prices go into", style="dim")
    console.print(str(prices_file()), style="dim", soft_wrap=True)


models.command("check")(check)


def _vendor(name: str) -> dict[str, Any]:
    """A vendor as plain values; of a key only whether it is there. `profile` is what stands for one at AWS."""
    from webhand.llm.catalog import model_names, model_row, needs_key, provider_row
    from webhand.llm.providers.aws_profile import aws_profile
    from webhand.settings import KEY_VARIABLES

    row = provider_row(name)
    variables = KEY_VARIABLES.get(name) or ((row.api_key_env,) if row.api_key_env else ())
    return {
        "name": name,
        "docs": row.docs,
        "base_url": row.base_url,
        "key_needed": needs_key(name),
        "keys": {variable: bool(os.environ.get(variable, "").strip()) for variable in variables},
        "profile": aws_profile() if name == "bedrock" else None,
        "models": [{"name": f"{name}/{one}"} | _model(model_row(name, one)) for one in model_names(name)],
    }


def _model(row: "ModelRow") -> dict[str, Any]:
    can = row.abilities
    prices = row.prices
    return {
        "vision": can.vision,
        "schema": can.schema,
        "tools": can.tools,
        "reasoning": can.reasoning,
        "context": can.context,
        "retired": row.retired or (row.ends is not None and row.ends <= date.today()),
        "ends": row.ends and row.ends.isoformat(),
        "prices": prices
        and {
            key: None if (value := getattr(prices, key)) is None else float(value)
            for key in ("input", "cached", "output")
        }
        | {"taken": prices.taken and prices.taken.isoformat()},
    }


def _shown(vendor: dict[str, Any], wide: bool) -> "RenderableType":
    """A vendor with its models; the abilities are words where there is room, else letters in one column."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    docs = f"  {vendor['docs']}" if wide else ""
    heading = Text.assemble((vendor["name"], "bold cyan"), "  ", _key(vendor), (docs, "dim"))
    if not vendor["models"]:
        return Group(heading, Text("any model that the server has\n", "dim"))
    table = Table(box=None, padding=(0, 2 if wide else 1, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("model", overflow="fold")
    for name in ("sees", "schema", "tools", "thinks") if wide else ("can",):
        table.add_column(name, no_wrap=True)
    for name in ("context", "in", "out"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for model in vendor["models"]:
        can: list[bool] = [model[ability] for ability in ABILITIES]
        price: dict[str, Any] = model["prices"] or {}
        table.add_row(
            model["name"].removeprefix(f"{vendor['name']}/"),
            *(("yes" if one else "-" for one in can) if wide else [_letters(can)]),
            _short(model["context"]),
            _money(price.get("input")),
            _money(price.get("output")),
            "retired" if model["retired"] else f"until {model['ends']}" if model["ends"] else "",
            style="dim" if model["retired"] else "",
        )
    return Group(heading, table, "")


def _letters(can: Sequence[bool]) -> str:
    return "".join(letter if one else "-" for letter, one in zip("VSTR", can, strict=True))


def _key(vendor: dict[str, Any]) -> tuple[str, str]:
    present = [variable for variable, there in vendor["keys"].items() if there]
    if present:
        return f"key in {present[0]}", "green"
    if vendor["profile"]:
        return f"key in the AWS profile {vendor['profile']}", "green"
    if not vendor["key_needed"]:
        return "needs no key", "green"
    return f"no key: set {' or '.join(vendor['keys'])}", "yellow"


def _short(tokens: int) -> str:
    return f"{tokens / 1_000_000:.3g}M" if tokens >= 1_000_000 else f"{tokens // 1000}k"


def _money(price: float | None) -> str:
    return "?" if price is None else f"{Decimal(str(price)).normalize():f}"
