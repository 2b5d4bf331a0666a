"""Settings to working parts: the only place that chooses adapters."""

from qa.wiring.evaluating import run_claims, run_evaluation
from qa.wiring.models import (
    ModelInfo,
    describe_models,
    make_cosines,
    make_embedder,
    make_generator,
    make_judge,
    make_reader,
    prepare_libraries,
)
from qa.wiring.parts import (
    Parts,
    assemble,
    builder,
    exchange_generator,
    run_build,
    start_loading,
)
from qa.wiring.status import (
    Indexed,
    LibraryStatus,
    ModelState,
    describe_library,
)
from qa.wiring.stores import delete_store, make_store, may_have_index

__all__ = [
    "Indexed",
    "LibraryStatus",
    "ModelInfo",
    "ModelState",
    "Parts",
    "assemble",
    "builder",
    "delete_store",
    "describe_library",
    "describe_models",
    "exchange_generator",
    "make_cosines",
    "make_embedder",
    "make_generator",
    "make_judge",
    "make_reader",
    "make_store",
    "may_have_index",
    "prepare_libraries",
    "run_build",
    "run_claims",
    "run_evaluation",
    "start_loading",
]
