"""Faults played on real processes: gunicorn, a worker, an own Redis, an own PostgreSQL.

Left out of the ordinary run; `./test tests/faults` (CONTRIBUTING.md). Every process listens on
loopback, on a port of its own, and is ended by its number.
"""
