"""The command line: read arguments, call `run`, print; errors become one line and an exit code.

Each verb is one small function and imports what it needs itself, so that `--help` is quick.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipelines.errors import InputError, LactoscopeError

Verb = Callable[[argparse.Namespace], int]


def _print_json(content: Any) -> None:
    print(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=str))


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def ingest(arguments: argparse.Namespace) -> int:
    """Read files into the store and print the ledger."""
    from pipelines import run
    from pipelines.run.progress import Bar

    bar = Bar()
    try:
        ledger = run.ingest(arguments.paths, arguments.study, arguments.store, bar, arguments.remove)
    finally:
        bar.close()
    if arguments.json:
        _print_json(ledger.as_json())
    else:
        print("\n".join(_ledger_lines(ledger)))
    return 0


def _ledger_header() -> str:
    return (
        f"{'file':40} {'reader':12} {'read':>9} {'accepted':>9} {'repeats':>9} {'set aside':>9} {'other':>9}"
    )


def _state(ledger: Any) -> str:
    people = _counted(ledger.participants, "participant", "participants")
    sessions = _counted(ledger.sessions, "session", "sessions")
    state = f"data version {ledger.data_version}" + ("" if ledger.changed else ", nothing new")
    return f"{ledger.store}: {people}, {sessions}, {state}"


def _ledger_lines(ledger: Any) -> list[str]:
    lines = [_ledger_header()]
    for each in ledger.files:
        lines.append(_count_line(each.name, each.reader, each.counts))
        if each.state != "new":
            lines.append(
                f"    {'already in the store' if each.state == 'unchanged' else 'replaces what it gave before'}"
            )
        lines += [f"    note: {sentence}" for sentence in each.warnings]
        if each.dropped_identifiers:
            lines.append(f"    dropped, because they identify people: {', '.join(each.dropped_identifiers)}")
        if each.unused_columns:
            lines.append(f"    not used: {', '.join(each.unused_columns)}")
        lines += [f"    row {problem.row}, {problem.field}: {problem.message}" for problem in each.set_aside]
    lines.append(_count_line("all files", "", ledger.total))
    lines += [f"not read: {each.name}: {each.reason}" for each in ledger.not_read]
    lines += [f"removed: {source_id}" for source_id in ledger.removed]
    lines += [f"note: {sentence}" for sentence in ledger.warnings]
    lines.append(_state(ledger))
    return lines


def _count_line(name: str, reader: str, counts: Any) -> str:
    numbers = (counts.read, counts.accepted, counts.duplicate, counts.quarantined, counts.other)
    return f"{name:40} {reader:12} " + " ".join(f"{number:>9,}" for number in numbers)


def inspect(arguments: argparse.Namespace) -> int:
    """Print what files are taken for and what would become of their rows."""
    from pipelines import run
    from pipelines.study import load_study

    study = load_study(arguments.study) if arguments.study else None
    found = [each for path in arguments.files for each in run.inspect(path, study)]
    saved = _save(found, arguments.save) if arguments.save else ""
    if arguments.json:
        _print_json([each.as_json() for each in found])
        return 0
    for each in found:
        print("\n".join(_inspection_lines(each)))
    if saved:
        print(saved)
    return 0


def _save(found: Sequence[Any], target: str) -> str:
    """Add the suggested mappings to a study file, a new one if need be, and say so."""
    from pipelines.study import study_text
    from pipelines.study_file import with_source

    path = Path(target)
    text = study_text(path) if path.exists() else ""
    sources = [each.suggested for each in found if each.suggested and each.suggested.items]
    for source in sources:
        text = with_source(text, source)
    if sources:
        path.write_text(text, encoding="utf-8")
    return f"{_counted(len(sources), 'mapping', 'mappings')} written to {path}; look through it before you ingest"


def _inspection_lines(inspection: Any) -> list[str]:
    taken_for = f"{inspection.reader} ({inspection.reason})" if inspection.reader else inspection.reason
    lines = [f"{inspection.name}: {taken_for}"]
    for column in inspection.columns:
        lines.append(f"    {column.column} -> {column.meaning or 'not used'}: {column.reason}")
    for number, row in enumerate(inspection.first_rows, start=1):
        lines.append(f"    row {number}: " + ", ".join(f"{name}={value}" for name, value in row.items()))
    if inspection.problem:
        lines.append(f"    cannot be ingested as it stands: {inspection.problem}")
    if inspection.outcome is not None:
        counts = inspection.outcome.counts
        lines.append(
            f"    {counts.read:,} rows: {counts.accepted:,} accepted, {counts.duplicate:,} repeats, "
            f"{counts.quarantined:,} set aside, {counts.other:,} other"
        )
        lines += [f"    note: {sentence}" for sentence in inspection.outcome.warnings]
        for problem in inspection.outcome.set_aside:
            lines.append(f"    row {problem.row}, {problem.field}: {problem.message}")
    return lines


def demo(arguments: argparse.Namespace) -> int:
    """Make the synthetic study, ingest it, and print the total ledger."""
    from pipelines.run import demonstration
    from pipelines.run.progress import Bar

    bar = Bar()
    try:
        ledger = demonstration.demo(
            arguments.out or demonstration.DEMO_FOLDER, arguments.participants, arguments.seed, progress=bar
        )
    finally:
        bar.close()
    if arguments.json:
        _print_json(ledger.as_json())
        return 0
    print(_ledger_header())
    print(_count_line("all files", "", ledger.total))
    print(f"{_state(ledger)}. Synthetic: invented people with planted effects, no finding.")
    return 0


def findings(arguments: argparse.Namespace) -> int:
    """Print associations, classifier performance and a verdict for every claim."""
    from pipelines import run
    from pipelines.evidence.documents import findings_document, findings_lines
    from pipelines.run import answering
    from pipelines.run.progress import Bar

    bar = Bar()
    try:
        found = answering.findings(
            arguments.store or run.DEFAULT_STORE, arguments.outcome, arguments.logs, bar
        )
    finally:
        bar.close()
    if arguments.json:
        _print_json(findings_document(found))
    else:
        print("\n".join(findings_lines(found)))
    return 0


def curves(arguments: argparse.Namespace) -> int:
    """Print percentiles of daily expressed volume by day postpartum."""
    from pipelines import run
    from pipelines.evidence.documents import curves_document, curves_lines
    from pipelines.run import answering

    points = answering.curves(arguments.store or run.DEFAULT_STORE, arguments.by)
    if arguments.json:
        _print_json(curves_document(points))
    else:
        print("\n".join(curves_lines(points)))
    return 0


def review(arguments: argparse.Namespace) -> int:
    """Print who needs a look, and why."""
    from pipelines import run
    from pipelines.evidence.documents import review_document, review_lines
    from pipelines.run import answering

    found = answering.review(arguments.store or run.DEFAULT_STORE)
    if arguments.json:
        _print_json(review_document(found))
    else:
        print("\n".join(review_lines(found)))
    return 0


def check(arguments: argparse.Namespace) -> int:
    """Verify the store; exit 1 when something does not hold."""
    from pipelines import run

    checks = run.check_store(arguments.store or run.DEFAULT_STORE)
    if arguments.json:
        _print_json([vars(each) for each in checks])
    else:
        for each in checks:
            print(
                f"{'ok ' if each.holds else 'NOT'} {each.name}" + (f": {each.detail}" if each.detail else "")
            )
    return 0 if all(each.holds for each in checks) else 1


def template(arguments: argparse.Namespace) -> int:
    """Write the study kit and print its files."""
    from pathlib import Path

    from pipelines.kit import write_kit

    for path in write_kit(Path(arguments.out)):
        print(path)
    return 0


def pseudonym(arguments: argparse.Namespace) -> int:
    """Print a participant's code."""
    from pipelines import run

    print(run.participant_code(arguments.raw_id, arguments.store or run.DEFAULT_STORE, arguments.centre))
    return 0


def _add_verb(
    verbs: Any, name: str, function: Verb, words: str, *, as_json: bool = True
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=words, description=words)
    parser.set_defaults(run=function)
    if as_json:
        parser.add_argument("--json", action="store_true", help="print JSON for machines")
    return parser


def _add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="PATH", help="the store (default: data/store.duckdb)")


def _add_study(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--study", metavar="FILE", help="the study's own study.toml")


def _add_ingest(verbs: Any) -> None:
    parser = _add_verb(
        verbs, "ingest", ingest, "read files and folders into the store and print what became of every row"
    )
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="files or folders; with --study they limit what is read"
    )
    _add_study(parser)
    parser.add_argument(
        "--remove",
        metavar="CODE",
        action="append",
        default=[],
        help="take the file whose source_id begins so out of the store, completely; PATH must hold all others",
    )
    _add_store(parser)


def _add_inspect(verbs: Any) -> None:
    parser = _add_verb(
        verbs, "inspect", inspect, "say what a file is taken for and what would be set aside; writes nothing"
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    _add_study(parser)
    parser.add_argument(
        "--save",
        metavar="FILE",
        help="add the mapping suggested for a table that no reader knows to this study.toml",
    )


def _add_demo(verbs: Any) -> None:
    parser = _add_verb(verbs, "demo", demo, "make a synthetic study as export files and ingest it")
    parser.add_argument("--participants", type=int, default=240, metavar="N", help="people (default: 240)")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="another seed is another study (default: 0)"
    )
    parser.add_argument("--out", metavar="DIR", help="its folder (default: data/demo)")


def _add_findings(verbs: Any) -> None:
    parser = _add_verb(
        verbs, "findings", findings, "associations, classifier performance and a verdict for every claim"
    )
    parser.add_argument(
        "--outcome", choices=("no_milk", "low_output"), help="default: the study's own outcome"
    )
    parser.add_argument(
        "--logs",
        choices=("all", "believable"),
        default="all",
        help="believable: leave out the logs that give a reason for doubt (default: all)",
    )
    _add_store(parser)


def _add_curves(verbs: Any) -> None:
    parser = _add_verb(verbs, "curves", curves, "percentiles of daily expressed volume by day postpartum")
    parser.add_argument(
        "--by",
        choices=("cohort", "pump", "term"),
        default="cohort",
        help="beside everyone, each cohort, the people of each main pump, or preterm and term births (default: cohort)",
    )
    _add_store(parser)


def _add_review(verbs: Any) -> None:
    _add_store(
        _add_verb(verbs, "review", review, "the consultant's list: who needs a look, how soon, and why")
    )


def _add_check(verbs: Any) -> None:
    _add_store(_add_verb(verbs, "check", check, "verify the store: counts add up, no identifier, no date"))


def _add_pseudonym(verbs: Any) -> None:
    words = "the code of a participant, for whoever holds the key"
    parser = _add_verb(verbs, "pseudonym", pseudonym, words, as_json=False)
    parser.add_argument("raw_id", metavar="RAW_ID", help="the participant's id as the study writes it")
    parser.add_argument("--centre", help="the centre, where ids of several centres meet")
    _add_store(parser)


def _add_template(verbs: Any) -> None:
    words = "write the study kit: a REDCap dictionary, tables to fill in, and a study file that fits both"
    parser = _add_verb(verbs, "template", template, words, as_json=False)
    parser.add_argument("--out", required=True, metavar="DIR", help="a folder that holds no kit yet")


VERBS: tuple[Callable[[Any], None], ...] = (
    _add_ingest,
    _add_inspect,
    _add_demo,
    _add_findings,
    _add_curves,
    _add_review,
    _add_check,
    _add_pseudonym,
    _add_template,
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipelines",
        description="From pumping logs and questionnaires to findings on the guidance.",
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for add in VERBS:
        add(verbs)
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code is 0, or that of the error, whose text is the only line on standard error."""
    arguments = _parser().parse_args(words)
    try:
        return arguments.run(arguments)
    except LactoscopeError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output, such as `head`, has seen enough.
        sys.stderr.close()
        return 0
    except OSError as error:
        # A place that the user named and that the system refuses, such as a folder without the right to write.
        print(f"{error.filename or 'the disk'}: {error.strerror or error}.", file=sys.stderr)
        return InputError.exit_code


if __name__ == "__main__":
    sys.exit(main())
