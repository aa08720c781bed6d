"""A vendor's SDK, loaded when a model is made."""

import gc
import sys
from importlib import import_module

from webhand.errors import MissingExtra


def load_sdk(sdk: str, extra: str | None) -> None:
    """Import the SDK when the model is made: the first call should not stand still for it."""
    known = sdk in sys.modules
    try:
        import_module(sdk)
    except ImportError as error:
        what = sdk if extra is None else f'"webhand[{extra}]"'
        raise MissingExtra(f"The package {sdk} is needed for this model: pip install {what}") from error
    if not known:
        # An SDK is a hundred thousand objects: the collector would go through them amid the first calls instead.
        gc.collect()
