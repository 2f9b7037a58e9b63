"""README says what is there: every reader, every verb, commands that exist."""

import argparse
import re

from pipelines import ROOT
from pipelines.__main__ import _parser
from pipelines.readers import READERS

README = (ROOT / "README.md").read_text(encoding="utf-8")


def part(name: str) -> str:
    return README.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]


def verbs() -> dict[str, str]:
    [actions] = [each for each in _parser()._actions if isinstance(each, argparse._SubParsersAction)]
    return {each.dest: each.help or "" for each in actions._choices_actions}


def test_every_reader_is_in_the_table():
    rows = [f"| `{reader.name}` | {reader.title} |" for reader in READERS]
    assert part("readers").strip().splitlines()[2:] == rows


def test_every_verb_is_in_the_table_with_its_help():
    rows = [f"| `{name}` | {words} |" for name, words in verbs().items()]
    assert part("verbs").strip().splitlines()[2:] == rows


def test_every_command_of_the_first_screen_is_one_of_makes():
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.M)
    assert {"run", "test", "check"} <= set(targets)
    assert set(re.findall(r"^make ([a-z]+)", README, flags=re.M)) <= set(targets)


def test_every_path_that_readme_names_exists():
    for path in re.findall(r"`((?:data|pipelines|dashboard|tests)/[\w/]+(?:\.py|\.toml)?)/?`", README):
        assert (ROOT / path).exists(), path
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / picture).exists(), picture
