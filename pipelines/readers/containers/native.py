"""Libraries of native code, called in a process of their own: a file that crashes one must not end this program."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from pipelines.errors import LactoscopeError
from pipelines.settings import load_settings

_CHILD = (
    "import pickle, sys; function, arguments, options = pickle.load(sys.stdin.buffer); "
    "pickle.dump(function(*arguments, **options), sys.stdout.buffer)"
)


class NativeError(LactoscopeError):
    """The library refused, crashed or did not end; the text is the name of its error."""


def call(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What `function` returns, computed in a process of its own; all values must be picklable.

    Raises NativeError when the function raises, when the process dies, and when it takes longer than any file may.
    """
    asked = pickle.dumps((function, arguments, options))
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _CHILD],
            input=asked,
            capture_output=True,
            timeout=load_settings()["readers.native_seconds"],
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NativeError("no end") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").splitlines() if done.returncode > 0 else []
        raise NativeError(lines[-1].split(":")[0].rsplit(".", 1)[-1] if lines else "crash")
    return pickle.loads(done.stdout)
