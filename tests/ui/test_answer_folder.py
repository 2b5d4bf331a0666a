"""Answers that servers share: found by their ids, signed, and bounded."""

from dataclasses import fields

import pytest
from test_signing import DONE

from qa.errors import SettingsError
from qa.ui.page.conversation import Conversations, Exchange
from qa.ui.server.answer_folder import AnswerFolder
from qa.ui.server.recent_answers import RecentAnswers
from qa.ui.server.shared_state import SharedState
from qa.ui.server.signing import ExchangeSigner

SIGNER = ExchangeSigner(b"key")


@pytest.fixture
def folder(tmp_path):
    return AnswerFolder(tmp_path / "answers", SIGNER)


def other(folder):
    """The same folder, as another server has it."""
    return AnswerFolder(folder._folder, SIGNER)


def named(number, stage="answered"):
    return Exchange(f"{number:016x}", "Why?", stage=stage)


def test_an_answer_is_found_by_another_server_with_its_citations(folder):
    RecentAnswers(folder=folder).remember(DONE)
    found = RecentAnswers(folder=other(folder))
    exchange, citation = found.cited(f"{DONE.id}-1")
    assert exchange.sentences == DONE.sentences
    assert citation == DONE.citations[0]
    assert found.cited(f"{DONE.id}-2") is None


def test_an_answer_under_way_is_not_kept(folder):
    RecentAnswers(folder=folder).remember(named(1, "reading"))
    assert RecentAnswers(folder=other(folder)).find(named(1).id) is None


@pytest.mark.parametrize(
    "answer", ["", "../../etc/passwd", "0" * 15, "0" * 17, f"../answers/{DONE.id}"]
)
def test_what_is_no_id_is_not_looked_for(folder, answer):
    folder.keep(DONE)
    assert folder.find(answer) is None


def test_what_was_altered_in_the_folder_is_not_an_answer(folder):
    folder.keep(DONE)
    (file,) = folder._folder.iterdir()
    file.write_text(file.read_text().replace("So it was", "So it is"))
    assert folder.find(DONE.id) is None


def test_a_conversation_is_found_by_its_session_and_by_no_other(folder):
    folder.keep_conversation("../a session", [DONE.id, named(2).id])
    assert other(folder).conversation("../a session") == [DONE.id, named(2).id]
    assert folder.conversation("another") is None
    assert all(path.parent == folder._folder for path in folder._folder.iterdir())
    folder.keep_conversation("../a session", [])
    assert other(folder).conversation("../a session") == []


def server_of(folder):
    """What the readers of one server share, as far as answers go."""
    named = (field.name for field in fields(SharedState))
    given = dict.fromkeys(named) | {"conversations": Conversations()}
    return SharedState(
        **given | {"answers": RecentAnswers(folder=folder), "folder": folder}
    )


def ask_and_stop(server, question):
    conversation = server.conversation("s")
    assert conversation.begin(question)
    conversation.stop()
    server.answers.remember(conversation.exchanges[-1])
    return conversation


def questions(server):
    return [exchange.question for exchange in server.conversation("s").exchanges]


def test_what_is_not_kept_yet_is_not_lost_to_what_was_kept_before(folder):
    server = server_of(folder)
    server.keep("s", ask_and_stop(server, "One?"))
    conversation = ask_and_stop(server, "Two?")
    assert questions(server) == ["One?", "Two?"]
    # The answer before was kept late, when the next question had begun.
    conversation.begin("Three?")
    server.keep("s", conversation)
    conversation.stop()
    assert questions(server) == ["One?", "Two?", "Three?"]


def test_servers_take_turns_in_a_conversation(folder):
    one, two = server_of(folder), server_of(other(folder))
    for turn, server in enumerate((one, two, two, one, two)):
        server.keep("s", ask_and_stop(server, f"{turn}?"))
    assert questions(one) == questions(two) == ["0?", "1?", "2?", "3?", "4?"]
    two.conversation("s").clear()
    two.keep("s", two.conversation("s"))
    assert questions(one) == []


@pytest.mark.parametrize("damage", ["", "{", "5", "[7]"])
def test_a_damaged_conversation_is_a_new_one(folder, damage):
    folder.keep_conversation("s", [])
    (file,) = folder._folder.iterdir()
    file.write_text(damage)
    assert not folder.conversation("s")


def test_the_oldest_files_go_and_the_newest_stay(tmp_path):
    folder = AnswerFolder(tmp_path, SIGNER, kept=5)
    for number in range(202):
        folder.keep(named(number))
    kept = {path.name for path in tmp_path.iterdir()}
    assert len(kept) < 110
    assert f"{201:016x}.answer" in kept


def test_a_folder_that_cannot_be_written_costs_no_answer(folder, caplog):
    folder._folder.rmdir()
    folder._folder.write_text("no folder")
    folder.keep(DONE)
    assert "is not kept" in caplog.text
    assert folder.find(DONE.id) is None


def test_a_folder_that_cannot_be_made_is_told_with_its_setting(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="`answers`"):
        AnswerFolder(tmp_path / "file", SIGNER)
