"""Random tables of agreement."""

from __future__ import annotations

from hypothesis import strategies as st


@st.composite
def tables(draw: st.DrawFn, *, smallest: int = 1, classes: int | None = None) -> list[list[int]]:
    """Square, two to four classes unless said, each cell from `smallest` to 60."""
    size = classes or draw(st.integers(2, 4))
    row = st.lists(st.integers(smallest, 60), min_size=size, max_size=size)
    return draw(st.lists(row, min_size=size, max_size=size))
