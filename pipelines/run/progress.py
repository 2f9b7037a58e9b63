"""How far a long step is, for whoever waits at a terminal."""

import sys
from typing import Any


class Bar:
    """A progress bar on standard error, one step after the other; nothing when that is not a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is."""
        if not sys.stderr.isatty():
            return
        if self._bar is None or step != self._step:
            from tqdm import tqdm

            self.close()
            self._bar = tqdm(total=total, desc=step, file=sys.stderr, leave=False)
            self._step = step
        self._bar.n = done
        self._bar.refresh()

    def close(self) -> None:
        """Leave the line free."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
