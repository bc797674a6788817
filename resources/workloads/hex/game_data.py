"""The games of a data set: played once in parts, kept in the cache under the hash of what they follow from, shared by all runs."""

import contextlib
import fcntl
import hashlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from experiments import PART_GAMES
from minibatch.arrays import read_arrays, write_arrays
from self_play import NO_MOVE, SelfPlay

DATA_VERSION = 1  # counts up when the same settings would give other games
TRAINING_SHARE = 0.8
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class DataSpec:
    board: int
    games: int
    completions: int
    temperature: float
    seed: int

    @property
    def parts(self):
        return -(-self.games // PART_GAMES)

    def part_games(self, part):
        return min(PART_GAMES, self.games - part * PART_GAMES)

    def digest(self, part):
        about = {**asdict(self), "games": self.part_games(part), "part": part, "version": DATA_VERSION}
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()

    def file(self, cache, part):
        return Path(cache) / f"hex-{self.board}x{self.board}-{self.digest(part)[:24]}.npz"

    def title(self, part):
        first = part * PART_GAMES
        return f"games {first + 1} to {first + self.part_games(part)}"


@dataclass(frozen=True)
class Games:
    """`moves` [games, n*n], `winners` [games]: BLUE or RED."""

    moves: np.ndarray
    winners: np.ndarray

    @property
    def plies(self):
        return (self.moves != NO_MOVE).sum(axis=1)


def quiet(*_):
    pass


def load_part(spec, part, cache, watch=quiet, tell=quiet, wait=time.sleep):
    """The games of a part: from the cache, or played and put there. Of several processes one plays and the others wait.

    `watch` is called with the number of games finished, `tell` with a sentence about what happens, `wait` with seconds.
    """
    path = spec.file(cache, part)
    if (games := stored(path, spec, part)) is not None:
        return games
    path.parent.mkdir(parents=True, exist_ok=True)
    with only_one(path.with_suffix(".lock"), lambda: tell(f"Another run plays {spec.title(part)}; waiting for them."), wait):
        if (games := stored(path, spec, part)) is not None:
            return games
        tell(f"Playing {spec.title(part)} on {spec.board} x {spec.board}, {spec.completions} completions for a move.")
        began = time.monotonic()
        play = SelfPlay(spec.board, spec.part_games(part), spec.completions, spec.temperature, (spec.seed, part))
        play.play(watch)
        play.check()
        games = Games(play.moves, play.winners)
        write_arrays(path, {"moves": games.moves, "winners": games.winners}, compressed=True)
        tell(f"{int(games.plies.sum() + len(games.winners))} positions in {time.monotonic() - began:.1f} s.")
        return games


def stored(path, spec, part):
    """What lies at `path`, or None. A file that cannot be read or holds something else counts as none."""
    found = read_arrays(path)
    if found is None or not {"moves", "winners"} <= set(found):
        return None
    games = Games(found["moves"], found["winners"])
    return games if games.moves.shape == (spec.part_games(part), spec.board**2) else None


@contextlib.contextmanager
def only_one(path, waiting, wait):
    """Holds a lock that ends with its process, however that ends. It only saves work: files appear whole without it."""
    with open(path, "w") as file:
        told = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    waiting()
                told = True
                wait(LOOK_SECONDS)
            except OSError:
                break  # this file system has no locks
        yield
        # Whoever waits for the removed file finds the games when it comes to look.
        path.unlink(missing_ok=True)


def load_games(spec, cache, watch=quiet, tell=quiet, wait=time.sleep):
    """All games. `watch` is called with the number of games there."""
    parts = []
    for part in range(spec.parts):
        before = part * PART_GAMES
        parts.append(load_part(spec, part, cache, lambda done, before=before: watch(before + done), tell, wait))
        watch(before + spec.part_games(part))
    return Games(np.concatenate([one.moves for one in parts]), np.concatenate([one.winners for one in parts]))


def split_games(spec):
    """Indices of the training and the validation games: whole games, and the same for all experiments."""
    order = np.random.default_rng((spec.seed, 1, 80)).permutation(spec.games)
    training = min(max(round(TRAINING_SHARE * spec.games), 1), spec.games - 1)
    return np.sort(order[:training]), np.sort(order[training:])
