"""A small registry of invented entities."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.provenance.registry import Registry
from index.provenance.registry_file import read_entities

TOML = """
[[entity]]
id = "vsm"
name = "Veldrana State Metals"
kind = "state-owned-enterprise"
country = "XV"
owner = "veldrana"
basis = "The treasury of Veldrana holds every share."
disclaim = true
aliases = ["VSM", "Veldrana Metals", "Vel", "维德金属"]

[[entity]]
id = "vsm-daily"
name = "Veldrana State Metals Daily"
kind = "state-media"
country = "XV"
owner = "vsm"
basis = "The works prints it."
disclaim = true

[[entity]]
id = "veldrana"
name = "Republic of Veldrana"
kind = "government-body"
country = "XV"
owner = "its citizens"
basis = "A state."
disclaim = false

[[entity]]
id = "academy"
name = "Veldrana Academy of Engineering"
kind = "public-research-institute"
country = "XV"
owner = "veldrana"
basis = "The state pays for it."
disclaim = true

[[entity]]
id = "smelters"
name = "Smelters Council"
kind = "state-aligned-association"
country = "XV"
owner = "Member smelters"
basis = "The state founded it."
disclaim = true
in_context = [{ alias = "SCO", near = ["smelter", "ore"], never = ["cyber"] }]
"""


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Registry]:
    """Loads a registry that consists of a TOML text alone."""

    def loaded(toml: str) -> Registry:
        file = tmp_path / "registry.toml"
        file.write_text(toml, encoding="utf-8")
        return Registry(read_entities(file, {}))

    return loaded


@pytest.fixture
def registry(load: Callable[[str], Registry]) -> Registry:
    """The registry of TOML."""
    return load(TOML)
