"""Who may see single people: the one place to ask, so that a sign-in later changes this and nothing else."""

PEOPLE_CLOSED = "You may not see single people's logs here; ask whoever runs this study."


def may_see_people() -> bool:
    """Whether this reader may see the review list and one person's course; everybody who can open the store may."""
    return True
