"""Libraries of native code, called in a process of their own: a file that crashes one must not end this program."""

import atexit
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Timer
from typing import Any

from pipelines.errors import LactoscopeError
from pipelines.settings import load_settings

_PROGRAM = Path(__file__).with_name("native_process.py")


class NativeError(LactoscopeError):
    """The library refused, crashed or did not end; the text is the name of its error."""


class _Crash(Exception):
    """The process ended instead of answering."""


class _Process:
    """A process that answers one call after the other; it lives until it crashes or is too slow."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, call: bytes, seconds: float) -> tuple[bool, Any]:
        """Whether a pickled call went well, and its value or the name of its error. Raises _Crash and TimeoutError."""
        assert self._process.stdin is not None and self._process.stdout is not None
        late = Event()
        alarm = Timer(seconds, self._stop, [late])
        alarm.start()
        try:
            self._process.stdin.write(call)
            self._process.stdin.flush()
            return pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            raise (TimeoutError if late.is_set() else _Crash) from None
        finally:
            alarm.cancel()

    def _stop(self, late: Event) -> None:
        late.set()
        self._process.kill()

    def end(self) -> None:
        """Let the process go, whatever it does just now."""
        self._process.kill()
        self._process.communicate()


_lock = Lock()
_living: list[_Process] = []


def call(seconds: float, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What `function` returns, computed in another process; all values must be picklable.

    One process serves all calls, because to start one takes longer than to read a file; a crash ends it, and the next
    call has a new one. Raises NativeError when the function raises, when the process dies, and when it takes longer
    than these seconds.
    """
    with _lock:
        went_well, answer = _answer(function, pickle.dumps((function, arguments, options)), seconds)
    if not went_well:
        raise NativeError(answer)
    return answer


def _answer(function: Callable[..., Any], asked: bytes, seconds: float) -> tuple[bool, Any]:
    is_new = not _living
    try:
        if is_new:
            _living.append(_Process())
            # Its library is loaded before the time of the file begins.
            loaded = pickle.dumps((callable, (function,), {}))
            _living[0].ask(loaded, load_settings()["readers.native_start_seconds"])
        return _living[0].ask(asked, seconds)
    except TimeoutError:
        _let_go()
        return False, "no end"
    except _Crash:
        _let_go()
        # What an earlier file left behind must not count against this one.
        return (False, "crash") if is_new else _answer(function, asked, seconds)


def _let_go() -> None:
    while _living:
        _living.pop().end()


atexit.register(_let_go)
