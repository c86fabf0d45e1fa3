"""Requests at the same moment, each in a thread and a connection of its own."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections


def at_once(calls, folder):
    """What each of the calls answers; the test needs a database that commits (`committed`)."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with in_a_file(folder), ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@contextmanager
def in_a_file(folder):
    """SQLite in memory has one writer: the threads get it as a file, as the program has it."""
    if connection.vendor != "sqlite":
        yield
        return
    path = folder / "parallel.sqlite3"
    with sqlite3.connect(path) as file:
        connection.connection.backup(file)
    settings = connections.settings["default"]
    memory, settings["NAME"] = settings["NAME"], path
    try:
        yield
    finally:
        settings["NAME"] = memory
    with sqlite3.connect(path) as file:
        file.backup(connection.connection)
