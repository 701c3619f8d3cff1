"""Imported for its side effect by servers with threads. SQLite has one writer. A transaction that begins with a read and writes after another
one has written fails at once with "database is locked", regardless of its timeout. So each transaction takes the write lock at its start,
where threads wait for each other (the connection's `?timeout=60`).
"""
import sqlalchemy.event
from sqlalchemy.engine import Engine


@sqlalchemy.event.listens_for(Engine, 'before_cursor_execute', retval=True)
def take_the_write_lock(connection, cursor, statement, parameters, context, executemany):
    return ('BEGIN IMMEDIATE' if statement == 'BEGIN' else statement), parameters
