"""The shop's pages: functions from a request and the ledger to a response."""
