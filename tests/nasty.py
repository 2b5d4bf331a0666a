"""Two hundred nasty files and a build of them: ``python tests/nasty.py FOLDER``.

Prints one JSON object: what became of each file, the seconds, and the peak memory.
"""

import base64
import json
import random
import re
import resource
import stat
import sys
import time
import zlib
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from fakes import Library, article
from PIL import Image
from rendering import (
    MESSAGE,
    TOWNS,
    VTT,
    as_docx,
    as_epub,
    as_html,
    as_pdf,
    as_zip,
    make_article,
    odt,
    slides,
    workbook,
)
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from qa.documents.files import can_recognise

MAX = 5_000_000
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)
SHORT = make_article(seed=3, sections=1, paragraphs=2)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><w:document>&j;</w:document>"
)
YAML_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n"
    for n in range(12)
)


def pdf(text="", *, pictures=0, script=False, password=""):
    """A small PDF: pages of pictures, then one of text."""
    buffer = BytesIO()
    lock = StandardEncryption(password) if password else None
    drawn = canvas.Canvas(buffer, encrypt=lock, invariant=1)
    for _ in range(pictures):
        drawn.drawImage(ImageReader(BytesIO(PIXEL)), 50, 50, 400, 600)
        drawn.showPage()
    for number, line in enumerate(text.split("\n")):
        drawn.drawString(72, 700 - 14 * number, line)
    drawn.showPage()
    drawn.save()
    data = buffer.getvalue()
    if script:
        action = b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
        data = data.replace(b"/Type /Catalog", action, 1)
    return data


def zip_of(*members):
    """An archive of (name or ZipInfo, content) pairs, whatever they are."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", 8) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def locked_zip():
    """An archive whose one member says that it is encrypted."""
    data = bytearray(zip_of(("a.txt", article("locked"))))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def link():
    info = ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zip_of((info, "/etc/passwd"))


def damaged_member():
    data = bytearray(zip_of(("a.txt", article("damaged", 30))))
    data[60] ^= 0xFF
    return bytes(data)


def with_part(data, name, content):
    """A package with one part more, or another in its place."""
    with ZipFile(BytesIO(data)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    return as_zip({**parts, name: content})


def png(width, height, data=b""):
    """A PNG that says how large it is, whatever it holds."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    parts = (b"IHDR" + size + b"\x08\0\0\0\0", b"IDAT" + zlib.compress(data), b"IEND")
    chunks = (
        (len(part) - 4).to_bytes(4, "big") + part + zlib.crc32(part).to_bytes(4, "big")
        for part in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def picture(kind, *, frames=1, **options):
    """A picture with lines across it; several where there are frames."""
    drawn = [Image.effect_noise((200, 150), 90 + n) for n in range(frames)]
    buffer = BytesIO()
    more = {"save_all": True, "append_images": drawn[1:]} if frames > 1 else {}
    drawn[0].save(buffer, kind, **more, **options)
    return buffer.getvalue()


def bad_pictures():
    """The same of pictures, where they are read."""
    return {
        "photo.jpg": (PIXEL, "no text is found"),
        "huge.png": (png(60_000, 60_000), "larger than 50 megapixels"),
        "wide.png": (png(2**31 - 1, 1), "larger than 50 megapixels"),
        "zero.png": (png(0, 100), "is damaged"),
        "hollow.png": (png(4000, 4000), "is damaged"),
        "cut.jpg": (picture("JPEG")[:900], "is damaged"),
        "cut.tif": (picture("TIFF", compression="tiff_lzw")[:900], "is damaged"),
        "cut.webp": (picture("WEBP")[:200], "is damaged"),
        "moving.png": (picture("PNG", frames=3), "an animation"),
        "moving.webp": (picture("WEBP", frames=3), "an animation"),
        "noise.tiff": (random.Random(4).randbytes(5000), "is damaged"),
        "text.png": (article("text").encode(), "is damaged"),
    }


def bad_files():
    """Each name with its bytes and a piece of the reason it must be refused with."""
    docx, epub = as_docx(SHORT), as_epub(SHORT)
    return {
        "empty.txt": (b"", "empty"),
        "empty.pdf": (b"", "empty"),
        "blank.html": (b" \n ", "empty"),
        "nul.txt": (b"words \x00 words", "binary"),
        "nul.html": (b"<p>words \x00 words</p>", "binary"),
        "png.md": (PIXEL, "binary"),
        "long.txt": (b"line " * 1_200_000, "larger than 5 MB"),
        "yaml.md": (b"---\ntitle: [\n---\ntext", "not valid YAML"),
        "laughs.md": (f"---\n{YAML_LAUGHS}title: *m\n---\ntext".encode(), "title"),
        "deep.jsonl": (b"[" * 100_000, "not valid JSON"),
        "list.jsonl": (b"[1]\n", "not a JSON object"),
        "twice.jsonl": (b'{"id": 1, "text": "a"}\n' * 2, "stands twice"),
        "noise.pdf": (b"%PDF-1.7\n" + random.Random(1).randbytes(5000), "no PDF"),
        "locked.pdf": (pdf("Secret words.", password="x"), "is encrypted"),
        "scanned.pdf": (pdf(pictures=3), "is scanned"),
        "blank.pdf": (pdf(), "holds no text"),
        "deep.html": (b"<div>" * 100_000 + b"<p>words", "nested too deeply"),
        "script.html": (b"<html><script>words()</script></html>", "holds no text"),
        "noise.docx": (random.Random(2).randbytes(5000), "damaged archive"),
        "text.docx": (article("text").encode(), "damaged archive"),
        "old.docx": (b"\xd0\xcf\x11\xe0" + bytes(600), "is encrypted"),
        "none.docx": (zip_of(("a.xml", "<a/>")), "is no Word file"),
        "laughs.docx": (with_part(docx, "word/document.xml", LAUGHS), "entities"),
        "macro.docx": (with_part(docx, "word/vbaProject.bin", b"x"), "holds macros"),
        "bomb.docx": (with_part(docx, "word/x.xml", bytes(30_000_000)), "zip bomb"),
        "macro.docm": (docx, "macros"),
        "sheet.xlsm": (docx, "macros"),
        "old.doc": (b"\xd0\xcf\x11\xe0" + bytes(600), "save it as .docx"),
        "slides.pptx": (docx, "no PowerPoint file"),
        "bomb.pptx": (with_part(slides(), "ppt/x.xml", bytes(30_000_000)), "zip bomb"),
        "laughs.pptx": (with_part(slides(), "ppt/x.xml", LAUGHS), "entities"),
        "bomb.xlsx": (with_part(workbook(A=SHEET), "x.xml", bytes(30_000_000)), "bomb"),
        "noise.xlsx": (random.Random(3).randbytes(5000), "encrypted or damaged"),
        "laughs.odt": (odt("", **{"meta.xml": LAUGHS}), "entities"),
        "deep.json": (b"[" * 100_000, "not valid JSON"),
        "none.eml": (b"words", "no message"),
        "none.vtt": (b"words", "no subtitle file"),
        "none.rtf": (b"words", "no RTF file"),
        "old.ppt": (b"\xd0\xcf\x11\xe0", "save it as .pptx"),
        "mail.msg": (b"\xd0\xcf\x11\xe0", "save it as .eml"),
        "song.mp3": (b"ID3", "transcript"),
        "page.mhtml": (b"MIME-Version: 1.0", "HTML only"),
        **{
            file: (data, reason if can_recognise() else "is a picture")
            for file, (data, reason) in bad_pictures().items()
        },
        "photo.gif": (PIXEL, "save it as .png"),
        "packed.tar.gz": (b"\x1f\x8b", "pack it as .zip"),
        "program.exe": (b"MZ", "this kind of file is not read"),
        "none.epub": (zip_of(("a.txt", "a")), "damaged inside the archive"),
        "broken.epub": (with_part(epub, "OPS/book.opf", "<package>"), "not valid XML"),
        "drm.epub": (
            with_part(epub, "META-INF/encryption.xml", '<x URI="OPS/c0.xhtml"/>'),
            "is protected",
        ),
        "bomb.zip": (zip_of(("a.txt", bytes(50_000_000))), "zip bomb"),
        "out.zip": (zip_of(("../../a.txt", article("out"))), "leads out"),
        "root.zip": (zip_of(("/etc/a.txt", article("root"))), "leads out"),
        "drive.zip": (zip_of(("C:\\a.txt", article("drive"))), "leads out"),
        "nested.zip": (zip_of(("b.zip", zip_of(("a.txt", "a")))), "in an archive"),
        "locked.zip": (locked_zip(), "is encrypted"),
        "link.zip": (link(), "is a link"),
        "damaged.zip": (damaged_member(), "is damaged"),
        "many.zip": (zip_of(*((f"{n}.txt", "") for n in range(10_001))), "10,000"),
        "none.zip": (zip_of(), "holds no article"),
        "cut.zip": (zip_of(("a.txt", "words"))[:-30], "damaged archive"),
    }


def good_files():
    """Files that look bad and hold an article all the same."""
    words = article("good", 12)
    return {
        "line.txt": words.replace("\n\n", " ").encode() * 400,
        "mixed.txt": words.encode() + "Le café coûte très cher.".encode("latin-1"),
        "utf16.txt": words.encode("utf-16"),
        "half.txt": "words ".encode("utf-16-le"),
        "rtl.txt": ("\u202eThe tower stood.\u202c שלום עולם. " + words).encode(),
        "invisible.txt": "\u200b".join(words).encode(),
        "surrogate.txt": words.encode() + b"\xed\xa0\x80",
        "script.pdf": pdf("The tower stands in the old town.", script=True),
        "half.pdf": pdf("The tower stands in the old town.", pictures=2),
        "tags.html": b"<b>" * 100 + words.encode(),
        "latin.html": "<meta charset=iso-8859-1><p>Le café.</p>".encode("latin-1"),
        "hash # name.txt": words.encode(),
        "mixed.zip": zip_of(("good.txt", words), ("bad.pdf", b"%PDF")),
        **{f"{n}.{kind}": make() for n in range(6) for kind, make in MADE.items()},
    }


SHEET = dict(enumerate(TOWNS, 1))
MADE = {
    "xlsx": partial(workbook, Towns=SHEET),
    "csv": partial(bytes, "\n".join(",".join(map(str, r)) for r in TOWNS), "utf-8"),
    "pptx": slides,
    "eml": partial(bytes, MESSAGE, "utf-8"),
    "mbox": partial(bytes, f"From ann Tue May 10 2022\n{MESSAGE}", "utf-8"),
    "vtt": partial(bytes, VTT, "utf-8"),
    "rtf": partial(bytes, rb"{\rtf1\ansi The caf\'e9 of \b Ann\b0  is open.\par}"),
    "odt": partial(odt, "<text:p>The pier froze.</text:p>"),
    "json": partial(bytes, json.dumps([{"town": "Velmar", "people": 41}]), "utf-8"),
    "pdf": lambda: as_pdf(SHORT)[0],
    "html": partial(as_html, SHORT),
    "docx": partial(as_docx, SHORT),
    "epub": partial(as_epub, SHORT),
    "zip": lambda: as_zip({"a.docx": as_docx(SHORT), "b/c.html": as_html(SHORT)}),
    "md": partial(bytes, f"---\ntitle: A\n---\n{article('md')}", "utf-8"),
}


def mutate(data, chance):
    """Some bytes changed, a piece cut out or doubled, perhaps an end missing."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    start, length = chance.randrange(len(data)), chance.randrange(200)
    piece = bytes(data[start : start + length])
    data[start : start + length] = chance.choice([b"", piece * 3, piece])
    return bytes(data[: chance.randint(min(50, len(data)), 2**20)])


def mutated(count):
    """Good files, changed."""
    chance = random.Random(5)
    originals = {kind: make() for kind, make in MADE.items()}
    for number in range(count):
        kind = chance.choice(sorted(originals))
        yield f"mutated{number}.{kind}", mutate(originals[kind], chance)


def write(library, total):
    """Put ``total`` files into the seeds folder, and one link that leads out."""
    files = {name: data for name, (data, _) in bad_files().items()} | good_files()
    files |= dict(mutated(total - len(files) - 1))
    for name, data in files.items():
        library.write(name, data)
    (library.home / "secret.txt").write_text("secret", encoding="utf-8")
    (library.seeds / "outside.txt").symlink_to(library.home / "secret.txt")


def peak_mb():
    """The most that this process, and the largest child of it, have taken."""
    usage = (
        resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    unit = 1 if sys.platform == "darwin" else 1024
    peaks = [used.ru_maxrss * unit for used in usage]
    # subtle: on Linux ru_maxrss also counts whoever started this program, pytest say
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        peaks[0] = int(line) * 1024
    return [round(peak / 1e6) for peak in peaks]


def main():
    library = Library(Path(sys.argv[1]))
    write(library, int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    started = time.monotonic()
    report = library.build(max_bytes=MAX)
    found = {
        "files": len(list(library.seeds.iterdir())),
        "outcomes": {s.file: [s.outcome, s.reason] for s in report.seeds},
        "seconds": round(time.monotonic() - started, 1),
        "peak_mb": peak_mb(),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
