"""The colours of pages and figures, light and dark: two hues and greys, each pair checked for contrast."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Tokens:
    """One colour scheme. `cohort` is what this cohort shows, `reference` the article's range and "look here".

    `faint` is for graphics only (3:1 on the band), never for text.
    """

    ink: str
    quiet: str
    line: str
    paper: str
    panel: str
    band: str
    faint: str
    cohort: str
    reference: str


LIGHT = Tokens(
    ink="#1F2933",
    quiet="#52606D",
    line="#DDD9D1",
    paper="#FDFCFA",
    panel="#F3F1EC",
    band="#ECE8E0",
    faint="#7B8794",
    cohort="#0A4F78",
    reference="#A85400",
)
DARK = Tokens(
    ink="#E6EAEE",
    quiet="#A9B4C0",
    line="#2E3944",
    paper="#12181F",
    panel="#1B232C",
    band="#232D37",
    faint="#74808D",
    cohort="#5AA9D6",
    reference="#FFC78F",
)


def tokens(mode: str) -> Tokens:
    """The scheme named "light" or "dark"."""
    return DARK if mode == "dark" else LIGHT


def pairs() -> dict[str, tuple[str, str]]:
    """Light and dark colour of each token by its name."""
    light, dark = asdict(LIGHT), asdict(DARK)
    return {name: (light[name], dark[name]) for name in light}


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0-255) of "#RRGGBB"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def with_alpha(colour: str, alpha: float) -> str:
    """The colour as CSS text with an opacity from 0 to 1."""
    red, green, blue = channels(colour)
    return f"rgba({red},{green},{blue},{alpha})"
