"""prepare.py KEYSTONE_URL GLANCE_URL PASSWORD RELEASE PROGRAMS VERSIONS [PLACEMENT_URL NOVA_URL CINDER_URL]

Waits for the servers; creates missing projects, users, roles, endpoints and an application credential; writes
clouds.yaml and lab.json. Standard library only.
"""
import json
import sys

from compute_services import prepare_compute
from lab_client import Identity, STATE, call, pid_of, wait_for, write

KEYSTONE, GLANCE, PASSWORD, RELEASE, PROGRAMS, VERSIONS, *COMPUTE = sys.argv[1:]
REGION = 'RegionOne'
APPLICATION_CREDENTIAL_SECRET = 'labsecret-application-credential'

PROJECTS = ('admin', 'service', 'demo', 'other')
# User, project, roles in it. Glance's own user needs both roles: to validate tokens, and to be exempt from limits.
USERS = (
    ('demo', 'demo', ('member',)),
    ('demo-reader', 'demo', ('reader',)),
    ('other', 'other', ('member',)),
    ('glance', 'service', ('admin', 'service')),
)


def prepare_identity(identity):
    projects = {name: identity.ensure('project', {'name': name, 'domain_id': 'default'}) for name in PROJECTS}
    users = {'admin': {'id': identity.admin['user']['id'], 'project': 'admin', 'roles': ['admin']}}
    for name, project, roles in USERS:
        users[name] = {'id': identity.ensure_user(name, projects[project], roles), 'project': project, 'roles': list(roles)}
    for name, kind, url in (('keystone', 'identity', f'{KEYSTONE}/v3'), ('glance', 'image', GLANCE)):
        identity.ensure_service(name, kind, url, REGION)
    return projects, users


def ensure_application_credential(identity, user):
    token, _ = identity.log_in('demo', 'demo')
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


wait_for('keystone', KEYSTONE, '/v3')
identity = Identity(KEYSTONE, PASSWORD)
projects, users = prepare_identity(identity)
credential = ensure_application_credential(identity, users['demo']['id'])
compute = prepare_compute(identity, projects['service'], REGION, *COMPUTE) if COMPUTE else None
wait_for('glance', GLANCE, '/')
call(GLANCE, 'GET', '/v2/images?limit=1', token=identity.log_in('demo', 'demo')[0])

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
    'compute': compute,
    'pids': {server: pid_of(server) for server in ('keystone', 'glance')},
    'versions': dict(pair.split('=', 1) for pair in VERSIONS.split()),
}
write('lab.json', json.dumps(lab, indent=2) + '\n')
