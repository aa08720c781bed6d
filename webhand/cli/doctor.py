"""`webhand doctor`."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from webhand.cli.checks import Finding

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}
UNFIT = 2


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Check that this machine has what webhand needs; exits with 2 when something essential is missing."""
    from webhand.cli.checks import examine

    findings = list(examine()) if as_json else _shown(examine())
    fit = all(finding.state != "fail" for finding in findings)
    if as_json:
        typer.echo(json.dumps({"ok": fit, "checks": [asdict(finding) for finding in findings]}, indent=2))
    raise typer.Exit(0 if fit else UNFIT)


def _shown(findings: "Iterable[Finding]") -> "list[Finding]":
    """The findings, each printed as soon as it is known."""
    seen: list[Finding] = []
    for finding in findings:
        seen.append(finding)
        mark = typer.style(f"{finding.state:<4}", fg=COLOURS[finding.state], bold=finding.state != "ok")
        typer.echo(f"{mark}  {finding.what:<10}  {finding.found}")
        if finding.advice:
            typer.echo(f"{'':<18}-> {finding.advice}")
    return seen
