"""An assistant over the sample corpus, and one over the five articles beside the repository."""

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from index.adding import add_sources
from index.exporting import DEFAULT
from index.provenance.registry import Registry
from index.reading import Reading
from index.store import ArticleIndex


@pytest.fixture(scope="session")
def assistant(sample_index: ArticleIndex) -> Assistant:
    return Assistant(sample_index, Registry.load())


@pytest.fixture(scope="session")
def beat_assistant(tmp_path_factory: pytest.TempPathFactory, encoder_folder: Path, shared: Path) -> Assistant:
    path = tmp_path_factory.mktemp("beat") / "index"
    path.mkdir()
    (path / "encoder").symlink_to(encoder_folder)
    index = ArticleIndex.create(path, DEFAULT)
    add_sources(index, [str(shared / "articles")], Reading("Rare Earth Exchanges", Registry.load()))
    return Assistant(index, Registry.load())
