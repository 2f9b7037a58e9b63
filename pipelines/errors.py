"""The kinds of trouble a user can meet, each with the exit code of the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class LactoscopeError(Exception):
    """Something a user can be told in one sentence; the text says what is wrong and what to do."""

    exit_code = 1


class InputError(LactoscopeError):
    """A file, folder or study file cannot be used as it stands; nothing was changed."""

    exit_code = 2


@dataclass(frozen=True)
class Asked:
    """One file that leaves something open: its name, its content's hash, and the question as `Question` has it.

    `path` is the file that it stands in, `part` its sheet or member there.
    """

    file: str
    content: str
    key: str
    choices: Mapping[str, str]
    text: str
    path: str = ""
    part: str = ""


class Question(InputError):
    """Something only the researcher knows, such as the unit of a file; one key of its `[[source]]` answers it.

    `key` is that key; `choices` maps each value it may take to the words a page offers it with; none for a participant's
    code, which only a person can type. The text says the
    same in one line for the command line. An ingest tells in `files` of all files that ask something.
    """

    def __init__(self, text: str, key: str, choices: dict[str, str], files: Sequence[Asked] = ()):
        super().__init__(text)
        self.key = key
        self.choices = choices
        self.files = tuple(files)


class DataFileError(LactoscopeError):
    """A file of the product's own `data/` folder contradicts itself; names the file and the entry."""


class StoreError(LactoscopeError):
    """The store is missing, damaged, held by another program, or of another study."""

    exit_code = 2


class NotEstimable(LactoscopeError):
    """A number cannot be estimated from these data; the text names the predictor and the reason."""
