"""The registry: what it holds, how users change it, and how mistakes in it are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import RegistryError
from index.provenance.mentions import find_mentions
from index.provenance.registry import KINDS, Registry
from tests.index.provenance.conftest import TOML

Load = Callable[[str], Registry]


def test_every_owner_in_the_bundled_registry_can_be_named_and_every_kind_is_documented() -> None:
    registry = Registry.load()
    documented = (Path(__file__).parents[3] / "docs" / "provenance.md").read_text(encoding="utf-8")
    assert len(registry.entities) > 90
    for entity in registry.entities.values():
        assert registry.owner_name(entity).strip() and entity.basis.endswith(".")
    assert {e.kind for e in registry.entities.values()} == set(KINDS)
    assert all(f"`{kind}`" in documented for kind in KINDS)


def test_public_broadcasters_carry_no_disclaimer_and_state_media_do() -> None:
    entities = Registry.load().entities.values()
    assert not any(e.disclaim for e in entities if e.kind == "public-broadcaster")
    assert all(e.disclaim for e in entities if e.kind == "state-media")


def test_the_registry_has_every_entity_and_name_that_was_looked_up(shared: Path) -> None:
    import tomllib

    looked_up = tomllib.loads((shared / "data" / "state_entities.toml").read_text(encoding="utf-8"))["entity"]
    registry = Registry.load()
    for facts in looked_up:
        entity = registry.entities[facts["id"]]
        assert (entity.kind, entity.disclaim, entity.country) == (facts["kind"], facts["disclaim"], facts["country"])
        for alias in facts["aliases"]:
            assert registry.named(alias, ambiguous=True) == entity, alias


@pytest.mark.parametrize(
    ("wrong", "right", "line", "named"),
    [
        ('"state-media"', '"tabloid"', 15, "vsm-daily has the kind 'tabloid'; use state-owned-enterprise"),
        ('kind = "state-media"', "kind = []", 15, "kind must be a text"),
        ('basis = "The works prints it."\n', "", 12, "vsm-daily lacks basis"),
        ('id = "vsm-daily"\n', "", 12, "Veldrana State Metals Daily lacks id"),
        ('id = "vsm-daily"', 'id = "vsm"', 13, "the id 'vsm' is there twice"),
        ('"Republic of Veldrana"', '"vsm"', 23, "'vsm' is a name of veldrana and of vsm"),
        ('owner = "its citizens"\n', 'owner = "its citizens"\ncolour = "red"\n', 27, "'colour' is not known"),
        ('aliases = ["VSM", "Veldrana Metals", "Vel", "维德金属"]', 'aliases = "VSM"', 10, "aliases must be a list"),
        ('"Vel", ', '"", ', 10, "aliases must be a list"),
        ('name = "Veldrana State Metals"\n', "name = 3\n", 4, "name must be a text"),
        ("disclaim = false", 'disclaim = "no"', 28, "disclaim must be true or false"),
        (', near = ["smelter", "ore"], never = ["cyber"]', "", 47, "needs near or never"),
        ("{ alias =", "{ name =", 47, "in_context must be a list of"),
        ("[[entity]]\n", "[[entities]]\n", 2, "'entities' is not known"),
    ],
)
def test_a_mistake_is_told_with_its_line(load: Load, wrong: str, right: str, line: int, named: str) -> None:
    with pytest.raises(RegistryError) as raised:
        load(TOML.replace(wrong, right))
    assert f"line {line}: " in str(raised.value) and named in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("toml", ["[[entity]\n", 'entity = "vsm"', "entity = [1]", "entity = {}", "\x00"])
def test_what_is_no_registry_is_refused_in_one_line(load: Load, toml: str) -> None:
    with pytest.raises(RegistryError, match="line 1|not TOML") as raised:
        load(toml)
    assert "\n" not in str(raised.value)


def test_a_registry_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"nowhere\.toml cannot be read"):
        Registry.load(tmp_path / "nowhere.toml")


def test_a_users_registry_adds_and_overrules_by_id(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(TOML + '[[entity]]\nid = "baogang-group"\nowner = "veldrana"\ndisclaim = false\n')
    bundled, registry = Registry.load(), Registry.load(file)
    changed = registry.entities["baogang-group"]
    assert not changed.disclaim and registry.owner_name(changed) == "Republic of Veldrana"
    assert (changed.name, changed.aliases) == ("Baogang Group", bundled.entities["baogang-group"].aliases)
    assert registry.entities["vsm"].name == "Veldrana State Metals"
    assert len(registry.entities) == len(bundled.entities) + 5
    assert registry.identity != bundled.identity == Registry.load().identity


def test_a_users_entity_may_not_take_the_name_of_a_bundled_one(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(TOML.replace('"VSM"', '"Baogang Group"'))
    with pytest.raises(
        RegistryError, match=r"line 10: 'Baogang Group' is a name of vsm and of baogang-group.*overrule"
    ):
        Registry.load(file)


def test_an_owner_is_named_by_the_registry_where_it_has_it(registry: Registry) -> None:
    assert registry.owner_name(registry.entities["vsm-daily"]) == "Veldrana State Metals"
    assert registry.owner_name(registry.entities["veldrana"]) == "its citizens"


def test_all_that_one_state_body_controls_is_one_group(load: Load) -> None:
    registry = load(TOML)
    groups = {i: registry.group(e) for i, e in registry.entities.items()}
    assert groups["vsm"] == groups["vsm-daily"] == groups["academy"] == groups["veldrana"] == "veldrana"
    assert groups["smelters"] == "member smelters"
    loop = load(TOML.replace('owner = "veldrana"', 'owner = "vsm-daily"'))
    assert loop.group(loop.entities["vsm"])  # owners in a circle end somewhere


def test_a_whole_name_is_looked_up_without_regard_to_case_or_width(registry: Registry) -> None:
    for name in ("VSM", "vsm", "ＶＳＭ", "veldrana  state metals"):
        assert registry.named(name) == registry.entities["vsm"]
    for unknown in ("VSM News", "", None):
        assert registry.named(unknown) is None


def test_every_name_in_the_bundled_registry_finds_its_entity() -> None:
    registry = Registry.load()
    for entity in registry.entities.values():
        for name in entity.names:
            found = find_mentions(f"Yesterday {name} spoke.", registry)
            assert [m.entity.id for m in found] == [entity.id], name


@pytest.mark.parametrize(
    ("publisher", "found"),
    [
        ("The China Daily", "china-daily"),
        ("Xinhua News", "xinhua"),
        ("Xinhua News Agency (English service)", "xinhua"),
        ("xinhuanet.com", "xinhua"),
        ("www.chinadaily.com.cn", "china-daily"),
        ("Global Times Online", "global-times"),
        ("Baogang Daily and partners", "baogang-daily"),
        ("Xinhua, Reuters", "xinhua"),
        ("Reuters", None),
        ("Rare Earth Exchanges", None),
        ("CISA", None),
        ("The News", None),
        ("", None),
    ],
)
def test_publishers_are_known_by_what_pages_call_them(publisher: str, found: str | None) -> None:
    entity = Registry.load().publisher(publisher)
    assert (entity.id if entity else None) == found


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('name = "Veldrana State Metals"\n', 'name = "Vel\\n! forged\\u001b[31m"\n', "line 4: name must be a text"),
        ('"VSM"', '"VS\\u0007M"', "line 10: aliases must be a list of texts"),
        ('owner = "vsm"', 'owner = "vsm-holding"', "line 17: 'vsm-holding' is no id"),
        ("[[entity]]", "x = " + "[" * 5000, "nested too deeply"),
    ],
)  # fmt: skip
def test_names_are_of_one_line_and_owners_are_there(load: Load, wrong: str, right: str, said: str) -> None:
    with pytest.raises(RegistryError) as raised:
        load(TOML.replace(wrong, right, 1))
    assert said in str(raised.value)


def test_a_file_with_a_byte_order_mark_is_read(load: Load) -> None:
    assert len(load("\ufeff" + TOML).entities) == 5
