"""The append-only ledger of handling: events in, state and progress as of any date out."""
