"""The model card: what the classifier is, was made from, can and cannot do, written from the fit itself.

Its sections follow the topics of TRIPOD+AI (Collins et al., BMJ 2024;385:e078378).
"""

import html
from dataclasses import dataclass
from importlib.metadata import version

import sklearn

from pipelines.codebook import Codebook
from pipelines.evidence import words
from pipelines.results import Classifier, Cohort, Interval
from pipelines.settings import Settings

STANDARD = "TRIPOD+AI (Collins et al., BMJ 2024;385:e078378)"
SYNTHETIC = "Synthetic data: invented people, nothing here is a finding."


@dataclass(frozen=True)
class CardSection:
    """One topic with its statements, each a sentence or two."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ModelCard:
    """The whole card; `name` is the download's file name without its ending."""

    title: str
    sections: tuple[CardSection, ...]
    name: str = "model-card"

    def as_markdown(self) -> str:
        """The card as Markdown text."""
        parts = [f"# {self.title}"]
        for section in self.sections:
            parts.append(f"## {section.title}")
            parts.append("\n".join(f"- {line}" for line in section.lines))
        return "\n\n".join(parts) + "\n"

    def as_html(self) -> str:
        """The card as one HTML page that needs nothing else."""
        body = "".join(
            f"<h2>{html.escape(section.title)}</h2><ul>"
            + "".join(f"<li>{html.escape(line)}</li>" for line in section.lines)
            + "</ul>"
            for section in self.sections
        )
        title = html.escape(self.title)
        style = "body{font-family:sans-serif;max-width:45rem;margin:2rem auto;line-height:1.5}"
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{style}</style></head><body><h1>{title}</h1>{body}</body></html>"
        )


def model_card(
    result: Classifier, cohort: Cohort, codebook: Codebook, settings: Settings, selection: str
) -> ModelCard | None:
    """The card of one fit; None where there is none. `selection` are the reader's filters in words."""
    if result.auc is None:
        return None
    return ModelCard(
        f"Model card: foreseeing a {words.outcome(cohort.outcome)}",
        (
            _purpose(cohort),
            _data(result, cohort, settings, selection),
            _outcome(result, cohort),
            _predictors(result, codebook),
            _missing(result, codebook),
            _method(result, settings),
            _performance(result),
            _limits(result),
            _versions(cohort),
        ),
    )


def _purpose(cohort: Cohort) -> CardSection:
    lines = [SYNTHETIC] if cohort.synthetic else []
    lines += [
        "Intended use: to say, for researchers, how far the reported factors together go with such sessions in a cohort.",
        "Not intended: advice, triage or prediction for one person, any decision about care, any claim about causes.",
        f"Reported along the topics of {STANDARD}.",
    ]
    return CardSection("Purpose", tuple(lines))


def _data(result: Classifier, cohort: Cohort, settings: Settings, selection: str) -> CardSection:
    lines = [
        f"Study “{cohort.name}”, data version {cohort.data_version}; {selection or 'everyone, all days'}.",
        f"{words.people(result.participants)}, {words.sessions(result.sessions)} with a known outcome. People logged by "
        "their own choice; they stand for no population.",
        "No separate cohort: development and evaluation are on the same study, on different people.",
    ]
    if result.people_in_study and result.participants and result.people_in_study > result.participants:
        lines.append(
            f"Drawn at random from {words.people(result.people_in_study)}: "
            f"{settings.explain('classifier.largest_cohort').reason}"
        )
    return CardSection("Data and participants", tuple(lines))


def _outcome(result: Classifier, cohort: Cohort) -> CardSection:
    assert result.prevalence is not None
    defined = (
        "A session whose measured volume is 0 mL."
        if cohort.outcome == "no_milk"
        else f"A session below {cohort.low_output_ml:g} mL."
    )
    return CardSection(
        "Outcome",
        (
            f"{defined} A blank volume is unknown and left out.",
            f"{words.of_hundred(result.prevalence)} sessions have it ({words.number(result.events or 0)} of "
            f"{words.number(result.sessions or 0)}).",
            "Empty sessions are often not logged, so the level is that of the log.",
        ),
    )


def _predictors(result: Classifier, codebook: Codebook) -> CardSection:
    names = [codebook.factors[name].label for name in result.factors]
    lines = [
        f"{len(names)} factors known before a session starts: {words.listed(names)}.",
        "Of the day’s diary only yesterday’s answers; nothing that the session itself brings, no outcome, no step on the "
        "way to it. A guard refuses such columns.",
    ]
    if result.left_out:
        parts = (each.partition(" ") for each in result.left_out)
        left = [f"{codebook.factors[name].label} {why}" for name, _, why in parts]
        lines.append(f"Left out: {words.listed(left)}.")
    return CardSection("Predictors", tuple(lines))


def _missing(result: Classifier, codebook: Codebook) -> CardSection:
    often = sorted(result.missing, key=lambda pair: -pair[1])[:5]
    told = [f"{codebook.factors[name].label} {words.percent(share)}" for name, share in often if share > 0]
    lines = [
        "Inside each training part an unknown number becomes the median of its people, an unknown level counts as the "
        "reference; the held-out people have no part in that. This is for prediction only, no estimate is filled in so.",
    ]
    if told:
        lines.append(f"Most often unknown, share of sessions: {words.listed(told)}.")
    return CardSection("Missing data", tuple(lines))


def _method(result: Classifier, settings: Settings) -> CardSection:
    strengths = words.listed([f"{each:g}" for each in result.penalties])
    return CardSection(
        "Method",
        (
            "Logistic regression with a ridge penalty on standardised numbers, levels, a spline of the day since birth "
            "and the time of day; one scikit-learn pipeline.",
            f"Penalty chosen by log loss on other people inside the training part; chosen strengths (C): {strengths}.",
            f"{result.folds}-fold cross-validation by participant, {_times(result.repeats)}; nobody is on both sides of a "
            "split. Intervals respect that sessions belong to people.",
            f"Compared with the day since birth alone, with a mother’s own earlier sessions, and with gradient boosting "
            f"({settings['classifier.challenger_trees']} trees).",
            "Classes are not reweighted and nothing was tuned to the held-out people.",
        ),
    )


def _times(repeats: int | None) -> str:
    return "once" if repeats == 1 else f"repeated {repeats} times"


def _performance(result: Classifier) -> CardSection:
    lines = [
        _told("AUC", result.auc, result.auc_low, result.auc_high),
        _interval("Beyond the day since birth, difference of AUC", result.beyond_day),
        _interval("Beyond a mother’s own earlier sessions, difference of AUC", result.beyond_history),
        _interval("Gradient boosting beyond this model, difference of AUC", result.simplicity_costs),
        _told("Brier score", result.brier, result.brier_low, result.brier_high, 3),
        _interval("Scaled Brier score", result.scaled_brier, 3),
        _interval(f"Average precision (chance: {result.prevalence:.3f})", result.average_precision, 3),
        _told("Calibration slope", result.calibration_slope, result.slope_low, result.slope_high),
        _told(
            "Calibration in the large, log odds",
            result.calibration_intercept,
            result.intercept_low,
            result.intercept_high,
        ),
        _interval("Observed / expected", result.observed_expected),
    ]
    return CardSection("Performance on held-out people (95 % intervals)", tuple(filter(None, lines)))


def _told(name: str, value: float | None, low: float | None, high: float | None, digits: int = 2) -> str:
    if value is None or low is None or high is None:
        return f"{name}: could not be estimated."
    return f"{name}: {value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})."


def _interval(name: str, interval: Interval | None, digits: int = 2) -> str:
    if interval is None:
        return f"{name}: could not be estimated."
    return _told(name, interval.value, interval.low, interval.high, digits)


def _limits(result: Classifier) -> CardSection:
    return CardSection(
        "Limits",
        (
            "For one mother the predicted chance says nearly nothing.",
            "Not tested on another cohort, place or kind of log; performance there is unknown.",
            "Not examined apart by group of mothers, so equal performance for all is not shown.",
            "Weights and importances are no effects: what goes with output is not what changes it.",
        ),
    )


def _versions(cohort: Cohort) -> CardSection:
    return CardSection(
        "Versions",
        (
            f"Data version {cohort.data_version}; computed anew whenever data, codebook, settings or code change.",
            f"scikit-learn {sklearn.__version__}, numpy {version('numpy')}, pandas {version('pandas')}.",
        ),
    )
