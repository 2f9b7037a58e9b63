"""A native library that crashes, hangs or refuses ends in an error here, not in the end of the program."""

import builtins
import os
import signal
import time

import pytest

from pipelines.readers.containers import native
from pipelines.readers.containers.native import NativeError

LONG = 60


def test_what_the_function_returns_comes_back():
    assert native.call(LONG, divmod, 7, 2) == (3, 1)


def test_calls_are_answered_by_one_process_of_its_own():
    number = native.call(LONG, os.getpid)
    assert number not in (os.getpid(), 0)
    assert native.call(LONG, os.getpid) == number


def test_what_the_function_prints_does_not_disturb_the_answer():
    assert native.call(LONG, builtins.print, "a line") is None
    assert native.call(LONG, os.write, 1, b"a line of native code\n") == 22
    assert native.call(LONG, divmod, 7, 2) == (3, 1)


def test_an_error_is_named_and_the_process_goes_on():
    number = native.call(LONG, os.getpid)
    with pytest.raises(NativeError, match=r"^ZeroDivisionError$"):
        native.call(LONG, divmod, 1, 0)
    assert native.call(LONG, os.getpid) == number


def test_a_crash_of_the_process_is_an_error_here_and_the_next_call_has_a_new_process():
    number = native.call(LONG, os.getpid)
    with pytest.raises(NativeError, match=r"^crash$"):
        native.call(LONG, signal.raise_signal, signal.SIGSEGV)
    assert native.call(LONG, os.getpid) != number


def test_a_call_that_crashes_only_in_a_used_process_is_answered_by_a_new_one():
    os.kill(native.call(LONG, os.getpid), signal.SIGKILL)
    assert native.call(LONG, divmod, 7, 2) == (3, 1)


def test_what_does_not_end_is_ended():
    with pytest.raises(NativeError, match=r"^no end$"):
        native.call(0.3, time.sleep, 60)


def test_to_start_the_process_does_not_count_as_time_of_a_call():
    with pytest.raises(NativeError, match=r"^crash$"):
        native.call(LONG, signal.raise_signal, signal.SIGSEGV)
    assert native.call(0.5, divmod, 7, 2) == (3, 1)
