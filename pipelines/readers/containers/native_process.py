"""The process in which `native` runs libraries: it answers one call after the other until nobody asks any more.

It is run as a file, so that it imports nothing but what the calls need.
"""

import os
import pickle
import sys


def main() -> None:
    """Read pickled calls from standard input; write whether each went well, and its value or its error's name."""
    calls = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not stand between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while calls.peek(1):
        function, arguments, options = pickle.load(calls)
        try:
            answer = pickle.dumps((True, function(*arguments, **options)))
        except Exception as error:  # noqa: BLE001 - whatever it is, who asked is told
            answer = pickle.dumps((False, type(error).__name__))
        answers.write(answer)
        answers.flush()


if __name__ == "__main__":
    main()
