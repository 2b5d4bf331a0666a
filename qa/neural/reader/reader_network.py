"""The reader's network: MiniLM, heads for span and sentences, and a judge.

The judge reads the first token together with the tokens that the span head picks,
so that "does it answer?" is asked of the words that would answer.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from qa.neural.pair_network import NEVER


class ReaderNetwork(nn.Module):  # type: ignore[misc] # torch is not checked
    """A BERT body with three heads, which compute in float32 whatever the body's type.

    Args:
        bert: The body, without a pooling layer.
    """

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        width = bert.config.hidden_size
        self.bert = bert
        self.span = nn.Linear(width, 2)
        self.sentence = nn.Linear(width, 2)
        self.pool = nn.Linear(3 * width, width)
        self.judge = nn.Linear(width, 2)

    def forward(
        self, ids: Tensor, mask: Tensor, types: Tensor, passage: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Score B pairs of T tokens.

        Args:
            ids: (B, T) token ids.
            mask: (B, T), 1 at tokens that are not padding.
            types: (B, T), 1 at the passage and the separator after it.
            passage: (B, T), true at the passage's tokens.

        Returns:
            Logits of tokens (B, T, 4): first and last of the span, ``NEVER`` outside
            the passage but for token 0, which stands for no answer; then whether its
            sentence belongs in an answer, and whether it states the answer outright,
            of which a sentence's logits are the mean over its tokens. And the
            judge's logits (B, 2): answerable, relevant.
        """
        output = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types)
        hidden = output.last_hidden_state.float()
        spans = self.span(hidden)
        inside = spans.masked_fill(~passage.unsqueeze(-1), NEVER)
        picked = torch.einsum("btc,bth->bch", inside.softmax(dim=1), hidden)
        seen = torch.cat((hidden[:, 0], picked[:, 0], picked[:, 1]), dim=-1)
        judged = self.judge(functional.gelu(self.pool(seen)))
        allowed = passage.clone()
        allowed[:, 0] = True
        placed = spans.masked_fill(~allowed.unsqueeze(-1), NEVER)
        return torch.cat((placed, self.sentence(hidden)), dim=-1), judged
