"""Gives a language model a hand on the web."""
