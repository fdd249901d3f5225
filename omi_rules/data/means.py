"""With what means an export is read: the words of its columns, and how much of the machine it may take."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from omi_rules.data.export import Export, Limits, read_export
from omi_rules.data.mapping import load_mapping
from omi_rules.data.store import Store, open_store


@dataclass(frozen=True)
class Means:
    """A mapping file, DuckDB's memory (as it writes it, `4GB`) and threads, and what a zip may unpack to (`16GB`).

    None is no mapping, and leaves the others as they are.
    """

    mapping: Path | None = None
    memory: str | None = None
    threads: int | None = None
    unpack_limit: str | None = None

    def open_store(self) -> AbstractContextManager[Store]:
        """A store that is gone when the block ends."""
        return open_store(self.memory, self.threads)

    def read_export(self, store: Store, export: Path, as_at: date | None, only_case: str | None = None) -> Export:
        """Read an export into a store, as at a day, or else as at that of the export itself."""
        mapping = load_mapping(self.mapping) if self.mapping else None
        limits = Limits.of(self.unpack_limit)
        return read_export(store, export, as_at=as_at, mapping=mapping, limits=limits, only_case=only_case)
