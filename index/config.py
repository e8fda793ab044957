"""Settings: one flat object from ASSAY_* variables and .env, built in the entry points and passed down."""

import os
from pathlib import Path

from pydantic import ValidationError
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
        return Settings(index=index) if index is not None else Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise SettingsError(f"{name} cannot be used: {first['msg']}. Correct or unset it.") from None


def _names_set() -> set[str]:
    from dotenv import dotenv_values  # deferred: needed only where a .env file exists

    names = set(os.environ)
    if Path(".env").is_file():
        try:
            names |= set(dotenv_values(".env"))
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f".env cannot be read: {error}. Correct or remove it.") from None
    return {name.upper() for name in names}
