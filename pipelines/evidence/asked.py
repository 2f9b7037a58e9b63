"""Which way of asking the answers to a factor come from, where a study asked in more than one or by a questionnaire."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipelines.analysis.joining import Asked
from pipelines.codebook import Codebook
from pipelines.evidence import words
from pipelines.results import Association


def told(
    found: Iterable[Association], asked: Mapping[str, Asked], codebook: Codebook
) -> tuple[Association, ...]:
    """The associations, each with the way its factor was asked in."""
    return tuple(replace(each, asked=sentence(asked.get(each.factor), codebook)) for each in found)


def sentence(asked: Asked | None, codebook: Codebook) -> str:
    """The way that counts and what is not mixed in, without a full stop; "" for a plain item asked in one way."""
    if asked is None or not (asked.form or asked.set_aside):
        return ""
    text = f"answers of {_named(asked.form, codebook)}"
    if asked.form and asked.days is not None:
        text += f", each for the {words.counted(asked.days, 'day')} after it"
    if asked.set_aside:
        others = words.listed([_named(form, codebook) for form in asked.set_aside])
        text += f"; {others} asked the same on another scale and {_is(asked.set_aside)} not mixed in"
    return text


def _named(form: str, codebook: Codebook) -> str:
    return (
        f"the {codebook.instruments[form].name}"
        if form
        else "the study\N{RIGHT SINGLE QUOTATION MARK}s own item"
    )


def _is(forms: tuple[str, ...]) -> str:
    return "is" if len(forms) == 1 else "are"
