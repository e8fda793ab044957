"""Settings from the environment and .env."""

from pathlib import Path

import pytest

from index.config import load_settings
from index.errors import SettingsError


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No ASSAY_ variable set, and an empty working folder."""
    import os

    for name in [name for name in os.environ if name.upper().startswith("ASSAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def refused() -> str:
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_without_any_setting_the_index_is_in_the_working_folder() -> None:
    settings = load_settings()
    assert settings.index == Path(".assay")
    assert settings.encoder == "all-MiniLM-L6-v2"
    assert settings.registry is None
    assert not settings.debug


def test_the_environment_overrules_the_file_and_the_flag_overrules_both(bare: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("ASSAY_INDEX=from-file\nASSAY_REGISTRY=registry.toml\n")
    assert load_settings().index == Path("from-file")
    bare.setenv("ASSAY_INDEX", "from-environment")
    assert load_settings().index == Path("from-environment")
    assert load_settings(Path("from-flag")).index == Path("from-flag")
    assert load_settings().registry == Path("registry.toml")


def test_an_unknown_name_in_the_environment_is_refused_with_the_known_ones(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("ASSAY_INDX", "x")
    message = refused()
    assert message.startswith("ASSAY_INDX is not a setting")
    assert "ASSAY_INDEX" in message


def test_an_unknown_name_in_the_file_is_refused() -> None:
    Path(".env").write_text("ASSAY_ENCODE=x\n")
    assert refused().startswith("ASSAY_ENCODE is not a setting")


def test_a_misspelling_in_small_letters_is_refused_too(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("assay_indx", "x")
    assert "ASSAY_INDX" in refused()


def test_names_of_others_are_ignored(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("ASSAYER", "x")
    Path(".env").write_text("OTHER=1\nPASSWORD=x\n")
    assert load_settings().index == Path(".assay")


def test_an_unusable_value_is_refused_by_the_name_of_its_variable(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("ASSAY_DEBUG", "perhaps")
    assert refused().startswith("ASSAY_DEBUG cannot be used")


@pytest.mark.parametrize("name", ["ASSAY_INDEX", "ASSAY_ENCODER"])
def test_a_variable_set_to_nothing_is_refused_or_as_if_unset(bare: pytest.MonkeyPatch, name: str) -> None:
    bare.setenv(name, "")
    try:
        settings = load_settings()
    except SettingsError:
        return
    assert (settings.index, settings.encoder) == (Path(".assay"), "all-MiniLM-L6-v2")


def test_a_file_that_is_not_text_is_refused() -> None:
    Path(".env").write_bytes(b"\xff\xfe\x00")
    assert ".env" in refused()


def test_settings_cannot_be_changed_once_made() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.debug = True


def test_a_language_model_needs_its_address_and_its_name(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("ASSAY_LLM_MODEL", "m")
    assert refused().startswith("ASSAY_LLM_BASE_URL is not set")
    bare.setenv("ASSAY_LLM_BASE_URL", "127.0.0.1:8099")
    assert refused().startswith("ASSAY_LLM_BASE_URL is no address")
    bare.setenv("ASSAY_LLM_BASE_URL", "http://127.0.0.1:8099/v1")
    bare.setenv("ASSAY_LLM_API_KEY", "secret")
    found = load_settings()
    assert (found.llm_model, found.llm_timeout) == ("m", 60.0)
    assert "secret" not in repr(found)


@pytest.mark.parametrize("value", ["0", "-1", "soon"])
def test_a_time_that_is_none_is_refused(bare: pytest.MonkeyPatch, value: str) -> None:
    bare.setenv("ASSAY_LLM_TIMEOUT", value)
    assert refused().startswith("ASSAY_LLM_TIMEOUT cannot be used")
