"""The command line: `webhand`."""
