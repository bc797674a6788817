"""Keeps the compiled form of the app's own modules in the workspace, so that not every run compiles them anew.

The folders of the app are not written to, and modules of the interpreter keep their own caches beside them.
"""
import os
import sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader

VARIABLE = "MINIBATCH_BYTECODE"


class CachingLoader(SourceFileLoader):
    def get_code(self, fullname):
        before = sys.pycache_prefix, sys.dont_write_bytecode
        sys.pycache_prefix, sys.dont_write_bytecode = os.environ[VARIABLE], False
        try:
            return super().get_code(fullname)  # compiles and runs nothing, so no other import comes in between
        finally:
            sys.pycache_prefix, sys.dont_write_bytecode = before


def loader_for(name, path):
    """The loader of one file; None = Python's own."""
    return CachingLoader(name, str(path)) if os.environ.get(VARIABLE) else None


def cache_modules_of(folder):
    """For imports from this folder and below, from now on."""
    if not os.environ.get(VARIABLE):
        return

    def find(path):
        if not os.path.abspath(path).startswith(folder):
            raise ImportError(path)
        return FileFinder(path, (CachingLoader, SOURCE_SUFFIXES))

    sys.path_hooks.insert(0, find)
    sys.path_importer_cache.clear()
