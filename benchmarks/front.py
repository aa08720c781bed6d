"""Counts what stands in front of every prompt: the rules and the schema of the answer, for each dialect of schemas.

    WEBHAND_BENCH=folder python -m benchmarks.front

`WEBHAND_BENCH` is the folder of compare.py, whose tokenizer (o200k) counts. At most 3,000 together, 2,000 is the goal.
"""

import json

from benchmarks.page.bench import Bench
from webhand import AgentConfig, Controller
from webhand.agent import prompt
from webhand.agent.decision import answer_model
from webhand.llm import compile_schema


def main() -> None:
    """Print a line for each dialect."""
    controller, config = Controller().without_people(), AgentConfig()
    model = answer_model(controller, config)
    rules = prompt.rules(controller, config).text
    for dialect in ("openai_strict", "anthropic", "gemini"):
        schema = json.dumps(compile_schema(model, dialect), separators=(",", ":"))
        first, second = Bench().tokens([rules, schema])
        print(f"{dialect:14} rules {first:,} schema {second:,} together {first + second:,} tokens")


if __name__ == "__main__":
    main()
