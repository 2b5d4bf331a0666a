"""Ways to spoil a file of an index: by its bytes, and by SQL."""

import sqlite3
from contextlib import closing

from qa.index.catalogue import PAGE

CATALOGUE = "catalogue.sqlite"

# Damages: each takes the bytes of a file, a source of chance and of foreign bytes.


def flipped(data, chance, _):
    for _ in range(chance.choice([1, 1, 1, 8])):
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
    return data


def flipped_at_the_start(data, chance, _):
    data[chance.randrange(min(len(data), PAGE))] ^= 1 << chance.randrange(8)
    return data


def zeroed(data, chance, _):
    start = chance.randrange(len(data))
    length = min(chance.choice([1, 16, 512, 4096, 40_000]), len(data) - start)
    data[start : start + length] = bytes(length)
    return data


def scribbled(data, chance, _):
    start = chance.randrange(len(data))
    length = min(chance.choice([4, 512, 4096]), len(data) - start)
    data[start : start + length] = chance.randbytes(length)
    return data


def truncated(data, chance, _):
    return data[: chance.choice([0, 100, 4096, chance.randrange(len(data))])]


def shifted(data, chance, _):
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randrange(5000)]
    data[start : start + len(piece)] = chance.choice([b"", piece * 2])
    return data


def page_over_page(data, chance, _):
    pages = max(1, len(data) // PAGE)
    source, target = (PAGE * chance.randrange(pages) for _ in range(2))
    piece = data[source : source + PAGE]
    data[target : target + len(piece)] = piece
    return data


def foreign(_data, chance, others):
    return chance.choice([b"These are words.\n" * 500, chance.randbytes(9000), *others])


DAMAGES = (
    flipped,
    flipped,
    flipped_at_the_start,
    zeroed,
    scribbled,
    truncated,
    shifted,
    page_over_page,
    foreign,
)


def statement(sql, *arguments):
    """A catalogue changed by SQL: whole for SQLite, and not what was written."""

    def change(folder):
        with closing(sqlite3.connect(folder / CATALOGUE)) as db, db:
            db.execute(sql, arguments)

    return change


BY_SQL = {
    "format": statement("UPDATE meta SET value = '99' WHERE key = 'format'"),
    "text": statement("UPDATE documents SET text = replace(text, 'since', 'until')"),
    "title": statement("UPDATE documents SET title = 'Other' WHERE seed = 'b.md'"),
    "offset": statement("UPDATE passages SET start = start + 1 WHERE key = 3"),
    "vectors gone": statement("DELETE FROM vectors WHERE text_hash < x'30'"),
    "vectors swapped": statement(
        "UPDATE passages SET vectors = (SELECT vectors FROM passages WHERE key = 1) "
        "WHERE key = 2"
    ),
    "passage gone": statement("DELETE FROM passages WHERE key = 4"),
    "article gone": statement("DELETE FROM documents WHERE seed = 'a.txt'"),
    "stems": statement("UPDATE passages SET stems = 'x' WHERE key = 1"),
    "posting gone": statement(
        "DELETE FROM passages_fts_data WHERE id = (SELECT max(id) "
        "FROM passages_fts_data)"
    ),
    "another embedder": statement(
        "UPDATE meta SET value = 'other@1' WHERE key = 'embedder'"
    ),
}
