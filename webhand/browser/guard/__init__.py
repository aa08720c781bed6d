"""Which addresses a browser may open: one judge, asked wherever something leaves."""
