"""What a run shows: the cases and rules that were asked for. Everything is judged all the same."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from omi_rules.checks.run import Judged
from omi_rules.checks.sayings import worded_sql
from omi_rules.data.choosing import show_cases
from omi_rules.data.store import Store
from omi_rules.reports.staff_files import show_only_staff


@dataclass(frozen=True)
class Filters:
    """What to show: an empty one shows all. Everything is judged all the same, so that conclusions are whole."""

    rules: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    recommendations: tuple[int, ...] = ()
    teams: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


def filter_words(filters: Filters) -> Mapping[str, Sequence[str]]:
    """The filters as run.json names them."""
    return {name: [str(value) for value in values] for name, values in asdict(filters).items()}


def _shown(judged: Judged, filters: Filters) -> list[int]:
    return [
        number
        for number, rule in enumerate(judged.rules)
        if (not filters.rules or rule.id in filters.rules)
        and (not filters.criteria or rule.criterion in filters.criteria)
        and (not filters.recommendations or set(rule.recommendations) & set(filters.recommendations))
    ]


def show_chosen_staff(staff: Store, judged: Judged, filters: Filters) -> None:
    """The same for members of staff, of whom an officer is one; who asks for a case asks for none of them."""
    shown = [] if filters.cases else [judged.rules[number].id for number in _shown(judged, filters)]
    wanted = {"team": filters.teams, "division": filters.divisions, "staff_id": filters.officers}
    show_only_staff(staff, shown, judged, wanted)


def show_chosen(store: Store, judged: Judged, filters: Filters) -> None:
    """Keep what the filters ask for; everything was judged, so that no conclusion lacks a fact."""
    shown = _shown(judged, filters)
    store.execute("CREATE OR REPLACE TABLE shown_rules AS SELECT unnest(?::SMALLINT[]) AS rule_no", [shown])
    some = show_cases(
        store, teams=filters.teams, divisions=filters.divisions, officers=filters.officers, cases=filters.cases
    )
    if len(shown) < len(judged.rules):
        store.execute("DELETE FROM judged WHERE rule_no NOT IN (SELECT rule_no FROM shown_rules)")
        ids = [judged.rules[number].id for number in shown]
        store.execute(
            "DELETE FROM derived WHERE drawn NOT IN ("
            "SELECT drawn FROM rests_on WHERE rule IN (SELECT unnest(?::VARCHAR[])))",
            [ids],
        )
    if some:
        store.execute("DELETE FROM judged WHERE case_no NOT IN (SELECT case_no FROM shown_cases)")
        store.execute("DELETE FROM derived WHERE case_no NOT IN (SELECT case_no FROM shown_cases)")
    if some or len(shown) < len(judged.rules):
        store.execute(f"DELETE FROM reasons WHERE rowid NOT IN ({worded_sql('r.rowid')})")
