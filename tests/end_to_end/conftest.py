"""One key for all ingests here, so that a test can tell a participant's code."""

import pytest

from tests.end_to_end.stores import KEY


@pytest.fixture(autouse=True)
def key(request, monkeypatch):
    """The demo has a key of its own beside its store; everything else has ours."""
    if "demo" not in request.fixturenames:
        monkeypatch.setenv("LACTOSCOPE_KEY", KEY)
