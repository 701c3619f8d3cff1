"""What Glance's own format inspector says of files: paths on stdin, one a line; an object of formats a line on stdout.

Each inspector reads the whole file, in small pieces, as in Glance; what it throws makes the file unsafe for it.
"""
import json
import sys

from glance.common import format_inspector


def judge(path, inspector):
    threw = False
    with open(path, 'rb') as stream:
        for chunk in format_inspector.chunked_reader(stream, 4096):
            try:
                inspector.eat_chunk(chunk)
            except Exception:
                threw = True
                break
    match = inspector.format_match
    if not match:
        return {'match': False, 'size': 0, 'safe': True}
    try:
        size = inspector.virtual_size
        safe = inspector.complete and not threw and inspector.safety_check()
    except Exception:
        size, safe = 0, False
    return {'match': True, 'size': size, 'safe': bool(safe)}


for line in sys.stdin:
    path = line.rstrip('\n')
    answers = {name: judge(path, make()) for name, make in format_inspector.ALL_FORMATS.items() if name != 'raw'}
    print(json.dumps(answers), flush=True)
