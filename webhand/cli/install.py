"""`webhand install`."""

import typer


def install() -> None:
    """Install a Chromium where there is none; prints its path."""
    from webhand.browser.install import install as install_browser

    typer.echo(install_browser(lambda line: typer.echo(line, err=True)))
