"""Pages of any lines against budgets of any size, as the test does, with more examples and new ones each time.

    python benchmarks/page_text.py [--examples 2000]

Says nothing where all hold; else it shows the smallest page that does not and fails.
"""

import argparse

from hypothesis import settings

from tests.browser.test_render import test_the_budget_holds_and_nothing_is_lost_in_silence as holds


def main() -> None:
    """Read the arguments and try."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=2000)
    settings(max_examples=parser.parse_args().examples, deadline=None, derandomize=False, database=None)(holds)()


if __name__ == "__main__":
    main()
