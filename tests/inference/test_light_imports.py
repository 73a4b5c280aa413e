from __future__ import annotations

import subprocess
import sys

LIGHT = "contract pictures metadata facts checks preprocessing manifest bundle serving predictors evaluate datasets"
HEAVY = {"torch", "torchvision", "timm", "openvino", "openvino_telemetry", "safetensors", "sklearn"}
PROBE = "import sys; [__import__(f'inference.{name}') for name in sys.argv[1].split()]; print(*sys.modules)"


def modules_after(names: str) -> set[str]:
    found = subprocess.run([sys.executable, "-c", PROBE, names], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_what_the_web_side_imports_loads_no_engine() -> None:
    loaded = modules_after(LIGHT)
    assert "inference.serving" in loaded
    assert loaded & HEAVY == set()


def test_the_command_line_loads_no_engine_before_it_is_told_what_to_do() -> None:
    assert modules_after("__main__") & HEAVY == set()


def test_the_serving_engine_loads_without_torch_and_without_telemetry() -> None:
    code = (
        "import sys; from inference.predictors.openvino_model import openvino; openvino().Core(); "
        "print(*[name for name, module in sys.modules.items() if module is not None])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(found.stdout.split())
    assert "openvino" in loaded
    assert loaded & {"torch", "torchvision", "openvino_telemetry"} == set()
