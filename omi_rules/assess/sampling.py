"""From an export to a sample of its cases, in one direction: read, frame, draw."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from omi_rules.assess.drawing import draw
from omi_rules.assess.frame import read_frame
from omi_rules.assess.sample_file import make_record
from omi_rules.data.means import Means
from omi_rules.problems import UsageError, nearest
from omi_rules.rulebook.load import load_to_judge
from omi_rules.rulebook.samples import load_samples


@dataclass(frozen=True)
class Reading:
    """How an export is read, and with which rulebook."""

    as_at: date | None = None
    rules: Path | None = None
    means: Means = field(default_factory=Means)


def draw_sample(
    export: Path,
    name: str,
    seed: int,
    size: int | None,
    reading: Reading,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """The content of a sample file, drawn by the design of that name; `size` takes the place of that of the design."""
    rulebook = load_to_judge(reading.rules)
    designs = load_samples(reading.rules)
    if name not in designs:
        raise UsageError(f"--sample: the rulebook has no samples/{name}.yaml{nearest(name, designs)}")
    design = designs[name]
    wanted = size or design.size
    with reading.means.open_store() as store:
        progress("reading the export")
        read = reading.means.read_export(store, export, reading.as_at)
        progress("drawing the sample")
        frame = read_frame(store, read, rulebook, design, seed, wanted)
    drawn = draw(frame, design, wanted)
    return make_record(read, rulebook, design, frame, drawn, seed=seed, size=wanted)
