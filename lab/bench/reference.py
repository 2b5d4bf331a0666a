"""The plain script that the bench compares a cold question with.

It does what a page of anyone's tutorial does: import sentence-transformers, embed
the question, search FAISS, put five passages to the same GGUF; and stops at the end
of the first sentence. ``python -m lab.bench.reference`` reads its arguments as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np


def main() -> None:
    """Print the first sentence."""
    asked: dict[str, Any] = json.load(sys.stdin)
    import faiss
    import llama_cpp
    from sentence_transformers import SentenceTransformer

    from qa.neural.generation.llama_child import keep_weights_plain

    keep_weights_plain(llama_cpp.llama_cpp)  # or it would crash on some processors

    model = SentenceTransformer(asked["embedder"])
    vectors = np.load(asked["vectors"])
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    query = model.encode([asked["question"]], normalize_embeddings=True)
    _, found = index.search(query, asked["passages"])
    texts = json.loads(Path(asked["texts"]).read_text(encoding="utf-8"))
    passages = "\n\n".join(texts[row] for row in found[0] if row >= 0)
    llama = llama_cpp.Llama(
        asked["generator"],
        n_ctx=4096,
        n_threads=asked["threads"],
        n_threads_batch=asked["threads"],
        verbose=False,
    )
    messages = [
        {"role": "user", "content": f"{passages}\n\nQuestion: {asked['question']}"}
    ]
    said = ""
    for chunk in llama.create_chat_completion(messages, stream=True, max_tokens=128):
        said += chunk["choices"][0]["delta"].get("content") or ""
        if said.rstrip().endswith((".", "!", "?")):
            break
    sys.stdout.write(said.strip() + "\n")


if __name__ == "__main__":
    main()
