"""The same for a module of PyTorch, here PyTorch's own: the assertions take its tensors."""

import pytest

from rankbound import Setting
from rankbound.testing import assert_hardmax, assert_representable

torch = pytest.importorskip("torch")


class Heads(torch.nn.Module):
    """Two heads of dimension 4 with standard normal projections; what they return are their weights."""

    def __init__(self):
        super().__init__()
        self.layer = torch.nn.MultiheadAttention(8, 2, bias=False, batch_first=True, dtype=torch.float64)
        torch.nn.init.normal_(self.layer.in_proj_weight)

    def forward(self, x, mask=None):
        return self.layer(x, x, x, attn_mask=mask, need_weights=True, average_attn_weights=False)[1]


def hardmax(weights):
    return torch.nn.functional.one_hot(weights.argmax(dim=-1), weights.shape[-1])


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def test_scores_have_the_rank_of_a_head():
    assert_representable(Heads()(torch.eye(8, dtype=torch.float64)), 4, convention="rows")


def test_no_token_looks_ahead():
    hidden = torch.ones(8, 8, dtype=torch.bool).triu(1)
    weights = hardmax(Heads()(torch.randn(3, 8, 8, dtype=torch.float64), hidden))
    for n in range(1, 9):
        assert_hardmax(weights[..., :n, :n])


def test_rank_of_random_heads(rank_checker):
    x = torch.eye(8, dtype=torch.float64)
    weights = [hardmax(Heads()(x)) for _ in range(500)]
    rank_checker(weights, Setting(n_queries=8, n_keys=8, head_dim=4, n_heads=2), seed=0)
