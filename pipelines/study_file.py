"""Write a study's own file: sources and settings are added, whatever else stands in it stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from pipelines.study import Item, Questionnaire, SourceOptions, read_study

NAME = "study.toml"
# Where the settings that a page asks for stand.
SECTIONS = {
    "name": "study",
    "timezone": "study",
    "outcome": "study",
    "low_output_ml": "study",
    "cohort": "study",
    "minimum_cell": "privacy",
}


def with_source(text: str, source: SourceOptions) -> str:
    """The text of a study file with one more `[[source]]`; one about the same header makes place for it.

    Raises InputError when the text is no study file.
    """
    document = _document(text)
    sources = _sources(document)
    for place in reversed(range(len(sources))):
        if source.header and sources[place].get("header") == source.header:
            del sources[place]
    sources.append(_table(source))
    return _checked(document)


def with_answer(text: str, content: Sequence[str], key: str, value: str) -> str:
    """The text of a study file in which one key of these very files (`content` hashes) is answered.

    The key's default, or "", takes an earlier answer back. An earlier answer to the same key is forgotten for them. Raises InputError when the key is none of a source.
    """
    document = _document(text)
    sources = _sources(document)
    same = None
    for place in reversed(range(len(sources))):
        source = sources[place]
        if not source.get("content") or key not in source:
            continue
        kept = [code for code in source["content"] if code not in content]
        if value and source[key] == value and set(source) == {"content", key}:
            same = source
        elif not kept:
            del sources[place]
        else:
            source["content"] = kept
    if value in ("", getattr(SourceOptions(), key, "")):
        return _checked(document)
    if same is None:
        same = tomlkit.table()
        same["content"] = []
        same[key] = value
        sources.append(same)
        same = sources[-1]
    same["content"] = sorted({*same["content"], *content})
    return _checked(document)


def without_dictionary(text: str, name: str) -> str:
    """The text of a study file that no longer names this data dictionary; a source that said nothing else goes."""
    document = _document(text)
    sources = _sources(document)
    for place in reversed(range(len(sources))):
        if sources[place].get("dictionary") == name:
            del sources[place]["dictionary"]
            if set(sources[place]) <= {"content"}:
                del sources[place]
    return _checked(document)


def with_settings(text: str, settings: Mapping[str, Any]) -> str:
    """The text of a study file with these settings; None takes one out. Raises InputError for what none may be."""
    document = _document(text)
    for key, value in settings.items():
        section = document.setdefault(SECTIONS[key], tomlkit.table())
        if value is None:
            section.pop(key, None)
        else:
            section[key] = value
    return _checked(document)


def _document(text: str) -> tomlkit.TOMLDocument:
    read_study(text, Path(NAME))
    return tomlkit.parse(text)


def _sources(document: tomlkit.TOMLDocument) -> Any:
    if "source" not in document:
        document.append("source", AoT([]))
    return document["source"]


def _checked(document: tomlkit.TOMLDocument) -> str:
    """The written text, once it has been read again."""
    if "source" in document and not document["source"]:
        del document["source"]
    text = tomlkit.dumps(document)
    read_study(text, Path(NAME))
    return text


def _table(source: SourceOptions) -> Any:
    """A `[[source]]` that says what differs from the defaults."""
    default, table = SourceOptions(), tomlkit.table()
    for each in fields(SourceOptions):
        value = getattr(source, each.name)
        if each.name in ("items", "questionnaires") or value in ("", getattr(default, each.name)):
            continue
        value = f"column:{value}" if each.name == "birth_date" else value
        table[each.name] = list(value) if isinstance(value, tuple) else value
    if source.items:
        items = tomlkit.table()
        for name, item in source.items.items():
            items[name] = _item(item)
        table["items"] = items
    if source.questionnaires:
        table["questionnaires"] = {
            name: {key: value for key, value in _plain(each).items() if value}
            for name, each in source.questionnaires.items()
        }
    return table


def _plain(questionnaire: Questionnaire) -> dict[str, Any]:
    return {
        "columns": list(questionnaire.columns),
        "answers": questionnaire.answers,
        "recode": dict(questionnaire.recode),
    }


def _item(item: Item) -> Any:
    entry = tomlkit.inline_table()
    entry["column"] = list(item.columns) if item.others else item.column
    if item.time:
        entry["time"] = item.time
    if item.session:
        entry["session"] = list(item.session)
    if item.written:
        entry["written"] = item.written
    if item.instrument:
        entry["instrument"] = item.instrument
    if item.recode:
        recode = tomlkit.inline_table()
        recode.update(item.recode)
        entry["recode"] = recode
    return entry
