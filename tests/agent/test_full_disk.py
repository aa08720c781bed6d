"""A disk that is full in the middle of a run: the run ends with an error that says so, and goes on with room again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.conftest import Site

RUN = """
import asyncio, resource, signal, sys
from pathlib import Path
from webhand import Agent, AgentConfig, RunStore
from webhand.errors import StoreError
from webhand.llm.scripted import ScriptedModel

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder, url = Path(sys.argv[1]), sys.argv[2]

def fill(step):
    most = max(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if step.number == 2 else -1, -1))

async def main():
    config = AgentConfig(after_step=fill)
    with RunStore(folder) as store:
        try:
            await Agent("Look", ScriptedModel([{"reload": {}}] * 9), start_url=url, store=store, config=config).run()
        except StoreError as error:
            print(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
        print(store.find("last").status)
        model = ScriptedModel([{"done": {"answer": "looked"}}])
        result = await Agent.resume("last", model, store=store, config=config)
        print(result.status, result.answer, [step.number for step in result.steps])

asyncio.run(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="needs RLIMIT_FSIZE")
def test_a_disk_that_is_full(tmp_path: Path, site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path), site.url], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    error, status, result = done.stdout.splitlines()
    assert error.endswith("set WEBHAND_HOME to a folder that can be written and has space left.")
    assert status == "stopped"
    assert result == "done looked [1, 2, 3]"
