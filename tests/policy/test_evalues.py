from __future__ import annotations

from math import inf

import pytest
from hypothesis import strategies as st

from inspection.policy.evalues import (
    log_e_above,
    log_e_below,
    log_e_below_many,
)

bars = st.floats(0.001, 0.999)


@pytest.mark.parametrize(
    ("k", "n", "bar", "below", "above"),
    [  # closed form, five of them checked with scipy.integrate.quad
        (0, 448, 0.01, 2.9896672551, -6.1070228877),
        (0, 449, 0.01, 2.9976038054, -6.1092475828),
        (0, 88, 0.05, 3.0104424545, -4.4886363697),
        (2, 1240, 0.01, 5.5820215628, -6.962993658),
        (5, 980, 0.01, 0.8249998739, -6.3024320981),
        (30, 1000, 0.05, 3.5771109943, -6.051350467),
        (1, 96, 0.05, 1.6821944732, -4.3854689789),
        (60, 1000, 0.05, -2.6719158693, -2.9992553638),
    ],
)
def test_the_e_values_are_those_computed_elsewhere(k: int, n: int, bar: float, below: float, above: float) -> None:
    assert (log_e_below(k, n, bar), log_e_above(k, n, bar)) == pytest.approx((below, above), abs=1e-7)


@pytest.mark.parametrize(("k", "n", "bar"), [(500_000, 1_000_000, 0.01), (501, 502, 0.05)])
def test_a_hopeless_ai_never_looks_proven_where_numbers_underflow(k: int, n: int, bar: float) -> None:
    assert (log_e_below(k, n, bar), float(log_e_below_many(k, n, bar))) == (-inf, -inf)
