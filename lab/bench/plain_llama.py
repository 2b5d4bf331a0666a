"""llama.cpp as anyone would use it, which the bench compares drafts with.

``python -m lab.bench.plain_llama`` reads its arguments as JSON and prints, for each
prompt, the seconds to its first token and the tokens a second behind it.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def main() -> None:
    """Draft from each prompt, having read nothing before."""
    asked: dict[str, Any] = json.load(sys.stdin)
    import llama_cpp

    from qa.neural.generation.llama_child import keep_weights_plain

    keep_weights_plain(llama_cpp.llama_cpp)  # or it would crash on some processors
    llama = llama_cpp.Llama(
        asked["generator"],
        n_ctx=2048,
        n_threads=asked["threads"],
        n_threads_batch=asked["threads"],
        lora_path=asked["adapter"],
        verbose=False,
    )
    figures = []
    for prompt in asked["prompts"]:
        llama.reset()
        begun = time.perf_counter()
        pieces = llama.create_chat_completion(
            prompt, stream=True, temperature=0.0, max_tokens=asked["tokens"]
        )
        times = [
            time.perf_counter()
            for piece in pieces
            if piece["choices"][0]["delta"].get("content")
        ]
        if len(times) > 1:
            rate = (len(times) - 1) / (times[-1] - times[0])
            figures.append((times[0] - begun, rate))
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
