"""Rigs: programs that attack a promise until it breaks or the count is large; see README.md."""
