from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from inspection.policy.fingerprint import Setting, fingerprint

HERE = Setting(job="covers", model="d" * 64, label_set_version=1, accept_at=0.2, reject_at=0.8, camera="c1")
OTHER: dict[str, Any] = {
    "job": "plates",
    "model": "e" * 64,
    "label_set_version": 2,
    "accept_at": 0.21,
    "reject_at": None,
    "camera": "c2",
}


def test_the_same_setting_has_the_same_fingerprint() -> None:
    assert fingerprint(HERE) == fingerprint(replace(HERE))
    assert len(fingerprint(HERE)) == 64


@pytest.mark.parametrize("name", [field.name for field in fields(Setting)])
def test_any_change_makes_another_fingerprint(name: str) -> None:
    assert fingerprint(replace(HERE, **{name: OTHER[name]})) != fingerprint(HERE)
