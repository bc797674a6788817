import hashlib
import math

import numpy as np
import pytest

from language import BIGRAM_SHARE, VOCABULARY, Text, synthetic


def test_the_three_floors_are_those_of_the_language():
    floors = synthetic().floors
    assert [round(floors[name], 4) for name in ("unigram", "bigram", "source")] == [3.6993, 2.9800, 2.6511]
    # The language that the study describes has these; its tables are not known.
    assert list(floors.values()) == pytest.approx([3.7016, 2.9764, 2.6495], abs=0.004)
    assert math.log(VOCABULARY) > floors["unigram"] > floors["bigram"] > floors["source"]
    assert BIGRAM_SHARE == 0.7


def test_a_long_sample_has_the_exact_entropies():
    source = synthetic()
    tokens, losses = source.validation(1, 3000, 64)
    assert losses.mean() == pytest.approx(source.floors["source"], abs=4 * losses.std() / math.sqrt(losses.size))
    counts = np.bincount(tokens.ravel(), minlength=VOCABULARY) / tokens.size
    assert -(counts * np.log(counts)).sum() == pytest.approx(source.floors["unigram"], abs=0.005)
    pairs = np.zeros((VOCABULARY, VOCABULARY))
    np.add.at(pairs, (tokens[:, :-1].ravel(), tokens[:, 1:].ravel()), 1)
    pairs /= pairs.sum()
    assert np.abs(pairs - source.pairs).sum() < 0.1


def test_a_batch_follows_from_seed_and_step_alone():
    source = synthetic()
    first = source.batch(42, 7, 8, 16)
    assert first.shape == (8, 17) and (first == source.batch(42, 7, 8, 16)).all()
    assert (first != source.batch(42, 8, 8, 16)).any() and (first != source.batch(43, 7, 8, 16)).any()


def test_a_text_is_read_in_bytes_and_its_end_is_kept_for_validation(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"a" * 900 + b"b" * 100)
    own = hashlib.sha256(path.read_bytes()).hexdigest()
    text = Text(path, own)
    assert text.vocabulary == 256 and text.floors == {}
    assert set(np.unique(text.batch(1, 1, 50, 10))) == {ord("a")}
    windows, true = text.validation(1, 5, 10)
    assert set(np.unique(windows)) == {ord("b")} and true is None
    path.write_bytes(b"c" * 1000)
    with pytest.raises(RuntimeError, match="it has changed"):
        Text(path, own)
