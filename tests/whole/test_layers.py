"""Importing is free: heavy modules load where they are used, and nowhere else."""

import subprocess
import sys

import pytest

HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "faiss",
    "llama_cpp",
    "gradio",
    "lancedb",
    "pyarrow",
    "ray",
)
MODULES = [
    "qa",
    "qa.schema",
    "qa.documents",
    "qa.documents.passages",
    "qa.neural.embedding",
    "qa.index",
    "qa.neural.generation",
    "qa.neural.generation.llama_child",
    "qa.neural.weights",
    "lab.reader.command",
    "qa.cli.library",
    "qa.cli.status",
    "qa.library.seeds",
    "qa.library.fetching",
    "qa.wiring.overview",
    "qa.library.watching",
    "qa.workers",
    "qa.build",
    "qa.verification",
    "qa.evaluation",
    "qa.answering",
    "qa.wiring",
    "qa.api",
]


def loaded_after(statement):
    code = f"{statement}\nimport sys; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(ran.stdout.split())


def test_importing_the_package_loads_nothing_else_of_it():
    loaded = loaded_after("import qa; qa.__all__")
    assert {name for name in loaded if name.split(".")[0] == "qa"} == {"qa"}
    assert not loaded & {*HEAVY, "numpy", "httpx", "pydantic"}


def test_importing_every_layer_loads_no_heavy_module():
    loaded = loaded_after("import " + ", ".join(MODULES))
    assert set(MODULES) <= loaded
    assert not loaded & set(HEAVY)


def test_the_public_names_are_there_and_others_are_not():
    import qa

    for name in qa.__all__:
        assert getattr(qa, name).__name__ == name
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = qa.no_such_name
