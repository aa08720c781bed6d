"""`webhand resume`."""

from typing import Annotated, Any

import typer

from webhand.cli.options import (
    ApiKeyEnv,
    Approves,
    AsJson,
    Ask,
    BaseUrl,
    Extra,
    Headed,
    MaxSteps,
    ModelName,
    ModelTimeout,
    Secrets,
    Vision,
    chosen_model,
    kept_runs,
    limits,
)


def resume(
    run: Annotated[
        str, typer.Argument(metavar="[RUN]", help="The run's id, a unique beginning of it, or `last`.")
    ] = "last",
    model: ModelName = None,
    headed: Headed = False,
    max_steps: MaxSteps = None,
    vision: Vision = None,
    extra: Extra = None,
    secret: Secrets = None,
    ask: Ask = None,
    approve: Approves = False,
    base_url: BaseUrl = None,
    api_key_env: ApiKeyEnv = None,
    model_timeout: ModelTimeout = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was stopped or interrupted, or that reached a limit.

    What is not given is as it was. Steps and exit codes are those of `webhand run`.
    """
    from webhand.agent import Agent
    from webhand.browser import BrowserConfig
    from webhand.cli.people import again, somebody
    from webhand.cli.secret import read_secrets
    from webhand.cli.work import Work, finish

    secrets = read_secrets(secret or ()) or None
    with kept_runs() as store:
        run_id = store.find(run).id
        begun = store.events(run_id)[0].data
        way: dict[str, Any] = begun.get("way", {}) if model in (None, begun["model"]) else {}
        chosen = chosen_model(model or str(begun["model"]), base_url, api_key_env, model_timeout, way)
        person = somebody(ask, as_json=as_json)
        config, window = again(begun, limits(max_steps, vision, extra), person, approve=approve)
        browser = BrowserConfig(headless=not (headed or window))
        work = Work(
            lambda sink: Agent[Any].resuming(
                run_id, chosen, browser=browser, secrets=secrets, config=config, store=store, on_event=sink
            ),
            chosen,
            store,
            quiet=as_json,
            person=person,
        )
        outcome = work.outcome()
    finish(outcome, as_json=as_json)
