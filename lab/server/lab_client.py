"""Shared by prepare.py and compute_services.py: requests to the lab's servers in STATE, and waiting for them. Standard library only."""
import http.client
import json
import os
import sys
import time
import urllib.parse

STATE = os.environ['STATE']
DEADLINE = time.monotonic() + 180


def call(base, method, path, body=None, token=None):
    """Returns headers and JSON of a response; raises error responses."""
    url = urllib.parse.urlparse(base)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=30)
    headers = {'Content-Type': 'application/json'}
    if token:
        headers['X-Auth-Token'] = token
    connection.request(method, url.path + path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.status not in (200, 201, 204, 300):
        raise RuntimeError(f'{method} {base}{path}: {response.status} {content[:300]!r}')
    return response.headers, json.loads(content) if content else None


def has_ended(server):
    """Whether a server's process has ended, or is a zombie."""
    try:
        with open(f'{STATE}/run/{server}.pid') as record, open(f'/proc/{record.read().split()[0]}/stat') as stat:
            return stat.read().rsplit(') ', 1)[1][0] == 'Z'
    except OSError:
        return True


def wait_until(server, what, attempt):
    """Returns the first result that is neither an error nor empty."""
    while True:
        if has_ended(server):
            sys.exit(f'lab: {server} ended while it started')
        try:
            result = attempt()
            if result:
                return result
            problem = 'not yet'
        except (OSError, http.client.HTTPException, RuntimeError) as error:
            problem = repr(error)
        if time.monotonic() > DEADLINE:
            sys.exit(f'lab: {server}: {what} did not happen within 3 minutes: {problem}')
        time.sleep(0.03)


def wait_for(server, base, path):
    return wait_until(server, f'an answer to GET {path}', lambda: call(base, 'GET', path))


class Identity:
    """A client of Keystone with administrator rights."""

    def __init__(self, url, password):
        self.url, self.password = url, password
        self.token, self.admin = self.log_in('admin', 'admin')

    def log_in(self, user, project):
        identity = {'methods': ['password'], 'password': {'user': {'name': user, 'domain': {'id': 'default'}, 'password': self.password}}}
        scope = {'project': {'name': project, 'domain': {'id': 'default'}}}
        headers, body = call(self.url, 'POST', '/v3/auth/tokens', {'auth': {'identity': identity, 'scope': scope}})
        return headers['X-Subject-Token'], body['token']

    def ensure(self, kind, key, rest=None):
        """Returns the ID of the resource with this key; creates it if it is missing and updates it if it differs."""
        plural, rest = f'{kind}s', rest or {}
        found = call(self.url, 'GET', f'/v3/{plural}?{urllib.parse.urlencode(key)}', token=self.token)[1][plural]
        if not found:
            return call(self.url, 'POST', f'/v3/{plural}', {kind: {**key, **rest}}, self.token)[1][kind]['id']
        if any(found[0].get(name, value) != value for name, value in rest.items()):
            call(self.url, 'PATCH', f'/v3/{plural}/{found[0]["id"]}', {kind: rest}, self.token)
        return found[0]['id']

    def ensure_user(self, name, project, roles):
        """`project` is an ID."""
        user = self.ensure('user', {'name': name, 'domain_id': 'default'}, {'password': self.password, 'default_project_id': project})
        for role in roles:
            role_id = self.ensure('role', {'name': role})
            call(self.url, 'PUT', f'/v3/projects/{project}/users/{user}/roles/{role_id}', token=self.token)
        return user

    def ensure_service(self, name, kind, url, region):
        service = self.ensure('service', {'name': name, 'type': kind})
        for interface in ('public', 'internal', 'admin'):
            self.ensure('endpoint', {'service_id': service, 'interface': interface, 'region_id': region}, {'url': url})


def pid_of(server):
    with open(f'{STATE}/run/{server}.pid') as record:
        return int(record.read().split()[0])


def write(name, text):
    """Writes atomically: a reader never sees a partial file."""
    with open(f'{STATE}/{name}.new', 'w') as file:
        file.write(text)
    os.replace(f'{STATE}/{name}.new', f'{STATE}/{name}')
