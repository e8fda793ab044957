"""Every wording that Assay gives to a reader or a model, as Markdown files rendered strictly."""

from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent


def render(name: str, **values: str) -> str:
    """The wording `name`.md with its $variables filled in.

    Raises ValueError when a variable is missing or one is given that the wording does not use.
    """
    template = Template((_FOLDER / f"{name}.md").read_text(encoding="utf-8").strip())
    wanted = set(template.get_identifiers())
    if wanted != set(values):
        raise ValueError(f"prompts/{name}.md needs {sorted(wanted)}, was given {sorted(values)}")
    return template.substitute(values)
