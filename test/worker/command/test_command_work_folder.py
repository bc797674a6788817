import os
import time

from work_folder import COPIED_BYTES, Holder, WorkFolder, copy_tree


def frozen(tmp_path):
    code = tmp_path / "code"
    (code / "package").mkdir(parents=True)
    (code / "train.py").write_text("one")
    (code / "package" / "run.sh").write_text("two")
    (code / "package" / "run.sh").chmod(0o555)
    (code / "large.txt").write_bytes(b"x" * (COPIED_BYTES + 1))
    (tmp_path / "data").mkdir()
    (code / "data").symlink_to(tmp_path / "data")
    (tmp_path / "run").mkdir()
    return code


def test_a_run_has_its_own_copy_of_the_code_and_leaves_only_what_it_wrote(tmp_path):
    code = frozen(tmp_path)
    work = WorkFolder(tmp_path / "run", code, True, "package")
    assert work.folder == tmp_path / "run" / "work" / "package"
    assert (work.root / "large.txt").is_symlink() and (work.root / "data").resolve() == tmp_path / "data"
    assert os.access(work.folder / "run.sh", os.X_OK)
    (work.root / "train.py").write_text("mine")
    (work.folder / "out.txt").write_text("result")
    assert (code / "train.py").read_text() == "one"
    work.clear()
    left = sorted(str(path.relative_to(work.root)) for path in work.root.rglob("*"))
    assert left == ["package", "package/out.txt", "train.py"]


def test_a_folder_that_is_not_frozen_is_left_as_it_is(tmp_path):
    code = frozen(tmp_path)
    work = WorkFolder(tmp_path / "run", code, False, "")
    work.clear()
    assert work.folder == code and (code / "train.py").exists() and not (tmp_path / "run" / "work").exists()


def test_the_newest_settled_checkpoint_is_found_files_and_folders_alike(tmp_path):
    work = WorkFolder(tmp_path / "run", frozen(tmp_path), True, "")
    now = time.time()
    for name, age in (("a.pt", 30), ("b.pt", 20), ("c.pt", 0)):
        (work.folder / name).write_text(name)
        os.utime(work.folder / name, (now - age, now - age))
    (work.folder / "empty.pt").write_text("")
    (work.folder / "d.pt").mkdir()
    (work.folder / "d.pt" / "weights").write_text("w")
    os.utime(work.folder / "d.pt" / "weights", (now - 10, now - 10))
    assert work.newest("*.pt", now - 15).name == "b.pt"
    assert work.newest("*.pt", now - 5).name == "d.pt"
    assert work.newest("*.pt", now + 1).name == "c.pt"
    assert work.newest("*.none", now) is None


def test_a_checkpoint_that_is_brought_over_never_writes_into_the_frozen_code(tmp_path):
    code = frozen(tmp_path)
    work = WorkFolder(tmp_path / "run", code, True, "")
    (tmp_path / "held" / "d").mkdir(parents=True)
    (tmp_path / "held" / "d" / "weights").write_text("new")
    (tmp_path / "held" / "large.txt").write_text("new")
    copy_tree(tmp_path / "held" / "large.txt", work.folder / "large.txt")
    assert (code / "large.txt").stat().st_size == COPIED_BYTES + 1
    assert (work.folder / "large.txt").read_text() == "new"
    Holder().hold(tmp_path / "held" / "d", tmp_path / "kept" / "d")
    assert (tmp_path / "kept" / "d" / "weights").samefile(tmp_path / "held" / "d" / "weights")


def test_a_checkpoint_that_is_written_over_in_its_place_stays_whole(tmp_path):
    """As torch.save does it with one name for all: the second one must not be lost when the third is begun."""
    holder, checkpoint = Holder(), tmp_path / "ckpt.pt"
    for number in range(1, 4):
        checkpoint.write_text("whole %d" % number)  # same file, other contents
        holder.hold(checkpoint, tmp_path / str(number) / "ckpt.pt")
    checkpoint.write_text("to")
    assert [(tmp_path / str(number) / "ckpt.pt").read_text() for number in (2, 3)] == ["whole 2", "whole 3"]


def test_checkpoints_under_new_names_are_linked(tmp_path):
    holder = Holder()
    for name in ("a.pt", "b.pt"):
        (tmp_path / name).write_text(name)
        holder.hold(tmp_path / name, tmp_path / "kept" / name)
        assert (tmp_path / "kept" / name).samefile(tmp_path / name)
    fresh = tmp_path / "fresh.pt"
    fresh.write_text("new")
    os.replace(fresh, tmp_path / "b.pt")
    holder.hold(tmp_path / "b.pt", tmp_path / "again" / "b.pt")
    assert (tmp_path / "again" / "b.pt").samefile(tmp_path / "b.pt")
