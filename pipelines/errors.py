"""The kinds of trouble a user can meet, each with the exit code of the command line."""


class LactoscopeError(Exception):
    """Something a user can be told in one sentence; the text says what is wrong and what to do."""

    exit_code = 1


class InputError(LactoscopeError):
    """A file, folder or study file cannot be used as it stands; nothing was changed."""

    exit_code = 2


class DataFileError(LactoscopeError):
    """A file of the product's own `data/` folder contradicts itself; names the file and the entry."""


class StoreError(LactoscopeError):
    """The store is missing, damaged, held by another program, or of another study."""

    exit_code = 2


class NotEstimable(LactoscopeError):
    """A number cannot be estimated from these data; the text names the predictor and the reason."""
