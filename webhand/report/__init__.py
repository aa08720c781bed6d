"""A run as one page that needs nothing else."""

from webhand.report.record import Chapter, Record, described
from webhand.report.page import page, write_report

__all__ = ["Chapter", "Record", "described", "page", "write_report"]
