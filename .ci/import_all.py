"""Imports every module of the installed package: what only tests have installed must never be needed at run time."""

import importlib
import importlib.util
import pkgutil
import sys

import omi_rules

#: Modules that are imported only where a library is there, and what serves instead where it is not.
OPTIONAL = {
    "omi_rules.conclusions.durable_engine": "durable_rules_engine",  # before Python 3.13; else the plain evaluator
}


def is_wanted(name: str) -> bool:
    """Whether a module must be importable here. Importing a `__main__` would run the program."""
    library = OPTIONAL.get(name)
    return not name.endswith(".__main__") and (library is None or importlib.util.find_spec(library) is not None)


def fail(name: str) -> None:
    raise ImportError(f"{name} cannot be imported")


names = [module.name for module in pkgutil.walk_packages(omi_rules.__path__, "omi_rules.", onerror=fail)]
wanted = [name for name in names if is_wanted(name)]
for name in wanted:
    importlib.import_module(name)
if len(wanted) < 100:
    sys.exit(f"only {len(wanted)} modules were found: is this the whole package?")
print(f"{len(wanted)} modules imported; left out: {', '.join(sorted(set(names) - set(wanted)))}")
