"""What the page says of waivers: how many findings are waived and counted all the same, and which waivers are over."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.reports.page.pages import page_of
from tests.reports.runs import Kept

NONE = {"in_force": 0, "undecided": 0, "expired": 0, "lapsed": 0, "unused": 0, "critical": 0, "chain": "", "listed": []}


@pytest.mark.parametrize(
    ("waivers", "waived", "over"),
    [
        (None, "", ""),
        (NONE, "", ""),
        ({**NONE, "in_force": 1}, "1 finding is waived for a time, and counted here all the same.", ""),
        ({**NONE, "in_force": 2, "undecided": 1}, "2 findings are waived for a time", ""),
        ({**NONE, "expired": 1}, "", "1 waiver covers nothing any more, and has to be ended."),
        ({**NONE, "lapsed": 1, "unused": 2}, "", "3 waivers cover nothing any more, and have to be ended."),
    ],
)
def test_page_tells_waivers_by_number(
    small_run: Kept, tmp_path: Path, waivers: dict[str, Any] | None, waived: str, over: str
) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    (folder / "run.json").write_text(json.dumps({**small_run.summary, "waivers": waivers}), encoding="utf-8")

    told = page_of(folder, "board").part("summary")

    assert (waived in told, "waived" in told) == (True, bool(waived))
    assert (over in told, "any more" in told) == (True, bool(over))
