"""The command line: its commands, its options for all of them, and its exit codes."""

import signal
import sys
import traceback
import warnings
from importlib.metadata import version
from io import TextIOWrapper
from types import FrameType
from typing import Annotated, NoReturn, cast

import typer

from webhand.cli.codes import DONE, FAILED, INTERRUPTED, TERMINATED, USAGE, exit_code
from webhand.cli.demo import demo
from webhand.cli.doctor import doctor
from webhand.cli.install import install
from webhand.cli.models import models
from webhand.cli.resume import resume
from webhand.cli.run import run as run_task
from webhand.cli.runs import runs
from webhand.cli.snapshot import snapshot
from webhand.cli.state import state
from webhand.errors import WebhandError

app = typer.Typer(
    name="webhand",
    help="Gives a language model a hand on the web.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# One file per command, each a plain function of the same name that imports what it needs when it is called. The help
# lists them in this order.
app.command("run")(run_task)
app.command()(resume)
app.command()(runs)
app.command()(snapshot)
app.add_typer(state)
app.add_typer(models)
app.command()(demo)
app.command()(install)
app.command()(doctor)


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
    # Read by main, which takes it out of the arguments wherever it stands; here for the help.
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Give a language model a hand on the web."""
    if show_version:
        typer.echo(f"webhand {version('webhand')}")
        raise typer.Exit(DONE)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(USAGE)


def main() -> NoReturn:
    """Runs the command that the process was started with and exits with its code."""
    signal.signal(signal.SIGTERM, _terminated)
    warnings.showwarning = _warned
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a sign of a page that the terminal does not know is no error
            stream.reconfigure(errors="replace")
    arguments = sys.argv[1:]
    debug = _take_debug(arguments)
    sys.exit(run(arguments, debug=debug))


def run(arguments: list[str], *, debug: bool = False, commands: typer.Typer = app) -> int:
    """The exit code of the one of `commands` that is named in `arguments`.

    An error becomes one line on stderr, with `debug` its traceback before it.
    """
    try:
        code: object = commands(args=arguments, prog_name="webhand", standalone_mode=False)
    except KeyboardInterrupt:
        return INTERRUPTED
    # The border of the command line: whatever went wrong is told in one line, and no traceback is shown unasked.
    except Exception as error:
        if debug:
            traceback.print_exc()
        told, code = _told(_cause(error))
        typer.echo(f"error: {told}", err=True)
    return code if isinstance(code, int) else DONE


def _told(error: Exception) -> tuple[str, int]:
    match error:
        case WebhandError():
            return _one_line(error), exit_code(error)
        case typer.TyperException():
            return f"{_one_line(error.format_message())} (webhand --help lists what there is)", error.exit_code
        case typer.Abort():
            return "aborted", FAILED
        case _:
            what = f"{type(error).__name__}: {_one_line(error)}".removesuffix(": ")
            return f"{what}. This is a bug in webhand; --debug shows where", FAILED


def _cause(error: Exception) -> Exception:
    """The one error inside a group of one, as a task group raises it."""
    group: object = error
    if isinstance(group, ExceptionGroup):
        inside = cast("ExceptionGroup[Exception]", group).exceptions
        return _cause(inside[0]) if len(inside) == 1 else error
    return error


def _one_line(text: object) -> str:
    return " ".join(line.strip() for line in str(text).splitlines() if line.strip())


def _take_debug(arguments: list[str]) -> bool:
    """Takes `--debug` out of the options; what comes after `--` is no option."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    given = arguments[:end].count("--debug")
    arguments[:end] = [argument for argument in arguments[:end] if argument != "--debug"]
    return given > 0


def _warned(message: Warning | str, *_: object, **__: object) -> None:
    typer.echo(f"warning: {_one_line(message)}", err=True)


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    """Ends the process by an exception, so that what is open is closed."""
    raise SystemExit(TERMINATED)
