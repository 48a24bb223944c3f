from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.demo.growth import chains, connected, grow, heal, inner, meetings, path_back, smoothed, ways_back


def test_two_seeds_on_even_ground_meet_in_the_middle():
    price, region = grow(np.ones((1, 6)), np.array([0, 5]))
    assert region.tolist() == [[0, 0, 0, 1, 1, 1]]
    assert price.tolist() == [[0, 1, 2, 2, 1, 0]]


def test_a_wall_is_gone_around():
    cost = np.ones((3, 3))
    cost[0, 1] = cost[1, 1] = 100
    price, _ = grow(cost, np.array([0]))
    back = ways_back(price, cost)
    assert path_back(back, 2) == [2, 5, 7, 3, 0]
    assert price[0, 2] == pytest.approx(2 + 2 * 2**0.5)


def test_regions_meet_where_it_is_cheapest():
    cost = np.ones((3, 4))
    cost[0], cost[1] = 9, 9
    price, region = grow(cost, np.array([8, 11]))
    assert meetings(price, region, cost)[0].tolist() == [0, 1, 9, 10]


def test_a_region_that_falls_apart_or_pinches_itself_is_healed():
    region = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 0, 0, 1]])
    healed = heal(region, np.array([0, 3]), np.random.default_rng(1))
    assert connected(healed, np.array([0, 3])).all()
    a, b, c, d = healed[:-1, :-1], healed[:-1, 1:], healed[1:, :-1], healed[1:, 1:]
    assert not (((a == d) & (a != b) & (a != c)) | ((b == c) & (b != a) & (b != d))).any()


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_grown_regions_are_whole_whatever_the_ground(number):
    rng = np.random.default_rng(number)
    seeds = rng.choice(400, size=6, replace=False)
    _, region = grow(rng.uniform(0.2, 5, (20, 20)), seeds)
    healed = heal(region, seeds, rng)
    assert (healed.ravel()[seeds] == np.arange(6)).all()
    assert connected(healed, seeds).all()


def test_chains_run_from_fork_to_fork_and_close_loops():
    fork = chains([(1, 2), (2, 3), (3, 4), (3, 5)])
    assert sorted(map(tuple, fork)) == [(1, 2, 3), (3, 4), (3, 5)]
    ring = chains([(1, 2), (2, 3), (3, 1)])
    assert len(ring) == 1
    assert ring[0][0] == ring[0][-1]


def test_smoothing_keeps_the_ends():
    line = np.array([[0.0, 0.0], [1.0, 4.0], [2.0, 0.0]])
    soft = smoothed(line, 3)
    assert soft[[0, -1]].tolist() == line[[0, -1]].tolist()
    assert soft[1, 1] < 4


def test_inner_cells_keep_their_distance_from_the_border():
    mask = np.ones((5, 5), dtype=bool)
    assert inner(mask, 2).sum() == 1
    mask[2, 0] = False
    assert not inner(mask, 2).any()
