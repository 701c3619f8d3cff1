"""What the format inspector of OpenStack says of files: paths on stdin, one a line; an object of formats a line on stdout.

Glance had an inspector of its own (`glance` as the first argument) until oslo.utils took it over (`oslo`). Each reads the whole file, in small
pieces, as in Glance; what it throws makes the file unsafe for it.
"""
import json
import sys

if sys.argv[1] == 'oslo':
    from oslo_utils.imageutils import format_inspector
else:
    from glance.common import format_inspector


def pieces(stream):
    while piece := stream.read(4096):
        yield piece


def is_safe(inspector):
    # Glance's answers, that of oslo.utils raises.
    return inspector.safety_check() is not False


def judge(path, inspector):
    threw = False
    with open(path, 'rb') as stream:
        for piece in pieces(stream):
            try:
                inspector.eat_chunk(piece)
            except Exception:
                threw = True
                break
    if hasattr(inspector, 'finish'):
        inspector.finish()
    try:
        match = inspector.format_match
    except Exception:
        match = False
    if not match:
        return {'match': False, 'size': 0, 'safe': True}
    try:
        size = inspector.virtual_size
        safe = inspector.complete and not threw and is_safe(inspector)
    except Exception:
        size, safe = 0, False
    return {'match': True, 'size': size, 'safe': bool(safe)}


for line in sys.stdin:
    path = line.rstrip('\n')
    answers = {name: judge(path, make()) for name, make in format_inspector.ALL_FORMATS.items() if name != 'raw'}
    print(json.dumps(answers), flush=True)
