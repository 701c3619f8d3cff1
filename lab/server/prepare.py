"""prepare.py STATE_DIR KEYSTONE_URL GLANCE_URL PASSWORD RELEASE PROGRAMS VERSIONS

Waits until both servers answer; makes projects, users, roles, endpoints and an application credential where they are missing; writes
clouds.yaml and lab.json. Standard library only.
"""
import http.client
import json
import os
import sys
import time
import urllib.parse

STATE, KEYSTONE, GLANCE, PASSWORD, RELEASE, PROGRAMS, VERSIONS = sys.argv[1:]
REGION = 'RegionOne'
DEADLINE = time.monotonic() + 180
APPLICATION_CREDENTIAL_SECRET = 'labsecret-application-credential'

PROJECTS = ('admin', 'service', 'demo', 'other')
# user, project, roles there. Glance's own user needs both of its roles: it checks tokens, and lifts limits for itself.
USERS = (
    ('demo', 'demo', ('member',)),
    ('demo-reader', 'demo', ('reader',)),
    ('other', 'other', ('member',)),
    ('glance', 'service', ('admin', 'service')),
)


def call(base, method, path, body=None, token=None):
    """Headers and JSON of an answer; an answer that is an error is raised."""
    url = urllib.parse.urlparse(base)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    headers = {'Content-Type': 'application/json'}
    if token:
        headers['X-Auth-Token'] = token
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.status not in (200, 201, 204, 300):
        raise RuntimeError(f'{method} {base}{path}: {response.status} {content[:300]!r}')
    return response.headers, json.loads(content) if content else None


def has_ended(server):
    """Whether a server's process is gone, or a zombie."""
    try:
        with open(f'{STATE}/run/{server}.pid') as record, open(f'/proc/{record.read().split()[0]}/stat') as stat:
            return stat.read().rsplit(') ', 1)[1][0] == 'Z'
    except OSError:
        return True


def wait_for(server, base, path):
    while True:
        if has_ended(server):
            sys.exit(f'lab: {server} ended while it started')
        try:
            return call(base, 'GET', path)
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > DEADLINE:
                sys.exit(f'lab: {server} does not answer within 3 minutes: {error!r}')
            time.sleep(0.03)


def log_in(user, project):
    identity = {'methods': ['password'], 'password': {'user': {'name': user, 'domain': {'id': 'default'}, 'password': PASSWORD}}}
    scope = {'project': {'name': project, 'domain': {'id': 'default'}}}
    headers, body = call(KEYSTONE, 'POST', '/v3/auth/tokens', {'auth': {'identity': identity, 'scope': scope}})
    return headers['X-Subject-Token'], body['token']


def ensure(token, kind, key, rest=None):
    """The one thing with this key, made if it is missing and changed if the rest of it is otherwise."""
    plural, rest = f'{kind}s', rest or {}
    found = call(KEYSTONE, 'GET', f'/v3/{plural}?{urllib.parse.urlencode(key)}', token=token)[1][plural]
    if not found:
        return call(KEYSTONE, 'POST', f'/v3/{plural}', {kind: {**key, **rest}}, token)[1][kind]['id']
    if any(found[0].get(name, value) != value for name, value in rest.items()):
        call(KEYSTONE, 'PATCH', f'/v3/{plural}/{found[0]["id"]}', {kind: rest}, token)
    return found[0]['id']


def prepare_identity():
    token, admin = log_in('admin', 'admin')
    projects = {name: ensure(token, 'project', {'name': name, 'domain_id': 'default'}) for name in PROJECTS}
    users = {'admin': {'id': admin['user']['id'], 'project': 'admin', 'roles': ['admin']}}
    for name, project, roles in USERS:
        user = ensure(token, 'user', {'name': name, 'domain_id': 'default'}, {'password': PASSWORD, 'default_project_id': projects[project]})
        for role in roles:
            role_id = ensure(token, 'role', {'name': role})
            call(KEYSTONE, 'PUT', f'/v3/projects/{projects[project]}/users/{user}/roles/{role_id}', token=token)
        users[name] = {'id': user, 'project': project, 'roles': list(roles)}
    for name, kind, url in (('keystone', 'identity', f'{KEYSTONE}/v3'), ('glance', 'image', GLANCE)):
        service = ensure(token, 'service', {'name': name, 'type': kind})
        for interface in ('public', 'internal', 'admin'):
            ensure(token, 'endpoint', {'service_id': service, 'interface': interface, 'region_id': REGION}, {'url': url})
    return projects, users


def ensure_application_credential(user):
    token, _ = log_in('demo', 'demo')
    path = f'/v3/users/{user}/application_credentials'
    name = 'demo-appcred'
    found = call(KEYSTONE, 'GET', f'{path}?name={name}', token=token)[1]['application_credentials']
    wanted = {'application_credential': {'name': name, 'secret': APPLICATION_CREDENTIAL_SECRET}}
    made = found[0] if found else call(KEYSTONE, 'POST', path, wanted, token)[1]['application_credential']
    return {'id': made['id'], 'name': name, 'secret': APPLICATION_CREDENTIAL_SECRET}


def cloud(name, auth, auth_type):
    common = {'region_name': REGION, 'identity_api_version': '3', 'image_api_version': '2', 'interface': 'public'}
    lines = [f'  {name}:', f'    auth_type: {auth_type}', '    auth:', *(f'      {key}: {value}' for key, value in auth.items())]
    return [*lines, *(f'    {key}: {value}' for key, value in common.items())]


def clouds_yaml(users, credential):
    lines = ['clouds:']
    for name in ('demo', 'demo-reader', 'other', 'admin'):
        auth = {'auth_url': f'{KEYSTONE}/v3', 'username': name, 'password': PASSWORD, 'project_name': users[name]['project'], 'user_domain_name': 'Default', 'project_domain_name': 'Default'}
        lines += cloud(name, auth, 'password')
    auth = {'auth_url': f'{KEYSTONE}/v3', 'application_credential_id': credential['id'], 'application_credential_secret': credential['secret']}
    return '\n'.join([*lines, *cloud('demo-appcred', auth, 'v3applicationcredential'), ''])


def write(name, text):
    """At once or not at all: a reader never sees half of it."""
    with open(f'{STATE}/{name}.new', 'w') as file:
        file.write(text)
    os.replace(f'{STATE}/{name}.new', f'{STATE}/{name}')


def pid_of(server):
    with open(f'{STATE}/run/{server}.pid') as record:
        return int(record.read().split()[0])


wait_for('keystone', KEYSTONE, '/v3')
projects, users = prepare_identity()
credential = ensure_application_credential(users['demo']['id'])
wait_for('glance', GLANCE, '/')
call(GLANCE, 'GET', '/v2/images?limit=1', token=log_in('demo', 'demo')[0])

write('clouds.yaml', clouds_yaml(users, credential))
lab = {
    'state': STATE,
    'release': RELEASE,
    'programs': PROGRAMS,
    'authUrl': f'{KEYSTONE}/v3',
    'imageUrl': GLANCE,
    'region': REGION,
    'cloudsYaml': f'{STATE}/clouds.yaml',
    'projects': projects,
    'users': {name: {**users[name], 'name': name, 'password': PASSWORD} for name in users if name != 'glance'},
    'applicationCredential': credential,
    'stores': ['fast', 'slow', 'web'],
    'pids': {server: pid_of(server) for server in ('keystone', 'glance')},
    'versions': dict(pair.split('=', 1) for pair in VERSIONS.split()),
}
write('lab.json', json.dumps(lab, indent=2) + '\n')
