"""`webhand runs`."""

from typing import Annotated

import typer

TASK = 60
"""Characters of a task that are shown."""


def runs(
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="So many at most, the newest first.")] = 20,
) -> None:
    """List the runs: id, how it ended, steps, when it began, task."""
    from webhand.cli.options import kept_runs
    from webhand.cli.terminal import one_line

    with kept_runs() as store:
        listed = store.runs(limit=limit)
    for run in listed:
        task = one_line(run.task)
        shown = task if len(task) <= TASK else f"{task[:TASK]}…"
        began = run.started.astimezone()
        typer.echo(f"{run.id}  {run.status:<7}  {run.steps:>3} steps  {began:%Y-%m-%d %H:%M}  {shown}")
    if not listed:
        typer.echo("there are no runs yet", err=True)
