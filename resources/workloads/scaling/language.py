"""What models read: a synthetic language whose entropy is known exactly, or the bytes of a text."""

import functools
import hashlib
from pathlib import Path

import numpy as np

VOCABULARY = 64
BYTES = 256
BIGRAM_SHARE = 0.7
LANGUAGE_SEED = 466  # one language for all batches, so that losses of any two can be compared
ZIPF_EXPONENT, BIGRAM_SPREAD, TRIGRAM_SPREAD = 0.78, 9.6, 3.5
HISTORY = 2  # tokens that decide the next one


class Source:
    """A second-order Markov source: the next token follows the last one, and to three tenths the last two."""

    vocabulary = VOCABULARY

    def __init__(self):
        random = np.random.default_rng(LANGUAGE_SEED)
        rank = np.arange(1, VOCABULARY + 1) ** -ZIPF_EXPONENT
        zipf = rank / rank.sum()
        bigrams = random.dirichlet(BIGRAM_SPREAD * zipf, VOCABULARY)
        trigrams = random.dirichlet(TRIGRAM_SPREAD * zipf, VOCABULARY * VOCABULARY)
        # [two before, one before, next]
        self.law = BIGRAM_SHARE * bigrams[None] + (1 - BIGRAM_SHARE) * trigrams.reshape(3 * (VOCABULARY,))
        self.cumulative = np.cumsum(self.law, axis=2)
        self.cumulative[:, :, -1] = 1.0
        self.pairs = self.stationary()

    def stationary(self):
        """How often each pair of neighbours occurs in the long run."""
        pairs = np.full((VOCABULARY, VOCABULARY), 1.0 / VOCABULARY**2)
        for _ in range(1000):
            following = np.einsum("ab,abc->bc", pairs, self.law)
            if np.abs(following - pairs).sum() < 1e-14:
                break
            pairs = following
        return following / following.sum()

    @functools.cached_property
    def floors(self):
        """Nats that remain for a reader who knows how often tokens occur, who knows the last one, and who knows it all."""
        single = self.pairs.sum(axis=0)
        second = np.einsum("ab,abc->bc", self.pairs, self.law)
        return {
            "unigram": entropy(single),
            "bigram": entropy(second) - entropy(second.sum(axis=1)),
            "source": float((self.pairs * -xlogx(self.law).sum(axis=2)).sum()),
        }

    def sample(self, random, count, length):
        """[count, HISTORY + length] tokens, each row from the stationary distribution on."""
        tokens = np.empty((count, HISTORY + length), dtype=np.int64)
        start = np.searchsorted(np.cumsum(self.pairs.ravel()), random.random(count)).clip(max=VOCABULARY**2 - 1)
        tokens[:, 0], tokens[:, 1] = start // VOCABULARY, start % VOCABULARY
        chances = random.random((length, count, 1))
        for at in range(length):
            bounds = self.cumulative[tokens[:, at], tokens[:, at + 1]]
            tokens[:, at + HISTORY] = (bounds < chances[at]).sum(axis=1)
        return tokens

    def batch(self, seed, step, count, sequence):
        """[count, sequence + 1] tokens of a step: they follow from seed and step alone."""
        return self.sample(np.random.default_rng([seed, 1, step]), count, sequence + 1)[:, HISTORY:]

    def validation(self, seed, count, sequence):
        """Tokens as of a batch, and the loss [count, sequence] of a reader who knows the source and all that came before."""
        tokens = self.sample(np.random.default_rng([seed, 2]), count, sequence + 1)
        two, one, following = tokens[:, 1:-2], tokens[:, 2:-1], tokens[:, 3:]
        return tokens[:, HISTORY:], -np.log(self.law[two, one, following])


class Text:
    """The bytes of a file; the last tenth is for validation."""

    vocabulary, floors = BYTES, {}

    def __init__(self, path, fingerprint):
        content = Path(path).read_bytes()
        if fingerprint_of(content) != fingerprint:
            raise RuntimeError(f"{path} is not the text that this experiment was planned with: it has changed.")
        self.tokens = np.frombuffer(content, dtype=np.uint8).astype(np.int64)
        self.border = len(self.tokens) * 9 // 10

    def batch(self, seed, step, count, sequence):
        random = np.random.default_rng([seed, 1, step])
        return self.windows(random.integers(0, self.border - sequence, count), sequence)

    def validation(self, seed, count, sequence):
        """Windows side by side over the last tenth; nobody knows the true loss of a text."""
        starts = np.linspace(self.border, len(self.tokens) - sequence - 1, count).astype(np.int64)
        return self.windows(np.unique(starts), sequence), None

    def windows(self, starts, sequence):
        return self.tokens[starts[:, None] + np.arange(sequence + 1)]


def fingerprint_of(content):
    return hashlib.sha256(content).hexdigest()


@functools.cache
def synthetic():
    return Source()


def xlogx(values):
    return values * np.log(np.where(values > 0, values, 1.0))


def entropy(chances):
    return float(-xlogx(chances).sum())
