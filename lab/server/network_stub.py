"""The empty responses that Nova needs from Neutron even for servers without a network: extensions when it creates a server, ports when it
lists or deletes servers. Not in the catalog.
"""
import json

PATH = '/network-stub'
EMPTY_LISTS = ('ports', 'networks', 'subnets', 'floatingips', 'routers', 'extensions', 'agents', 'segments')


def answer(method, name):
    if method == 'GET' and name in EMPTY_LISTS:
        return '200 OK', {name: []}
    if method == 'GET' and name == 'security-groups':
        return '200 OK', {'security_groups': []}
    if method == 'GET' and name.startswith('quotas'):
        return '200 OK', {'quota': {'port': -1}}
    return '404 Not Found', {'NeutronError': {'type': 'HTTPNotFound', 'message': f'the lab has no network: {name}', 'detail': ''}}


def application(environ, start_response):
    name = environ['PATH_INFO'].rstrip('/').rsplit('/v2.0/', 1)[-1].removesuffix('.json')
    status, body = answer(environ['REQUEST_METHOD'], name)
    content = json.dumps(body).encode()
    start_response(status, [('Content-Type', 'application/json'), ('Content-Length', str(len(content)))])
    return [content]
