"""A run as one page that needs nothing else."""

from webhand.report.page import page, write_report
from webhand.report.story import Chapter, Story, described

__all__ = ["Chapter", "Story", "described", "page", "write_report"]
