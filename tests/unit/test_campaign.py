"""Campaigns: the same numbers whoever draws, in whatever order, however often the run is interrupted."""

from __future__ import annotations

import itertools
import random
import threading
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

import montecarlo
from montecarlo import StoreBusyError, StoreError, WorkersError, blocks, campaign
from montecarlo.store import writing

KEYS, DIMS = (6, 24), (2, 3)
WIDTH = 0.03


def small_block(n_keys, head_dim, n_queries):
    return 30 + head_dim


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    monkeypatch.setattr(campaign, "block_replicates", small_block)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


def run(path, **options):
    return montecarlo.run_campaign(KEYS, DIMS, **{"store": path, "half_width": WIDTH, "rng": 5} | options)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What an uninterrupted run with one worker finds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(campaign, "block_replicates", small_block)
        cells = run(tmp_path_factory.mktemp("whole") / "runs.sqlite", workers=1)
    assert all(cell.estimate.replicates >= 3 * cell.block for cell in cells)  # else little is tested below
    return cells


def test_every_setting_is_a_cell_with_what_was_asked_for(path, expected):
    assert [(c.estimate.n_keys, c.estimate.n_queries, c.estimate.head_dim) for c in expected] == [
        (n, n, d) for n, d in itertools.product(KEYS, DIMS)
    ]
    for cell in expected:
        estimate = cell.estimate
        assert cell.attained_half_width <= WIDTH
        assert (estimate.half_width, estimate.reached, estimate.error) == (WIDTH, True, 1e-3)
        assert (cell.seed, cell.streams) == (5, montecarlo.STREAMS)
        assert estimate.replicates % cell.block == 0
        assert cell.block == small_block(*(getattr(estimate, name) for name in ("n_keys", "head_dim", "n_queries")))


def test_the_ranks_are_those_of_sample_ranks_and_the_interval_that_of_summarise_ranks(path, expected):
    assert run(path) == expected
    for cell in expected:
        n, d, count = cell.estimate.n_keys, cell.estimate.head_dim, cell.estimate.replicates
        ranks = montecarlo.read_ranks(path, n, d)
        assert np.array_equal(ranks, montecarlo.sample_ranks(n, d, count, rng=5))
        assert cell.estimate.horizon == blocks.horizon_for(WIDTH, n, d, n, 1e-3)
        said = montecarlo.summarise_ranks(ranks, n, d, horizon=cell.estimate.horizon)
        assert cell.estimate == replace(said, half_width=WIDTH)
        before = montecarlo.summarise_ranks(ranks[: -cell.block], n, d, horizon=cell.estimate.horizon)
        assert (before.upper - before.lower) / 2 / n > WIDTH  # one block fewer would not have done


def test_blocks_are_those_of_the_table(path, monkeypatch):
    monkeypatch.undo()
    (cell,) = montecarlo.run_campaign(512, 64, store=path, replicates=1)
    assert cell.block == blocks.block_replicates(512, 64)


def test_reading_says_the_same(path, expected):
    run(path)
    assert montecarlo.read_campaign(path) == tuple(
        replace(cell, estimate=replace(cell.estimate, half_width=None)) for cell in expected
    )
    with pytest.raises(StoreError, match=r"has nothing for .* = \(6, 6, 9\)"):
        montecarlo.read_ranks(path, 6, 9)
    with pytest.raises(ValueError, match="head_dim = 0"):
        montecarlo.read_ranks(path, 6, 0)


class Shuffled(Executor):
    """Runs what it has been given in an order of its own, and fails in between as a lost worker does."""

    def __init__(self, seed: int, failures: tuple[type[BaseException], ...] = ()) -> None:
        self.random = random.Random(seed)
        self.failures = failures
        self.waiting: list[tuple[Future, object, tuple]] = []
        self.tries: dict[object, int] = {}
        self.drawn = self.failed = 0
        self.arrived = threading.Condition()
        threading.Thread(target=self._work, daemon=True).start()

    def submit(self, task, /, *arguments):
        future = Future()
        with self.arrived:
            self.waiting.append((future, task, arguments))
            self.arrived.notify()
        return future

    def _work(self):
        while True:
            with self.arrived:
                while not self.waiting:
                    self.arrived.wait()
                future, task, arguments = self.waiting.pop(self.random.randrange(len(self.waiting)))
            if not future.set_running_or_notify_cancel():
                continue
            sizes, _, first, *_ = arguments
            again = self.tries[sizes, first] = self.tries.get((sizes, first), -1) + 1
            if again < min(len(self.failures), first // 30 % 4):  # at most three times, which is what is put up with
                self.failed += 1
                future.set_exception(self.failures[again]("a worker is gone"))
            else:
                self.drawn += 1
                future.set_result(task(*arguments))


@pytest.mark.parametrize("workers", [1, 2, 5, None])
def test_the_same_with_any_number_of_threads(path, expected, workers):
    assert run(path, workers=workers) == expected


def test_the_same_with_an_executor_that_stays_open(path, expected):
    with ThreadPoolExecutor(3) as executor:
        assert run(path, workers=executor) == expected
        assert executor.submit(int).result() == 0


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("failures", [(), (RuntimeError, CancelledError, OSError)], ids=["whole", "failing"])
def test_the_same_in_any_order_and_with_lost_workers(path, expected, seed, failures):
    executor = Shuffled(seed, failures)
    assert run(path, workers=executor, in_flight=7) == expected
    assert bool(executor.failed) is bool(failures)
    most = sum(cell.estimate.replicates // cell.block for cell in expected)
    assert executor.drawn <= most + 7 * len(expected)  # what is drawn for nothing is bounded


class Broken(ThreadPoolExecutor):
    """Breaks for good after some blocks."""

    def __init__(self, last: int, error: type[Exception]) -> None:
        super().__init__(2)
        self.left = last
        self.error = error

    def submit(self, task, /, *arguments):
        self.left -= 1
        if self.left >= 0:
            return super().submit(task, *arguments)
        if self.error is BrokenExecutor:
            raise BrokenExecutor("a process in the pool was\nterminated")
        return super().submit(self._fail)

    def _fail(self):
        raise self.error("no more")


@pytest.mark.parametrize("error", [BrokenExecutor, RuntimeError])
def test_workers_that_are_lost_for_good_are_one_clear_line_and_what_was_drawn_stays(path, expected, error):
    executor = Broken(9, error)
    with pytest.raises(WorkersError, match="the workers cannot go on") as caught:
        run(path, workers=executor, in_flight=2)
    assert "\n" not in str(caught.value)
    kept = montecarlo.read_campaign(path)
    assert 7 <= sum(cell.estimate.replicates // cell.block for cell in kept) <= 9
    assert run(path) == expected


def test_workers_with_other_streams_are_refused(path, monkeypatch):
    executor = ThreadPoolExecutor(1)
    monkeypatch.setattr("montecarlo.drawing.STREAMS", montecarlo.STREAMS + 1)  # what workers find ...
    asked = {"sizes": (6, 6, 2), "seed": 0, "first": 0, "count": 3, "streams": montecarlo.STREAMS}  # ... and are told
    with executor, pytest.raises(WorkersError, match="install the same rankbound"):
        executor.submit(montecarlo.drawing.draw_block, **asked).result()


@pytest.mark.parametrize("workers", [1, 4])
def test_interrupted_again_and_again_it_ends_with_the_same(path, expected, workers):
    written = 0

    def interrupt_after(count):
        def progress(now):
            nonlocal written
            written += 1
            left.pop()
            if not left:
                raise KeyboardInterrupt

        left = [None] * count
        return progress

    for count in itertools.cycle([1, 3, 2]):
        try:
            cells = run(path, workers=workers, progress=interrupt_after(count))
        except KeyboardInterrupt:
            kept = montecarlo.read_campaign(path)
            assert sum(-(-c.estimate.replicates // c.block) for c in kept) == written
            continue
        break
    assert cells == expected
    assert written == sum(cell.estimate.replicates // cell.block for cell in expected)


def test_a_longer_run_begins_with_a_shorter_one(path):
    short = run(path, half_width=None, replicates=300)
    first = [montecarlo.read_ranks(path, n, d) for n, d in itertools.product(KEYS, DIMS)]
    assert [cell.estimate.replicates for cell in short] == [300] * 4
    assert [cell.estimate.horizon for cell in short] == [300] * 4
    long = run(path, half_width=None, replicates=400)
    assert [cell.estimate.replicates for cell in long] == [400] * 4
    assert [cell.estimate.horizon for cell in long] == [300] * 4  # fixed before the first replicate
    for (n, d), ranks in zip(itertools.product(KEYS, DIMS), first, strict=True):
        assert np.array_equal(montecarlo.read_ranks(path, n, d)[:300], ranks)
    assert run(path, half_width=None, replicates=350) == long  # what is there stays
    reached = run(path)  # and goes on to a target, looking where any other run looks
    for cell in reached:
        assert cell.attained_half_width <= WIDTH
        assert cell.estimate.replicates == 400 or cell.estimate.replicates % cell.block == 0


def test_a_grid_may_grow(path, expected):
    montecarlo.run_campaign(24, 3, store=path, half_width=WIDTH, rng=5)
    assert run(path) == expected
    assert run(path, n_queries=10) != expected
    assert len(montecarlo.read_campaign(path)) == 8
    assert run(path, rng=None, error=None) == expected  # both are the store's


def test_a_cell_whose_sequence_excluded_everything_ends_and_says_so(path, monkeypatch):
    """An event of probability at most ``error``, so it is planted: ranks that change their mean."""

    def drifting(n_keys, head_dim, replicates, *, first_replicate=0, **options):
        places = np.arange(first_replicate, first_replicate + replicates)
        return np.where(places < 200, 2 + places % 2, 5).astype(np.int64)

    monkeypatch.setattr("montecarlo.drawing.sample_ranks", drifting)
    monkeypatch.setattr(campaign, "block_replicates", lambda n_keys, head_dim, n_queries: 200)
    (cell,) = montecarlo.run_campaign(6, 2, store=path, half_width=0.02)
    assert cell.estimate.reached is False
    assert (cell.estimate.lower, cell.estimate.upper) == (1, 6)
    assert montecarlo.run_campaign(6, 2, store=path, half_width=0.02) == (cell,)


def test_progress_tells_how_far_it_is(path):
    seen = []
    cells = run(path, workers=1, progress=seen.append)
    assert [now.drawn for now in seen] == sorted({now.drawn for now in seen})
    assert seen[-1].drawn == sum(cell.estimate.replicates for cell in cells)
    assert [now.cells_done for now in seen] == sorted(now.cells_done for now in seen)
    assert (seen[-1].cells_done, seen[-1].cells, seen[-1].left_seconds) == (4, 4, 0.0)
    assert all(now.left_seconds > 0 for now in seen[:-1])
    assert seen[-1].drawn_seconds == pytest.approx(
        sum(
            cell.estimate.replicates * montecarlo.simulation_cost(cell.estimate.n_keys, cell.estimate.head_dim) * 2
            for cell in cells
        )
    )
    assert {(now.n_keys, now.n_queries, now.head_dim) for now in seen} == {
        (n, n, d) for n, d in itertools.product(KEYS, DIMS)
    }


def test_a_store_in_use_is_refused_or_waited_for(path, expected):
    with writing(path, seed=5, error=None):
        with pytest.raises(StoreBusyError, match="another sweep"):
            run(path)
        found = []
        thread = threading.Thread(target=lambda: found.append(run(path, wait=True)))
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(60)
    assert found == [expected]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"half_width": None}, "(replicates, half_width)"),
        ({"rng": -1}, "rng = -1"),
        ({"rng": 1.0}, "rng = 1.0"),
        ({"rng": np.random.default_rng(0)}, "rng = "),
        ({"error": 0.0}, "error = 0.0"),
        ({"n_queries": 0}, "n_queries = 0"),
        ({"workers": 0}, "workers = 0"),
        ({"workers": "2"}, "workers = '2'"),
        ({"workers": 1.0}, "workers = 1.0"),
        ({"in_flight": 0}, "in_flight = 0"),
        ({"store": ""}, "store = ''"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_touched(path, change, named):
    with pytest.raises(ValueError, match="expected") as caught:
        run(path, **change)
    assert str(caught.value).startswith(named)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("sizes", "named"),
    [
        ((0, 2), "n_keys = 0"),
        ((6, [2, 0]), "head_dim = 0"),
        (([], 2), "(n_keys, head_dim) = '0 settings'"),
        ((range(1, 201), range(1, 201)), "(n_keys, head_dim) = '40000 settings'"),
        ((10**9, 64), "(n_keys, n_queries, head_dim) = (1000000000, 1000000000, 64)"),
        (("6", 2), "n_keys = '6'"),
    ],
)
def test_wrong_sizes_are_refused_before_anything_is_touched(path, sizes, named):
    with pytest.raises(ValueError, match="expected") as caught:
        montecarlo.run_campaign(*sizes, store=path, replicates=1)
    assert str(caught.value).startswith(named)
    assert list(path.parent.iterdir()) == []
