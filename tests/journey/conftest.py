from __future__ import annotations

from tests.first_pixel import first_pixel
from tests.stage import cast

__all__ = ["cast", "first_pixel"]
