"""Models: one call for all of them, whatever they speak on the wire."""
