"""Settings: one flat object from ASSAY_* variables and .env, built in the entry points and passed down."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import SettingsError

PREFIX = "ASSAY_"


class Settings(BaseSettings):
    """What a user can set; every field is the variable ASSAY_<FIELD>."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True
    )

    index: Path = Path(".assay")
    """Folder of the index."""
    encoder: str = "all-MiniLM-L6-v2"
    """A sentence-transformers model: a name or a path."""
    reranker: str | None = None
    """A sentence-transformers CrossEncoder that puts the passages found in another order: a name or a path."""
    nli: str | None = None
    """A sentence-transformers CrossEncoder that tells entailment, for the grounding check: a name or a path."""
    llm_base_url: str | None = None
    """An OpenAI-compatible endpoint, such as http://127.0.0.1:8099/v1, whose model writes answers."""
    llm_model: str | None = None
    """The model's name there."""
    llm_api_key: SecretStr = SecretStr("")
    """The key to send, if the endpoint wants one."""
    llm_timeout: Annotated[float, Field(gt=0, le=3600)] = 60.0
    """Seconds that an answer may take with the model; the articles' own sentences are given instead after it."""
    registry: Path | None = None
    """State entities that are added to index/state_entities.toml, or overrule its entries by id."""
    allow_private_urls: bool = False
    """Read pages from addresses of the local network too."""
    debug: bool = False
    """Show tracebacks of unexpected failures."""


def load_settings(index: Path | None = None) -> Settings:
    """Settings from the environment and .env; `index`, when given, overrules both.

    Raises SettingsError for an unknown ASSAY_ name or an unusable value.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(_names_set()):
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(f"{name} is not a setting. Known settings: {', '.join(sorted(known))}.")
    try:
        found = Settings(index=index) if index is not None else Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise SettingsError(f"{name} cannot be used: {first['msg']}. Correct or unset it.") from None
    if bool(found.llm_base_url) != bool(found.llm_model):
        missing = "ASSAY_LLM_MODEL" if found.llm_base_url else "ASSAY_LLM_BASE_URL"
        raise SettingsError(f"{missing} is not set. A language model needs both its address and its name.")
    if found.llm_base_url and not found.llm_base_url.startswith(("http://", "https://")):
        raise SettingsError("ASSAY_LLM_BASE_URL is no address. Write for example http://127.0.0.1:8099/v1")
    return found


def _names_set() -> set[str]:
    from dotenv import dotenv_values  # deferred: needed only where a .env file exists

    names = set(os.environ)
    if Path(".env").is_file():
        try:
            names |= set(dotenv_values(".env"))
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f".env cannot be read: {error}. Correct or remove it.") from None
    return {name.upper() for name in names}
