"""NumPy arrays in the cache that runs share: files that appear whole or not at all."""

import io
import os
import tempfile
import zipfile

import numpy as np


def read_arrays(path):
    """What `write_arrays` stored, by name. None = no such file, or one that cannot be read."""
    try:
        with np.load(path) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def write_arrays(path, arrays, compressed=False):
    """Two processes may write the same file at once: each writes one of its own, and the later rename wins."""
    buffer = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(buffer, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".making-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(buffer.getvalue())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
