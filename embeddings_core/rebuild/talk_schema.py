"""Write the JSON Schema of talk files, as the types describe them: python -m embeddings_core.rebuild.talk_schema."""

import json

from embeddings_core.folders import ASSETS
from embeddings_core.talks.talk_file_types import talk_schema

FILE = ASSETS / "talk.schema.json"


def written() -> str:
    """Return the file's text."""
    return json.dumps(talk_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
