"""omi-rules: a compliance checker for Offender Management Inspections."""

__version__ = "0.1.0"
