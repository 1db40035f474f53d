"""Generated documents are those of the code, and they agree with the topics that Muster creates."""

from __future__ import annotations

from dataclasses import dataclass

from muster.schemas import generate
from muster.schemas.channels import CHANNELS
from muster.shell.settings import Settings
from muster.shell.topics import specs


def test_generated_files_are_current() -> None:
    """schemas/json/ and schemas/asyncapi.yaml are what `make schemas` writes now, and nothing else lies there."""
    generated = generate.files()
    stale = [path.name for path, content in generated.items() if path.read_text(encoding="utf-8") != content]
    assert stale == [], "run `make schemas`"
    assert set((generate.FOLDER / "json").iterdir()) == {path for path in generated if path.parent.name == "json"}


@dataclass(frozen=True)
class Facts:
    cleanup: str
    partitions: int
    retention_ms: int | None


def test_channels_are_the_public_topics() -> None:
    """Topic names, cleanup, partitions and retention of the contract are the defaults that topics are created with."""
    defaults = Settings.model_construct()
    public = {
        spec.name: Facts(spec.cleanup, spec.partitions, spec.retention_ms)
        for spec in specs(defaults)
        if not spec.purpose.startswith("internal")
    }
    assert public == {c.topic: Facts(c.cleanup, c.partitions, c.retention_ms) for c in CHANNELS}
