"""The seeds folder: what is found, what is read, and what is refused by name."""

import codecs
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.documents import SeedFile, load_documents, read_seed, scan_seeds
from qa.errors import SeedError, SeedsError

PROSE = (
    "Le café naïf coûte déjà très cher à l’été, et personne ne s’en étonne à Orléans."
)
MAX = 10_000


def load(file, data):
    data = data.encode() if isinstance(data, str) else data
    return load_documents(SeedFile(file, data, "unused"))


def load_or_reason(file, data):
    try:
        return load(file, data), ""
    except SeedError as error:
        return [], str(error)


def test_seeds_are_listed_in_order_with_their_folders(tmp_path):
    for name in ("b.txt", "a.md", "sub/c.txt", ".hidden.txt", ".git/d.txt", "x.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text", encoding="utf-8")
    for name in ("README.md", "sub/README.md"):
        (tmp_path / name).write_text("read me", encoding="utf-8")
    assert scan_seeds(tmp_path) == [
        "a.md",
        "b.txt",
        "sub/README.md",
        "sub/c.txt",
        "x.pdf",
    ]


def test_a_missing_folder_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(SeedsError, match="make it and add articles"):
        scan_seeds(tmp_path / "none")


def test_a_seed_is_read_with_its_hash(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"abc")
    seed = read_seed(tmp_path, "a.txt", max_bytes=3)
    assert (seed.file, seed.data) == ("a.txt", b"abc")
    assert seed.sha256.startswith("ba7816bf")


@pytest.mark.parametrize("name", ["a.txt", "A.TXT", "a.text", "a.markdown", "a.jsonl"])
def test_known_kinds_are_read_whatever_their_case(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    assert read_seed(tmp_path, name, max_bytes=MAX).data == b"x"


def test_refusals_name_the_file_and_the_reason(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("secret", encoding="utf-8")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "link.txt").symlink_to(outside)
    (seeds / "dangling.txt").symlink_to("nowhere.txt")
    (seeds / "folder.txt").mkdir()
    (seeds / "big.txt").write_bytes(b"x" * 11)
    (seeds / "paper.xyz").write_bytes(b"%PDF")
    os.mkfifo(seeds / "pipe.txt")
    reasons = {
        "link.txt": "leads out of the seeds folder",
        "dangling.txt": "no regular file",
        "folder.txt": "no regular file",
        "big.txt": "is larger than",
        "paper.xyz": "this kind of file is not read",
        "pipe.txt": "no regular file",
        "../outside.txt": "leads out of the seeds folder",
        "gone.txt": "no regular file",
    }
    for file, reason in reasons.items():
        with pytest.raises(SeedError) as caught:
            read_seed(seeds, file, max_bytes=10)
        assert str(caught.value).startswith(f"{file}: ")
        assert reason in str(caught.value)


def test_a_link_inside_the_folder_and_a_linked_seeds_folder_are_read(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_bytes(b"abc")
    (seeds / "same.txt").symlink_to("a.txt")
    (tmp_path / "alias").symlink_to(seeds)
    assert read_seed(tmp_path / "alias", "same.txt", max_bytes=MAX).data == b"abc"


def test_a_linked_folder_is_not_walked(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_bytes(b"secret")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "seeds" / "b.txt").write_bytes(b"public")
    assert scan_seeds(tmp_path / "seeds") == ["b.txt", "link"]
    with pytest.raises(SeedError):
        read_seed(tmp_path / "seeds", "link", max_bytes=MAX)


@pytest.mark.parametrize(
    "data",
    [
        PROSE.encode(),
        codecs.BOM_UTF8 + PROSE.encode(),
        PROSE.encode("utf-16"),
        codecs.BOM_UTF16_BE + PROSE.encode("utf-16-be"),
        PROSE.encode("utf-16-le"),
        PROSE.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big", "little", "big"],
)
def test_text_with_a_certain_encoding_comes_out_as_written(data):
    (document,) = load("a.txt", data)
    assert document.text == PROSE


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        (
            "cp1252",
            "The café’s owner said: “We paid £40,000” – about €45,000 – to Mr. Noël.",
        ),
        pytest.param(
            "latin-1",
            "The café in São Paulo owes Mr. Noël £40,000, said its naïve owner.",
        ),
        pytest.param("cp1252", PROSE),
        ("mac_roman", "The mill of Björn stood till 1788—it was the “oldest” of all."),
        ("mac_roman", "Der Fluß fließt über die Brücke nach Köln. Schöne Grüße!"),
        ("mac_roman", "It’s the town’s café, said its owner."),
        ("cp1252", "Miloš Žák of Škofja Loka said “no”… It’s his mill – till 1788."),
        ("cp1252", "KÖLN und STRASSBURG: DIE BRÜCKEN DER STÄDTE."),
    ],
)
def test_older_encodings_are_recognised(encoding, text):
    (document,) = load("a.txt", text.encode(encoding))
    assert document.text == text


def test_one_letter_cut_or_a_stray_byte_does_not_spoil_the_others():
    (document,) = load("a.txt", PROSE.encode()[:-1] + "é".encode()[:1])
    assert document.text[:-1] == PROSE[:-1]
    (document,) = load("a.txt", (PROSE * 9).encode().replace(b" et ", b" \x96 ", 1))
    assert document.text.count("coûte") == 9


def test_a_nul_in_a_long_text_is_passed_over():
    (document,) = load("a.txt", (PROSE * 9).encode().replace(b" et ", b" \0et ", 1))
    assert document.text == PROSE * 9


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        ("\u200b\ufeff\n".encode(), "holds no text"),
        (b"%PDF-1.7 text", "is binary"),
        (b"PK\x03\x04 text", "is binary"),
        (b"text\x00text" * 9, "is binary"),
        (bytes(range(128, 256)) * 3, "encoding is not recognised"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data, reason):
    with pytest.raises(SeedError, match=rf"^a\.txt: .*{reason}"):
        load("a.txt", data)


@given(
    st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_plain_bytes_give_documents_or_a_seed_error(data):
    documents, reason = load_or_reason("a.txt", data)
    assert bool(documents) != reason.startswith("a.txt: ")
    for document in documents:
        assert document.text.strip()
        assert document.source.title


@given(st.text("-:[]{}#&*!|>'\"%@`, \nab1é", max_size=60))
def test_any_front_matter_gives_a_document_or_a_seed_error(yaml):
    documents, reason = load_or_reason("a.md", f"---\n{yaml}\n---\nThe text.")
    assert bool(documents) != reason.startswith("a.md: ")
    assert all(document.text.endswith("The text.") for document in documents)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40)))
def test_headings_are_spans_of_the_text_and_ids_are_stable(lines):
    data = ("# A title\n\n" + "\n\n".join(lines) + "\n\n## Part\n\nThe end.").encode()
    if b"\x00" in data:
        return
    (first,), (second,) = load("a.md", data), load("a.md", data)
    assert first == second
    end = 0
    for heading in first.headings:
        assert end <= heading.start < heading.end <= len(first.text)
        text = first.text[heading.start : heading.end]
        assert text == text.strip() != ""
        end = heading.end


def test_ids_depend_on_the_file_and_on_the_text():
    ids = {
        load(file, text)[0].source.id
        for file in ("a.txt", "b.txt")
        for text in ("One.", "Two.")
    }
    assert len(ids) == 4


def test_a_text_without_a_title_is_called_by_its_first_words():
    (document,) = load("a.txt", "Rivers carry salt to the sea. " * 9)
    assert document.source.title.startswith("Rivers carry salt")
    assert document.source.title.endswith(" …")
    assert len(document.source.title) <= 82


@pytest.mark.parametrize(
    ("file", "step"),
    [
        ("a.doc", "save it as .docx"),
        ("A.DOCM", "macros"),
        ("a.xlsm", "macros"),
        ("a.rar", "pack it as .zip"),
        ("a.mhtml", "HTML only"),
        ("a.gif", "save it as .png"),
        ("a.exe", "this kind of file is not read"),
        ("a.xyz", "export it as one of these"),
        ("a.key", "export it as PDF"),
        ("a.mobi", "convert it to .epub"),
        ("a.numbers", "save it as .xlsx or .csv"),
        ("a.log", "save it as .txt"),
        ("a.heic", "save it as .png"),
        ("a.flac", "add its subtitles or a transcript"),
        ("pdf", "this kind of file is not read"),
    ],
)
def test_other_kinds_are_refused_with_the_next_step(tmp_path, file, step):
    (tmp_path / file).write_bytes(b"x")
    with pytest.raises(SeedError, match=step):
        read_seed(tmp_path, file, max_bytes=MAX)


def test_what_a_browser_saves_beside_a_page_is_no_seed(tmp_path):
    for name in ("a.html", "a_files/ad.html", "b_files/c.txt", "d_files"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert scan_seeds(tmp_path) == ["a.html", "b_files/c.txt", "d_files"]


def read_again_and_again(folder, file):
    for _ in range(500):
        read_seed(folder, file, max_bytes=None)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 5_000_000)
    stop = threading.Event()

    def write():
        while not stop.is_set():
            with path.open("ab") as stream:
                stream.write(b"x")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(SeedError, match="changed while it was read"):
            read_again_and_again(tmp_path, "a.txt")
    finally:
        stop.set()
        writer.join()
