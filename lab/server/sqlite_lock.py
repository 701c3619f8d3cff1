"""Imported for its effect, by servers with threads. SQLite has one writer. A transaction that begins with a read, and writes when another has
written meanwhile, fails at once with "database is locked", however long it is told to wait; so each takes the write lock at its start, and
threads wait for one another there (the connection's `?timeout=60`).
"""
import sqlalchemy.event
from sqlalchemy.engine import Engine


@sqlalchemy.event.listens_for(Engine, 'before_cursor_execute', retval=True)
def take_the_write_lock(connection, cursor, statement, parameters, context, executemany):
    return ('BEGIN IMMEDIATE' if statement == 'BEGIN' else statement), parameters
