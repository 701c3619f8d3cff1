"""Creates users, endpoints and flavors of Nova, Placement and Cinder, and waits until a server can be placed. Standard library only."""
from lab_client import STATE, call, pid_of, wait_for, wait_until

# name, MiB of memory, GiB of disk, processors. Nova boots from a flavor without a disk only if the server boots from a volume.
FLAVORS = (('m1.tiny', 512, 1, 1), ('m1.small', 2048, 10, 1))
SERVICES = {'nova-conductor', 'nova-scheduler', 'nova-compute', 'cinder-scheduler', 'cinder-volume'}


def ensure_flavors(nova, token):
    present = {flavor['name'] for flavor in call(nova, 'GET', '/flavors', token=token)[1]['flavors']}
    for name, ram, disk, vcpus in FLAVORS:
        if name not in present:
            call(nova, 'POST', '/flavors', {'flavor': {'id': name, 'name': name, 'ram': ram, 'disk': disk, 'vcpus': vcpus}}, token)


def are_up(nova, cinder, token):
    services = [*call(nova, 'GET', '/os-services', token=token)[1]['services'], *call(cinder, 'GET', '/os-services', token=token)[1]['services']]
    up = {service['binary'] for service in services if service['state'] == 'up'}
    return up >= SERVICES and call(nova, 'GET', '/os-hypervisors', token=token)[1]['hypervisors']


def prepare_compute(identity, service_project, region, placement, nova, cinder):
    """Returns the part of lab.json about these services. Nova waits for run/compute-prepared: it needs its user, the catalog and Placement to start."""
    for user in ('placement', 'nova', 'cinder'):
        identity.ensure_user(user, service_project, ('admin', 'service'))
    compute_url, volume_url = f'{nova}/v2.1', f'{cinder}/v3'
    for name, kind, url in (('placement', 'placement', placement), ('nova', 'compute', compute_url), ('cinderv3', 'volumev3', f'{volume_url}/$(project_id)s')):
        identity.ensure_service(name, kind, url, region)
    wait_for('placement', placement, '/')
    with open(f'{STATE}/run/compute-prepared', 'w'):
        pass
    # Without a token, /v3 returns 401, and / a list of versions.
    wait_for('cinder', cinder, '/')
    wait_for('nova', compute_url, '/')
    ensure_flavors(compute_url, identity.token)
    project = identity.admin['project']['id']
    wait_until('nova', 'that all services report', lambda: are_up(compute_url, f'{volume_url}/{project}', identity.token))
    return {
        'computeUrl': compute_url,
        'volumeUrl': volume_url,
        'placementUrl': placement,
        'flavors': [name for name, *_ in FLAVORS],
        'pids': {server: pid_of(server) for server in ('placement', 'nova', 'cinder')},
    }
