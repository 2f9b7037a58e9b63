"""Where identifiers end: keyed pseudonyms, keyed session ids, dates to days, numbers to bands."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.settings import Settings

ID_LENGTH = 16
# 128 bits; with a session's content it still fits into one block of the hash.
SECRET_LENGTH = 32
SEPARATOR = "\x1f"
# Room for one side in hundredths of a mL; what is larger is set aside before.
SIDE_BITS = 17
SIDE = 2**SIDE_BITS
# Position of a row among all rows of one ingest: the file's rank, then the row.
ROW_BITS = 2**40
# What no text cell of a store may look like. An id of ours is letters, digits and one hyphen.
SUSPICIOUS = {
    "an e-mail address": r"[^\s@]+@[^\s@]+\.[^\s@]+",
    "a date": r"(^|[^0-9])(19|20)\d{2}[-/.年 ]\d{1,2}[-/.月 ]\d{1,2}([^0-9]|$)",
    "a date with the year last": r"(^|[^0-9.])\d{1,2}[-/.]\d{1,2}[-/.](19|20)\d{2}([^0-9]|$)",
    "a telephone number": r"(^|[^0-9a-f])\+?\d[\d ]{8,}\d([^0-9a-f]|$)",
}


def _digest(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.new(key, f"{purpose}{SEPARATOR}{text}".encode(), hashlib.sha256).digest()


def whose(centre: str | None, raw_id: str) -> str:
    """What makes a person that person: the id as the study writes it, within a centre."""
    return f"{centre or ''}{SEPARATOR}{raw_id.strip()}"


def pseudonym(key: bytes, centre: str | None, raw_id: str) -> str:
    """The participant's code: ten letters and digits of a keyed hash, which nobody can turn back without the key."""
    digest = _digest(key, "participant", whose(centre, raw_id))
    return "P-" + base64.b32encode(digest)[:10].decode()


def key_check(key: bytes) -> str:
    """A short text that tells whether the same key is used again, without telling the key."""
    return _digest(key, "check", "")[:8].hex()


def people_codes(key: bytes, people: Iterable[tuple[str | None, str]]) -> pd.DataFrame:
    """One row per person: `who`, `participant_id`, and `secret`, which goes into the hashes of that person's rows.

    `number` counts people in the order of their codes, so that the same people always get the same number in a
    run. The secret never reaches a store: with it, every minute of a year could be tried out.
    """
    rows = [
        (
            whose(centre, raw),
            pseudonym(key, centre, raw),
            _digest(key, "rows", whose(centre, raw)).hex()[:SECRET_LENGTH],
        )
        for centre, raw in people
    ]
    frame = pd.DataFrame(rows, columns=["who", "participant_id", "secret"]).astype(str)
    frame = frame.sort_values("participant_id", ignore_index=True)
    return frame.assign(number=frame.index.astype("int64"))


def _hundredths(volume: ir.FloatingValue) -> ir.IntegerValue:
    return (volume * 100).round().cast("int64")


def session_key(rows: ir.Table) -> ir.IntegerValue:
    """Start minute and both sides of a session in one number that sorts by time.

    Sides count in hundredths of a mL, one more than that so that unknown (0) is not nothing (1). In one number,
    because turning each part into text would cost more than all the hashing.
    """
    left = (_hundredths(rows.volume_left_ml) + 1).fill_null(0)
    right = (_hundredths(rows.volume_right_ml) + 1).fill_null(0)
    return (rows.minute * SIDE + left) * SIDE + right


def key_minute(key: ir.IntegerValue) -> ir.IntegerValue:
    """The start minute in a `session_key`."""
    return key.cast("int64") >> (2 * SIDE_BITS)


def session_id(rows: ir.Table) -> ir.IntegerValue:
    """The keyed hash of what makes a session that session.

    The source's own id where there is one (`own_id`), else start minute, sides and, where a side is unknown, the
    total; the person's secret goes in, so that nobody who has the store can try out dates. Needs `secret`, and `key` or the
    columns it is made of. The first 64 bits of SHA-256 as a number, which a store keeps in half the space of its digits.
    """
    sides = rows.volume_left_ml.notnull() & rows.volume_right_ml.notnull()
    total = ibis.literal("|") + _hundredths(rows.volume_ml).cast("string").fill_null("")
    key = rows.key if "key" in rows.columns else session_key(rows)
    content = key.cast("string") + ibis.ifelse(sides, "", total)
    if "own_id" in rows.columns:
        content = ibis.coalesce(ibis.literal("id|") + rows.own_id, content)
    return (ibis.literal("0x") + (rows.secret + content).hexdigest("sha256").left(ID_LENGTH)).cast("uint64")


def answers_id(rows: ir.Table, columns: list[str]) -> ir.StringValue:
    """The keyed hash of a row of answers: person, day, form and all answers. NULL answers leave no trace."""
    content = rows.secret + "|" + rows.kind + "|" + rows.day.cast("string").fill_null("")
    content = content + "|" + rows.birth_day.cast("string").fill_null("")
    for name in sorted(columns):
        content = content + (ibis.literal(f"|{name}=") + rows[name].cast("string")).fill_null("")
    return content.hexdigest("sha256").left(ID_LENGTH)


def banded(name: str, value: ir.NumericValue, settings: Settings) -> ir.NumericValue:
    """Numbers that could single a person out, in bands; others unchanged.

    Weeks of gestation are whole weeks with both ends grouped (a week below the lowest stands for all earlier ones,
    a week above the highest for all later ones); birth weight is rounded to its step.
    """
    if name == "gestational_age_weeks":
        low, high = settings["privacy.gestational_age_lowest"], settings["privacy.gestational_age_highest"]
        return value.floor().clip(lower=low - 1, upper=high + 1).cast("float64")
    if name == "birth_weight_g":
        step = settings["privacy.birth_weight_step_g"]
        return ((value / step).round() * step).cast("float64")
    return value


def plain_label(text: ir.StringValue) -> ir.StringValue:
    """A label of a group or a form; NULL for what may be more than a label: long text, addresses, dates."""
    tidy = text.strip()
    suspicious = (
        (tidy.length() > 40)
        | tidy.contains("@")
        | tidy.re_search(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
        | tidy.re_search(r"\d{7,}")
        | ibis.or_(*(tidy.re_search(pattern) for pattern in SUSPICIOUS.values()))
    )
    return ibis.ifelse(suspicious, None, tidy).nullif("")
