"""A native library that crashes, hangs or refuses ends in an error here, not in the end of the program."""

import signal
import time

import pytest

from pipelines.readers.containers import native
from pipelines.readers.containers.native import NativeError


def test_what_the_function_returns_comes_back():
    assert native.call(divmod, 7, 2) == (3, 1)


def test_an_error_is_named():
    with pytest.raises(NativeError, match=r"^ZeroDivisionError$"):
        native.call(divmod, 1, 0)


def test_a_crash_of_the_process_is_an_error_here():
    with pytest.raises(NativeError, match=r"^crash$"):
        native.call(signal.raise_signal, signal.SIGSEGV)


def test_what_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(native, "load_settings", lambda: {"readers.native_seconds": 0.5})
    with pytest.raises(NativeError, match=r"^no end$"):
        native.call(time.sleep, 60)
