"""Arrays of any framework are read as NumPy's, with how precisely they are known; what cannot be read says so."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from rankbound.testing import assert_hardmax, assert_mean_rank, assert_representable
from rankbound.testing.any_array import read_array

HARDMAX = np.eye(5)[[0, 1, 1, 3, 4]]
NO_HEAD = r"no head of dimension 3 has P as its attention"


class Exported:
    """What offers DLPack and nothing else."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class OnTheDevice(Exported):
    """As CuPy does: refuses ``__array__``, and copies to the CPU where DLPack asks for it."""

    def __array__(self, *args, **options):
        raise TypeError("Implicit conversion to a NumPy array is not allowed.")

    def __dlpack__(self, **options):
        if options.get("dl_device") != (1, 0):
            raise BufferError("the data is on a GPU")
        return self.array.__dlpack__()

    def __dlpack_device__(self):
        return (2, 0)


class Tensor:
    """As a tensor of PyTorch on a device: in a graph, in bfloat16, read by NumPy only after three steps."""

    def __init__(self, array, done=()):
        self.array, self.done = array, done
        self.dtype = "fake.float32" if "float" in done else "fake.bfloat16"

    def detach(self):
        return Tensor(self.array, (*self.done, "detach"))

    def cpu(self):
        return Tensor(self.array, (*self.done, "cpu"))

    def float(self):
        return Tensor(self.array, (*self.done, "float"))

    def __array__(self, *args, **options):
        if self.done != ("detach", "cpu", "float"):
            raise RuntimeError("Can't call numpy()\non this.")
        return self.array.astype(np.float32)


class Negated(Tensor):
    """As a view of PyTorch whose sign is kept beside the data: DLPack would lose it."""

    def resolve_neg(self):
        return Exported(-self.array)

    def detach(self):
        return self

    def __array__(self, *args, **options):
        raise RuntimeError("Can't call numpy() on Tensor that has negative bit set.")

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class Fake(Exported):
    """As a fake or a masked tensor of PyTorch: on the CPU, not readable, and DLPack exports whatever is in memory."""

    def __array__(self, *args, **options):
        raise RuntimeError("nothing is in memory")


class Unreadable:
    def __array__(self, *args, **options):
        raise RuntimeError("abstract value:\n  nothing to read")


@pytest.mark.parametrize("kind", [Exported, OnTheDevice, Tensor])
def test_what_offers_a_way_is_read(kind):
    for value in (kind(HARDMAX), [kind(HARDMAX)], (kind(HARDMAX), kind(HARDMAX))):
        assert_hardmax(value)
        assert (read_array("x", value).array == HARDMAX).all()


def test_a_sign_that_is_kept_beside_the_data_counts():
    assert_hardmax(Negated(-HARDMAX))
    with pytest.raises(AssertionError, match="row 0 of matrix is not hardmax"):
        assert_hardmax(Negated(HARDMAX))


def test_what_refuses_to_be_read_on_the_cpu_is_not_read_all_the_same():
    with pytest.raises(ValueError, match="nothing is in memory"):
        assert_hardmax(Fake(HARDMAX))


def test_what_offers_none_is_one_line():
    with pytest.raises(ValueError, match="expected an array that can be read on the CPU") as caught:
        assert_hardmax(Unreadable())
    message = str(caught.value)
    assert "Unreadable" in message
    assert "abstract value: nothing to read; copy it to the CPU" in message
    assert "\n" not in message


def test_the_precision_is_that_of_what_was_given():
    assert read_array("x", HARDMAX).precision == 2.0**-52
    assert read_array("x", HARDMAX.astype(np.float16)).precision == 2.0**-10
    assert read_array("x", HARDMAX.astype(int)).precision == 0
    assert read_array("x", Tensor(HARDMAX)).precision == 2.0**-7
    assert read_array("x", [Exported(HARDMAX), Tensor(HARDMAX)]).precision == 2.0**-7


def attention(n=7):
    weights = np.exp(np.random.default_rng(3).standard_normal((n, n)))
    return weights / weights.sum(axis=1, keepdims=True)


# Frameworks, where they are installed.


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def jnp():
    return pytest.importorskip("jax.numpy")


@pytest.mark.parametrize("kind", ["float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "int8", "bool"])
def test_tensors_of_every_type(torch, kind):
    tensor = torch.tensor(HARDMAX).to(getattr(torch, kind))
    assert_hardmax(tensor)
    assert_hardmax([tensor, tensor])
    with pytest.raises(AssertionError, match="row 0 of matrix is not hardmax"):
        assert_hardmax(tensor.to(torch.float32).flip(0)[:, :4])


def test_a_lazy_sign_counts(torch):
    tensor = torch.tensor(HARDMAX)
    assert_hardmax(torch.conj(torch.complex(0 * tensor, -tensor)).imag)
    with pytest.raises(AssertionError, match="row 0 of matrix is not hardmax"):
        assert_hardmax(torch.conj(torch.complex(0 * tensor, tensor)).imag)


def test_tensors_in_a_graph_and_parameters(torch):
    tensor = torch.tensor(HARDMAX).bfloat16().requires_grad_()
    assert_hardmax(tensor)
    assert_hardmax(torch.nn.Parameter(tensor))
    assert tensor.requires_grad


def test_tensors_without_data_are_one_line(torch):
    from torch._subclasses.fake_tensor import FakeTensorMode

    fake = FakeTensorMode().from_tensor(torch.tensor(HARDMAX))
    for tensor in (torch.empty(5, 5, device="meta"), torch.tensor(HARDMAX).to_sparse(), fake):
        with pytest.raises(ValueError, match="expected an array that can be read on the CPU") as caught:
            assert_hardmax(tensor)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["float32", "float16", "bfloat16"])
def test_attention_in_low_precision(torch, kind):
    tensor = torch.softmax(torch.tensor(attention(), dtype=torch.float32).log(), -1).to(getattr(torch, kind))
    assert_representable(tensor, 6, convention="rows")
    with pytest.raises(AssertionError, match=NO_HEAD):
        assert_representable(tensor, 3, convention="rows")


def test_ranks_of_a_framework(torch):
    from rankbound import Setting

    assert_mean_rank(torch.full((60,), 2), Setting(n_keys=5, n_queries=9, head_dim=1), level=1e-3)


def test_arrays_of_jax(jnp):
    import jax

    for kind in ("float32", "bfloat16", "float8_e4m3fn", "int4", "bool"):
        assert_hardmax(jnp.asarray(HARDMAX, dtype=kind))
    with pytest.raises(AssertionError, match=NO_HEAD):
        assert_representable(jnp.asarray(attention(), dtype="bfloat16"), 3, convention="rows")
    with pytest.raises(ValueError, match="outside of compiled functions"):
        jax.jit(lambda x: assert_hardmax(x))(jnp.asarray(HARDMAX))


def test_no_framework_is_imported():
    code = (
        "import sys; from rankbound.testing import *; import numpy as np; assert_hardmax(np.eye(3)); "
        "print({'torch', 'jax', 'cupy', 'ml_dtypes'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
