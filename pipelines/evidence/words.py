"""How numbers are said: one wording for shares, ratios and counts, on every page and in every download."""

from pipelines.evidence.filters import OUTCOME_WORDS

NO_BREAK = "\N{NO-BREAK SPACE}"
OUTCOME_ENDS = {"no_milk": "ended without milk", "low_output": "ended with little milk"}
OUTCOME_END = {name: ended.replace("ended", "end", 1) for name, ended in OUTCOME_ENDS.items()}
OUTCOME_WITH = {"no_milk": "without milk", "low_output": "with little milk"}
OUTCOME_NOT = {"no_milk": "with milk", "low_output": "with more than little milk"}
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(count: int) -> str:
    """A count with thousands separated."""
    return f"{count:,}"


def small_number(count: int) -> str:
    """A count in a sentence: in words up to ten."""
    return NUMBER_WORDS[count] if 0 <= count < len(NUMBER_WORDS) else number(count)


def counted(count: int, thing: str) -> str:
    """So many of a thing, in words up to ten: "one thing", "three things"."""
    return f"{small_number(count)} {thing}{'' if count == 1 else 's'}"


def of_hundred(share: float) -> str:
    """A share (0-1) as a natural frequency, "6 of 100"; below one in a hundred in a thousand."""
    if 0 < share < 0.01:
        return f"{max(share * 1000, 0.1):.0f}{NO_BREAK}of{NO_BREAK}1,000"
    return f"{share * 100:.0f}{NO_BREAK}of{NO_BREAK}100"


def frequency(share: float, beside: float) -> str:
    """The count of "of 100" for one of two shares, with a decimal where both would read alike."""
    alike = round(share * 100) == round(beside * 100) and abs(share - beside) >= 0.001
    return f"{share * 100:.1f}" if alike else f"{share * 100:.0f}"


def per_hundred(difference: float, low: float, high: float) -> str:
    """A difference of shares with its interval, "3.0 more per 100 sessions (0.4 fewer to 6.2 more)"."""
    ends = [_more_or_fewer(low), _more_or_fewer(high)]
    if (low < 0) == (high < 0):
        # Both ends on one side: the word once, and the smaller number first.
        first, second = sorted((abs(low), abs(high)))
        ends = [f"{first * 100:.1f}", _more_or_fewer(high if high > 0 else low)]
        ends[1] = f"{second * 100:.1f} {ends[1].split(' ')[1]}"
    return f"{_more_or_fewer(difference)} per 100{NO_BREAK}sessions ({' to '.join(ends)})"


def _more_or_fewer(difference: float) -> str:
    return f"{abs(difference) * 100:.1f} {'fewer' if difference < 0 else 'more'}"


def percent(share: float) -> str:
    """A share (0-1) in per cent."""
    return f"{share * 100:.0f}{NO_BREAK}%"


def millilitres(volume: float) -> str:
    """A volume in mL: whole above ten, one decimal below."""
    return f"{volume:,.0f}{NO_BREAK}mL" if volume >= 10 else f"{volume:.1f}{NO_BREAK}mL"


def ratio(value: float, low: float, high: float) -> str:
    """A ratio with its 95 % interval, "1.41 (1.13 to 1.77)"; wide ends with fewer digits."""
    return f"{_digits(value)} ({_digits(low)} to {_digits(high)})"


def ratio_with_level(value: float, low: float, high: float) -> str:
    """The same with the interval's level, for a line that stands alone."""
    return f"{_digits(value)} (95{NO_BREAK}% interval {_digits(low)} to {_digits(high)})"


def _digits(value: float) -> str:
    if value >= 100:
        return "over 100"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def signed(value: float, digits: int) -> str:
    """A difference with its sign, "+0.17", "−3"; what rounds to nothing has none."""
    text = f"{value:+.{digits}f}"
    if not text.strip("+-0."):
        return text[1:]
    return text.replace("-", "\N{MINUS SIGN}")


def people(count: int | None) -> str:
    """So many people, or that the count stays hidden."""
    if count is None:
        return "number of people hidden"
    return f"{number(count)}{NO_BREAK}{'person' if count == 1 else 'people'}"


def sessions(count: int | None) -> str:
    """So many sessions; nothing when the count stays hidden."""
    if count is None:
        return ""
    return f"{number(count)}{NO_BREAK}{'session' if count == 1 else 'sessions'}"


def line(*parts: str) -> str:
    """The quiet line under a finding: its parts with dots between, empty ones left out."""
    return " · ".join(part for part in parts if part)


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Names in a sentence: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def joined(names: list[str]) -> str:
    """Alternatives in a sentence: "a or b"; a beginning that all share is said once."""
    first, *others = names
    shared = first.split(" ")
    for other in others:
        shared = shared[: _common(shared, other.split(" "))]
    rest = [" ".join(name.split(" ")[len(shared) :]) for name in names]
    return " ".join([*shared, " or ".join(part for part in rest if part)]).strip()


def _common(begin: list[str], beside: list[str]) -> int:
    """How many words two texts share at their beginning."""
    pairs = zip(begin, beside, strict=False)
    length = min(len(begin), len(beside))
    return next((place for place, pair in enumerate(pairs) if pair[0] != pair[1]), length)


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """The text with a small first letter, as inside a sentence; an abbreviation stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def outcome(name: str) -> str:
    """An outcome in words, "session without milk"."""
    return OUTCOME_WORDS[name]
