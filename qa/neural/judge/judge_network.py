"""The judge's network: MiniLM, and heads that read the claim beside its evidence.

A first head scores each token of the claim for how much it objects; the second
judges support from the first token, the tokens that object most, and their mean,
so that the words that carry an objection can be named.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from qa.neural.pair_network import NEVER


class JudgeNetwork(nn.Module):  # type: ignore[misc] # torch is not checked
    """A BERT body with two heads, which compute in float32 whatever the body's type.

    Args:
        bert: The body, without a pooling layer.
    """

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        width = bert.config.hidden_size
        self.bert = bert
        self.objection = nn.Linear(width, 1)
        self.pool = nn.Linear(3 * width, width)
        self.support = nn.Linear(width, 1)

    def forward(
        self, ids: Tensor, mask: Tensor, types: Tensor, claim: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Score B pairs of T tokens, the claim first, then its evidence.

        Args:
            ids: (B, T) token ids.
            mask: (B, T), 1 at tokens that are not padding.
            types: (B, T), 1 at the evidence and the separator after it.
            claim: (B, T), true at the claim's tokens.

        Returns:
            Logits of support (B,), and of objection at each token (B, T), ``NEVER``
            outside the claim.
        """
        output = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types)
        hidden = output.last_hidden_state.float()
        objection = self.objection(hidden).squeeze(-1).masked_fill(~claim, NEVER)
        inside = claim.unsqueeze(-1).float()
        worst = torch.einsum("bt,bth->bh", objection.softmax(dim=1), hidden)
        mean = (hidden * inside).sum(dim=1) / inside.sum(dim=1).clamp(min=1.0)
        seen = torch.cat((hidden[:, 0], worst, mean), dim=-1)
        support = self.support(functional.gelu(self.pool(seen)))
        return support.squeeze(-1), objection
