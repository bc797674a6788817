from architectures import trials_for
from chunks import LARGEST_BYTES, SMALLEST_BYTES, Chunk, plan_chunks, state_budget
from network import layout_of

COUNTS = [1, 2, 5, 10, 100]


def chunks_of(hidden, budget=5 << 20, size=0):
    return plan_chunks(COUNTS, 200, lambda count: layout_of(hidden, "summary", count).width, budget, size)


def test_every_trial_is_in_exactly_one_chunk():
    for hidden in ([32, 32], [400, 400], [2048, 2048]):
        chunks = chunks_of(hidden)
        for count in COUNTS:
            trials = [trial for chunk in chunks if chunk.count == count for trial in chunk.trials]
            assert trials == list(range(trials_for(200, count)))


def test_a_chunk_fits_the_budget_or_is_one_network():
    for hidden in ([100, 100], [200, 200], [512, 512]):
        width = layout_of(hidden, "summary", 1).width
        for chunk in chunks_of(hidden):
            assert len(chunk.trials) == 1 or len(chunk.trials) * width * 16 <= 5 << 20
    assert max(len(chunk.trials) for chunk in chunks_of([2048, 2048])) == 1


def test_a_stated_size_is_kept_to():
    assert [len(chunk.trials) for chunk in chunks_of([32, 32], size=90) if chunk.count == 1] == [66, 67, 67]


def test_the_budget_suits_any_machine():
    assert SMALLEST_BYTES <= state_budget("cpu") <= LARGEST_BYTES < state_budget("mps")


def test_a_title_counts_from_one():
    assert Chunk(10, 0, 19).title(20) == "N = 10 · trials 1–20 of 20"
    assert Chunk(2, 34, 34).title(75) == "N = 2 · trial 35 of 75"
