"""What a user may set: ``QA_*`` variables, then ``qa.toml``, then the defaults."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from qa.errors import SettingsError
from qa.schema import Strictness

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_GENERATOR = "SmolLM2-135M-Instruct"
DEFAULT_READER = "qa-reader"
DEFAULT_JUDGE = "qa-judge"
FILE = "qa.toml"
SECRET = frozenset({"openai_key", "auth"})
"""What is never shown, and sent to no node of a cluster."""


def _user_cache() -> Path:
    """Where this user's programs keep what can be made again."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "qa-articles"


def _networks(text: str) -> str:
    """A list of addresses and networks, as it was."""
    for part in filter(None, text.split(",")):
        try:
            ip_network(part.strip())
        except ValueError as exc:
            raise ValueError(
                f"{part.strip()!r} is no address and no network such as 10.0.0.0/24"
            ) from exc
    return text


def _cluster(text: str) -> str:
    """The address of a Ray cluster, as it was."""
    if not re.fullmatch(r"|local|[^\s/:]+:\d{1,5}", text):
        raise ValueError(f"{text!r} is neither local nor host:port")
    return text


class Settings(BaseSettings):
    """Read once at the edge and handed down as plain arguments."""

    model_config = SettingsConfigDict(env_prefix="QA_", extra="forbid")

    seeds: Annotated[Path, Field(description="folder of the articles")] = Path("seeds")
    index: Annotated[Path, Field(description="folder of the index")] = Path("index")
    store: Annotated[
        str,
        Field(
            pattern=r"^(s3://[^/\s]+/\S+|([A-Za-z]:[\\/])?[^:]*)$",
            description="where several machines share the index: s3://bucket/library "
            "or a folder; empty: in the folder of the index, for one machine",
        ),
    ] = ""
    ray: Annotated[
        str,
        AfterValidator(_cluster),
        Field(
            description="host:port of a Ray cluster that builds parse and embed on, or "
            "local for one on this machine; empty: builds work in their own process",
        ),
    ] = ""
    embedder: Annotated[
        str, Field(description="the embedded model's name, a folder, or hf:owner/name")
    ] = DEFAULT_EMBEDDER
    cache: Annotated[
        Path,
        Field(description="folder of what every library shares and can be made again"),
    ] = Field(default_factory=_user_cache)
    reader: Annotated[
        str,
        Field(
            description="the embedded model's name, a folder (of a reader trained "
            "here or of a cross-encoder), hf:owner/name, or none"
        ),
    ] = DEFAULT_READER
    judge: Annotated[
        str,
        Field(
            description="the embedded model's name, a folder (of a judge trained "
            "here or of an NLI cross-encoder), hf:owner/name, or none"
        ),
    ] = DEFAULT_JUDGE
    generator: Annotated[
        str,
        Field(
            description="the embedded model's name, a .gguf file, "
            "hf:owner/repo/file.gguf, openai:http://host/v1#model, or none"
        ),
    ] = DEFAULT_GENERATOR
    openai_key: Annotated[str, Field(description="key for an openai: generator")] = ""
    passage_tokens: Annotated[
        int, Field(ge=32, le=2000, description="tokens of a passage at most")
    ] = 240
    hits: Annotated[
        int, Field(ge=1, le=100, description="passages taken from a search")
    ] = 10
    evidence_sentences: Annotated[
        int, Field(ge=1, le=20, description="sentences shown to the generator")
    ] = 7
    evidence_words: Annotated[
        int, Field(ge=20, le=1000, description="words shown to the generator")
    ] = 260
    strictness: Annotated[
        Strictness,
        Field(description="lenient, balanced or strict: how sure an answer has to be"),
    ] = Strictness.BALANCED
    answer_tokens: Annotated[
        int, Field(ge=16, le=512, description="tokens of a draft at most")
    ] = 160
    answer_seconds: Annotated[
        float, Field(gt=0, le=600, description="seconds of a draft at most")
    ] = 120.0
    connect_seconds: Annotated[
        float, Field(gt=0, le=600, description="for a connection to an openai: server")
    ] = 5.0
    first_token_seconds: Annotated[
        float, Field(gt=0, le=600, description="until such a server's first word")
    ] = 60.0
    next_token_seconds: Annotated[
        float, Field(gt=0, le=600, description="from one of its words to the next")
    ] = 15.0
    at_once: Annotated[
        int, Field(ge=1, le=64, description="questions that are answered at once")
    ] = 1
    threads: Annotated[
        int, Field(ge=0, le=256, description="of the generator; 0 chooses")
    ] = 0
    max_seed_mb: Annotated[
        int, Field(ge=1, le=10_000, description="larger files are skipped")
    ] = 50
    host: Annotated[str, Field(description="address of the page")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="port of the page")] = 7860
    auth: Annotated[
        str,
        Field(
            pattern=r"^([^:]+:.+)?$",
            description="user:password that the page asks for; empty for none",
        ),
    ] = ""
    public_host: Annotated[
        str,
        Field(
            pattern=r"^[^/:@\s]*$",
            description="name that a proxy serves the page under; empty for none",
        ),
    ] = ""
    proxies: Annotated[
        str,
        AfterValidator(_networks),
        Field(
            description="addresses or networks of the proxies that say whom they ask "
            "for, separated by commas; empty for none"
        ),
    ] = ""
    builds: Annotated[
        Literal["on", "off"],
        Field(description="off: another program brings the index up to date"),
    ] = "on"
    answers: Annotated[
        str,
        Field(description="folder where servers share their answers; empty: in memory"),
    ] = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables win over ``qa.toml`` in the home folder."""
        del dotenv_settings, file_secret_settings
        toml = TomlConfigSettingsSource(settings_cls, home() / FILE)
        return init_settings, env_settings, toml


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting as it is in force, and where its value comes from."""

    name: str
    value: str
    origin: str


def home() -> Path:
    """The folder that holds ``seeds/``, ``index/`` and ``qa.toml``."""
    return Path(os.environ.get("QA_HOME") or Path.cwd()).expanduser()


def load_settings() -> Settings:
    """Read the settings; relative folders are taken from ``home()``.

    Raises:
        SettingsError: A value cannot be used, or ``qa.toml`` is not valid TOML.
    """
    try:
        settings = Settings()
    except ValidationError as exc:
        error = exc.errors()[0]
        name = str(error["loc"][0]) if error["loc"] else "settings"
        where = f"QA_{name.upper()}" if f"QA_{name.upper()}" in os.environ else FILE
        if error["type"] == "extra_forbidden":
            known = ", ".join(Settings.model_fields)
            raise SettingsError(
                f"{home() / where}: there is no setting {name!r}; known are {known}"
            ) from exc
        raise SettingsError(f"{where}: {name}: {error['msg']}") from exc
    except (OSError, ValueError) as exc:
        raise SettingsError(f"{home() / FILE}: cannot be read ({exc})") from exc
    folders: dict[str, Path | str] = {
        name: home() / getattr(settings, name) for name in ("seeds", "index", "cache")
    }
    for name in ("answers", "store"):
        if (stated := getattr(settings, name)) and "://" not in stated:
            folders[name] = str(home() / stated)
    return settings.model_copy(update=folders)


def origins(settings: Settings) -> list[Origin]:
    """Each setting with the place its value comes from."""
    stated = TomlConfigSettingsSource(Settings, home() / FILE)()
    found = []
    for name in Settings.model_fields:
        variable = f"QA_{name.upper()}"
        value = str(getattr(settings, name))
        if variable in os.environ:
            origin = variable
        elif name in stated:
            origin = FILE
        else:
            origin = "default"
        shown = "set" if name in SECRET and value else value
        found.append(Origin(name, shown, origin))
    return found
