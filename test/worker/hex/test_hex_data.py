import subprocess
import sys
import threading

import numpy as np
import pytest
import torch

import game_data
from game_data import DataSpec, load_games, load_part, split_games
from hex_runs import WORKLOAD
from workload_modules import WORKLOADS
from positions import Positions
from rules import BLUE, EMPTY, RED, swapped, turned, winner
from self_play import NO_MOVE, SelfPlay

SPEC = DataSpec(5, 12, 8, 0.02, 3)


def replayed(moves, ply):
    board = np.zeros(25, int)
    board[moves[:ply][0::2]], board[moves[:ply][1::2]] = BLUE, RED
    return board.reshape(5, 5)


def test_a_game_ends_with_the_move_that_wins_it(played):
    _, games, _ = played
    for moves, won, plies in zip(games.moves, games.winners, games.plies, strict=True):
        assert len(set(moves[:plies])) == plies and (moves[plies:] == NO_MOVE).all()
        assert winner(replayed(moves, plies)) == won and winner(replayed(moves, plies - 1)) == EMPTY
        assert won == (BLUE if plies % 2 else RED)


def test_the_player_takes_a_win_that_is_one_move_away():
    play = SelfPlay(5, 1, 400, 0.005, 0)
    play.stones[0, 0, [10, 11, 12, 13]] = True  # Blue lacks the last cell of the third row
    play.stones[1, 0, [0, 1, 2, 9]] = True
    play.ply = 8
    cells, scores = play.scores(np.array([0]), 0)
    assert cells[0, scores[0].argmax()] == 14
    assert scores[0].max() == 1.0


def test_completions_share_the_empty_cells(monkeypatch):
    play, seen = SelfPlay(4, 3, 10, 0.02, 1), []
    monkeypatch.setattr(play, "joined", lambda stones, side: seen.append(stones) or np.zeros(len(stones), bool))
    play.scores(np.arange(3), 0)
    assert (seen[0].sum(axis=1) == 8).all()


def test_a_game_that_is_judged_wrongly_is_found(played):
    play = SelfPlay(4, 3, 8, 0.02, 5)
    play.play()
    play.check()
    play.winners[1] = BLUE + RED - play.winners[1]
    with pytest.raises(RuntimeError, match="Game 1 was not won by"):
        play.check()


def test_equal_settings_give_equal_games_and_others_give_others(tmp_path):
    first, again = load_games(SPEC, tmp_path / "a"), load_games(SPEC, tmp_path / "b")
    np.testing.assert_array_equal(first.moves, again.moves)
    other = load_games(DataSpec(5, 12, 8, 0.02, 4), tmp_path / "a")
    assert not np.array_equal(first.moves, other.moves)
    assert len(list((tmp_path / "a").iterdir())) == 2


def test_parts_do_not_depend_on_how_many_follow(tmp_path, monkeypatch):
    monkeypatch.setattr(game_data, "PART_GAMES", 5)
    assert [SPEC.part_games(part) for part in range(SPEC.parts)] == [5, 5, 2]
    longer = load_games(DataSpec(5, 15, 8, 0.02, 3), tmp_path)
    first = load_part(SPEC, 1, tmp_path, tell=lambda sentence: pytest.fail(sentence))
    np.testing.assert_array_equal(longer.moves[5:10], first.moves)


@pytest.mark.parametrize("damage", [lambda data: data[:200], lambda data: b"", lambda data: data[:-30] + b"x" * 30])
def test_a_damaged_cache_file_is_made_again(tmp_path, damage):
    whole = load_games(SPEC, tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    np.testing.assert_array_equal(load_games(SPEC, tmp_path).moves, whole.moves)
    assert game_data.stored(path, SPEC, 0) is not None and len(list(tmp_path.iterdir())) == 1


RACE = """
import sys; sys.path[:0] = sys.argv[1:3]
from game_data import DataSpec, load_games
told = []
games = load_games(DataSpec(6, 250, 64, 0.02, 3), sys.argv[3], tell=told.append)
print(int(games.moves.astype('int64').cumsum(1).sum()), sum(text.startswith('Playing') for text in told))
"""


def test_of_racing_processes_one_plays_and_all_agree(tmp_path):
    racing = [
        subprocess.Popen([sys.executable, "-B", "-c", RACE, str(WORKLOAD), str(WORKLOADS.parent / "python"), str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    printed = [process.communicate()[0].split() for process in racing]
    assert [process.returncode for process in racing] == [0, 0, 0]
    assert len({total for total, _ in printed}) == 1 and sum(int(times) for _, times in printed) == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_whoever_waits_says_so_and_can_be_stopped(tmp_path):
    path, told = SPEC.file(tmp_path, 0).with_suffix(".lock"), []
    held, release = threading.Event(), threading.Event()

    def hold():
        with game_data.only_one(path, lambda: None, lambda seconds: None):
            held.set()
            release.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)

    def stop(seconds):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_part(SPEC, 0, tmp_path, tell=told.append, wait=stop)
    release.set()
    holder.join()
    assert told == ["Another run plays games 1 to 12; waiting for them."]
    assert len(load_games(SPEC, tmp_path).winners) == 12


def test_the_split_is_by_whole_games_and_the_same_for_all(played):
    spec, games, _ = played
    training, validation = split_games(spec)
    assert len(training) == 32 and sorted([*training, *validation]) == list(range(40))
    np.testing.assert_array_equal(training, split_games(spec)[0])
    assert len(Positions(games, training, 5)) == (games.plies[training] + 1).sum()


def test_every_position_is_what_replaying_the_game_gives(played):
    spec, games, _ = played
    chosen = np.array([7, 3, 20])
    positions, at = Positions(games, chosen, 5), 0
    for place, game in enumerate(chosen):
        for ply in range(games.plies[game] + 1):
            inputs, target, value = positions.batch(torch.tensor([at]), 3)
            board = replayed(games.moves[game], ply)
            np.testing.assert_array_equal(inputs[0, :2].numpy(), [board == BLUE, board == RED])
            assert inputs[0, 2].unique().tolist() == [ply % 2]
            assert int(target) == (games.moves[game][ply] if ply < games.plies[game] else NO_MOVE)
            assert float(value) == (games.winners[game] == BLUE) and positions.game[at] == place
            at += 1
    assert at == len(positions)
    assert int((positions.targets == NO_MOVE).sum()) == 3


def test_the_four_sides_of_a_position_are_the_same_game(played):
    _, games, _ = played
    positions = Positions(games, np.arange(10), 5)
    every = torch.arange(len(positions))
    plain = positions.batch(every, 3)
    for symmetry, seen in enumerate((lambda b: b, turned, swapped, lambda b: swapped(turned(b)))):
        inputs, targets, values = positions.batch(every, 3, torch.full((len(every),), symmetry))
        for at in range(0, len(every), 7):
            before, after = (np.where(x[at, 0] > 0, BLUE, np.where(x[at, 1] > 0, RED, EMPTY)) for x in (plain[0], inputs))
            np.testing.assert_array_equal(after, seen(before))
            assert (targets[at] == NO_MOVE) == (plain[1][at] == NO_MOVE)
            if targets[at] != NO_MOVE:
                mark = np.zeros((5, 5), int)
                mark.flat[int(plain[1][at])] = BLUE
                assert np.flatnonzero(seen(mark)) == [int(targets[at])]
            else:
                assert (winner(after) == BLUE) == bool(values[at])
            assert (values[at] == plain[2][at]) == (symmetry < 2)
            assert inputs[at, 2, 0, 0] == (plain[0][at, 2, 0, 0] if symmetry < 2 else 1 - plain[0][at, 2, 0, 0])


def test_a_limit_leaves_out_what_is_beyond_it(played):
    _, games, _ = played
    assert len(Positions(games, np.arange(10), 5, limit=17)) == 17


def test_guessing_among_empty_cells_is_worth_the_mean_of_their_logarithms(played):
    _, games, _ = played
    positions = Positions(games, np.arange(2), 5)
    counts = [25 - ply for game in (0, 1) for ply in range(games.plies[game])]
    assert positions.legal_uniform_loss() == pytest.approx(np.log(counts).mean())


def test_the_file_is_named_by_what_it_follows_from():
    assert SPEC.file("c", 0) != DataSpec(5, 12, 8, 0.03, 3).file("c", 0)
