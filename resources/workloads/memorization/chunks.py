"""Which trials train together. A chunk is one stack of networks, and what a resumed run may have to repeat."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from architectures import trials_for

# Parameters, gradients and two moments in float32.
BYTES_PER_NUMBER = 16
# Of the last cache that the cores share, so that several workers and the batch's data fit beside it. Measured: steps
# of [32, 32] to [400, 400] are fastest at 3 to 6 MB of state where 32 MB are shared.
CACHE_SHARE = 6
SMALLEST_BYTES, LARGEST_BYTES = 2 << 20, 8 << 20
# A GPU has no such edge: there a whole N goes at once unless its state would be larger than this.
ACCELERATOR_BYTES = 1 << 30


@dataclass(frozen=True)
class Chunk:
    """Trials `first` to `last` (inclusive, from 0) on `count` scenarios each."""

    count: int
    first: int
    last: int

    @property
    def trials(self):
        return range(self.first, self.last + 1)

    def title(self, of):
        trials = f"trial {self.first + 1}" if self.first == self.last else f"trials {self.first + 1}–{self.last + 1}"
        return f"N = {self.count} · {trials} of {of}"


def cache_bytes():
    """Size of the largest cache of this processor, or None where it is not told."""
    if sys.platform == "darwin":
        command = ["/usr/sbin/sysctl", "-n", "hw.perflevel0.l2cachesize"]
        try:
            return int(subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout)
        except (OSError, ValueError, subprocess.SubprocessError):
            return None
    units = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    found = []
    for path in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size"):
        text = path.read_text().strip()
        if text[:-1].isdigit() and text[-1] in units:
            found.append(int(text[:-1]) * units[text[-1]])
    return max(found, default=None)


def state_budget(device):
    """Bytes of training state that one stack may have."""
    if device != "cpu":
        return ACCELERATOR_BYTES
    return min(LARGEST_BYTES, max(SMALLEST_BYTES, (cache_bytes() or 0) // CACHE_SHARE))


def plan_chunks(counts, target_ratios, width_of, budget, size=0):
    """All chunks in the order they are trained. `width_of(count)`: numbers of one network; `size`: 0 = by budget."""
    chunks = []
    for count in counts:
        trials = trials_for(target_ratios, count)
        most = size or max(1, budget // (BYTES_PER_NUMBER * width_of(count)))
        parts = -(-trials // most)
        # Equal parts: a small rest would cost nearly as much as a full stack.
        edges = [trials * part // parts for part in range(parts + 1)]
        chunks += [Chunk(count, first, after - 1) for first, after in zip(edges[:-1], edges[1:])]
    return chunks
