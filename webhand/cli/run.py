"""`webhand run`."""

from typing import Annotated

import typer

from webhand.cli.options import (
    Allow,
    ApiKeyEnv,
    Approves,
    AsJson,
    Ask,
    BaseUrl,
    Extra,
    Files,
    Headed,
    MaxSteps,
    ModelName,
    ModelTimeout,
    PauseOn,
    Secrets,
    StateName,
    Vision,
    browser_config,
    chosen_model,
    kept_runs,
    limits,
    state_file,
)


def run(
    task: Annotated[str, typer.Argument(help="What is to be done, in plain words.")],
    url: Annotated[str | None, typer.Option(metavar="URL", help="The page to begin on.")] = None,
    model: ModelName = None,
    headed: Headed = False,
    state: StateName = None,
    allow: Allow = None,
    keep_open: Annotated[bool, typer.Option("--keep-open", help="Leave the browser open and say where it is.")] = False,
    max_steps: MaxSteps = None,
    vision: Vision = None,
    extra: Extra = None,
    file: Files = None,
    secret: Secrets = None,
    ask: Ask = None,
    approve: Approves = False,
    pause_on: PauseOn = None,
    base_url: BaseUrl = None,
    api_key_env: ApiKeyEnv = None,
    model_timeout: ModelTimeout = None,
    as_json: AsJson = False,
) -> None:
    """Carry out a task: the steps on stderr, the answer on stdout.

    Exits with 0 when it was done, 1 when not, 2 when the set-up is wrong, 3 when a limit was reached, 4 when the
    model's vendor failed.
    """
    from webhand.errors import ConfigError

    if not task.strip():
        raise ConfigError("the task is empty; say in a sentence what is to be done")

    from webhand.agent import Agent, AgentConfig
    from webhand.cli.people import somebody, with_people
    from webhand.cli.secret import read_secrets
    from webhand.cli.work import Work, finish

    person = somebody(ask, as_json=as_json)
    people = with_people(person, approve=approve, pause_on=pause_on or (), headed=headed)
    chosen = chosen_model(model, base_url, api_key_env, model_timeout)
    secrets = read_secrets(secret or ())
    config = AgentConfig.model_validate(limits(max_steps, vision, extra) | people)
    browser = browser_config(allow, headless=not headed, keep_open=keep_open, storage_state=state_file(state))
    with kept_runs() as store:
        work = Work(
            lambda sink: Agent(
                task,
                chosen,
                browser=browser,
                start_url=url,
                files=file or (),
                secrets=secrets,
                config=config,
                store=store,
                on_event=sink,
            ),
            chosen,
            store,
            quiet=as_json,
            person=person,
        )
        outcome = work.outcome()
    finish(outcome, as_json=as_json)
