"""How long something still takes, in words."""


def wait_told(seconds: float) -> str:
    """Say how long a wait may be.

    >>> wait_told(1.0), wait_told(40.2), wait_told(200.0)
    ('a moment', 'about 40 seconds', 'about 3 minutes')
    """
    if seconds < 1.5:
        return "a moment"
    return f"about {seconds:.0f} seconds" if seconds < 120 else f"about {seconds / 60:.0f} minutes"


def time_left(seconds: float | None) -> str:
    """Say beside a bar how long it still takes; nothing while nobody knows.

    >>> time_left(None), time_left(0.2), time_left(12.4), time_left(200.0)
    ('', '1 s left', '12 s left', '3 min left')
    """
    if seconds is None:
        return ""
    return f"{seconds / 60:,.0f} min left" if seconds >= 90 else f"{max(round(seconds), 1)} s left"
