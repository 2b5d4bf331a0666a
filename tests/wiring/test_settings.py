"""Settings: a variable wins over qa.toml, qa.toml over the default."""

import os
from pathlib import Path

import pytest

from qa.errors import SettingsError
from qa.settings import Settings, home, load_settings, origins


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    """A home of one's own, no variable from outside."""
    for name in [name for name in os.environ if name.upper().startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_HOME", str(tmp_path))


@pytest.fixture
def toml(tmp_path):
    def write(text):
        data = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "qa.toml").write_bytes(data)

    return write


def origin_of(name):
    return {o.name: (o.value, o.origin) for o in origins(load_settings())}[name]


def test_a_variable_wins_over_the_file_and_the_file_over_the_default(monkeypatch, toml):
    default = Settings.model_fields["hits"].default
    assert load_settings().hits == default
    assert origin_of("hits") == (str(default), "default")
    toml("hits = 7")
    assert load_settings().hits == 7
    assert origin_of("hits") == ("7", "qa.toml")
    monkeypatch.setenv("QA_HITS", "9")
    assert load_settings().hits == 9
    assert origin_of("hits") == ("9", "QA_HITS")


def test_every_setting_has_a_description_and_an_origin():
    assert [o.name for o in origins(load_settings())] == list(Settings.model_fields)
    assert all(field.description for field in Settings.model_fields.values())


def test_folders_are_taken_from_the_home(tmp_path, monkeypatch, toml):
    assert load_settings().seeds == tmp_path / "seeds"
    toml('seeds = "articles"\nindex = "/somewhere/else"')
    assert load_settings().seeds == tmp_path / "articles"
    assert load_settings().index == Path("/somewhere/else")
    assert load_settings().answers == ""
    toml('answers = "given"')
    assert load_settings().answers == str(tmp_path / "given")
    toml('store = "shared/library"')
    assert load_settings().store == str(tmp_path / "shared" / "library")
    toml('store = "s3://bucket/library"')
    assert load_settings().store == "s3://bucket/library"
    toml('seeds = "articles"')
    monkeypatch.delenv("QA_HOME")
    monkeypatch.chdir(tmp_path.parent)
    assert load_settings().seeds == tmp_path.parent / "seeds"


def test_the_home_may_be_below_the_users(monkeypatch):
    monkeypatch.setenv("QA_HOME", "~/articles")
    assert home() == Path.home() / "articles"


def test_an_empty_home_is_the_current_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("QA_HOME", "")
    monkeypatch.chdir(tmp_path)
    assert home() == tmp_path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hitz = 7", r"qa\.toml: there is no setting 'hitz'; known are seeds, index"),
        ("hits = 0", r"qa\.toml: hits: .*greater than or equal to 1"),
        ("hits = 'many'", r"qa\.toml: hits: .*valid integer"),
        ('strictness = "total"', r"qa\.toml: strictness: .*'lenient', 'balanced'"),
        ("seeds = 3", r"qa\.toml: seeds: .*path"),
        ("hits = ", r"qa\.toml: cannot be read"),
        (b"\xff\xfe", r"qa\.toml: cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(toml, text, told):
    toml(text)
    with pytest.raises(SettingsError, match=told) as caught:
        load_settings()
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("value", ["", "many", "0", "101", "1.5"])
def test_a_variable_that_cannot_be_used_is_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("QA_HITS", value)
    with pytest.raises(SettingsError, match="QA_HITS: hits: "):
        load_settings()


def test_a_key_is_never_shown(monkeypatch):
    assert origin_of("openai_key") == ("", "default")
    monkeypatch.setenv("QA_OPENAI_KEY", "sk-secret")
    assert load_settings().openai_key == "sk-secret"
    assert origin_of("openai_key") == ("set", "QA_OPENAI_KEY")


def test_a_password_is_never_shown_and_has_a_name_before_it(monkeypatch):
    monkeypatch.setenv("QA_AUTH", "ann:secret:word")
    assert load_settings().auth == "ann:secret:word"
    assert origin_of("auth") == ("set", "QA_AUTH")
    monkeypatch.setenv("QA_AUTH", "secret")
    with pytest.raises(SettingsError, match="QA_AUTH: auth: "):
        load_settings()


@pytest.mark.parametrize("proxies", ["", "127.0.0.1", "10.0.0.0/24, ::1"])
def test_proxies_are_addresses_and_networks(toml, proxies):
    toml(f'proxies = "{proxies}"')
    assert load_settings().proxies == proxies


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('proxies = "*"', r"proxies: .*'\*' is no address and no network"),
        ('proxies = "10.0.0.1/24"', "proxies: .*no network such as"),
        ('public_host = "https://a.example"', "public_host: "),
        ('builds = "later"', "builds: .*'on' or 'off'"),
        ("at_once = 0", "at_once: "),
        ('store = "gs://bucket/library"', "store: "),
        ('store = "s3://bucket"', "store: "),
        ('ray = "http://head:1"', "ray: .*is neither local nor host:port"),
    ],
)
def test_what_several_servers_are_told_is_checked(toml, line, said):
    toml(line)
    with pytest.raises(SettingsError, match=said):
        load_settings()
