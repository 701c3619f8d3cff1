# shellcheck shell=bash
# Sourced, with STATE, LAB_PASSWORD, the servers' *_PORT and *_URL, CINDER_PASTE and CINDER_FILTERS set.
# Functions that print the configuration files of Placement, Nova and Cinder.

credentials() { # user
  cat <<CONF
auth_url = $KEYSTONE_URL
auth_type = password
username = $1
password = $LAB_PASSWORD
project_name = service
user_domain_id = default
project_domain_id = default
region_name = RegionOne
CONF
}

placement_conf() {
  cat <<CONF
# Listens on port $PLACEMENT_PORT.
[DEFAULT]
log_file = $STATE/log/placement.log
use_stderr = false
[placement_database]
connection = sqlite:///$STATE/db/placement.db
sqlite_synchronous = false
[api]
auth_strategy = keystone
[keystone_authtoken]
www_authenticate_uri = $KEYSTONE_URL
$(credentials placement)
CONF
}

nova_conf() {
  local wait=
  # Threads wait for each other at the database; eventlet's only thread would wait for itself.
  if is_virtual; then wait='?timeout=60'; fi
  cat <<CONF
[DEFAULT]
log_file = $STATE/log/nova.log
use_stderr = false
default_log_levels = sqlalchemy=WARN,amqp=WARN,oslo.messaging=ERROR,oslo_messaging=ERROR,urllib3=WARN,keystonemiddleware=WARN,eventlet.wsgi.server=WARN
state_path = $STATE/nova
instances_path = $STATE/nova/instances
host = lab-compute
my_ip = 127.0.0.1
enabled_apis = osapi_compute
osapi_compute_listen = 127.0.0.1
osapi_compute_listen_port = $NOVA_PORT
osapi_compute_workers = 1
# In memory: conductor, scheduler, compute and API share one process.
transport_url = fake:///
rpc_response_timeout = 60
# On a busy machine, services report late, and a service that counts as down gets no work.
service_down_time = 600
compute_driver = fake.LabDriver
periodic_fuzzy_delay = 0
[api]
auth_strategy = keystone
[api_database]
connection = sqlite:///$STATE/db/nova_api.db$wait
sqlite_synchronous = false
[database]
connection = sqlite:///$STATE/db/nova_cell1.db$wait
sqlite_synchronous = false
[wsgi]
api_paste_config = $STATE/etc/nova/api-paste.ini
[conductor]
workers = 1
[scheduler]
workers = 1
[oslo_messaging_notifications]
driver = noop
[oslo_concurrency]
lock_path = $STATE/nova
[keystone_authtoken]
www_authenticate_uri = $KEYSTONE_URL
token_cache_time = 2
$(credentials nova)
# Since CVE-2023-2088, Cinder detaches a volume in use only if the request has Nova's own token besides the user's.
[service_user]
send_service_user_token = true
$(credentials nova)
[placement]
$(credentials nova)
[cinder]
catalog_info = volumev3::publicURL
$(credentials nova)
[glance]
region_name = RegionOne
[neutron]
endpoint_override = $PLACEMENT_URL/network-stub
$(credentials nova)
[cache]
enabled = true
backend = oslo_cache.dict
[vnc]
enabled = false
[quota]
instances = -1
cores = -1
ram = -1
CONF
}

cinder_conf() {
  cat <<CONF
[DEFAULT]
log_file = $STATE/log/cinder.log
use_stderr = false
default_log_levels = sqlalchemy=WARN,oslo.messaging=ERROR,oslo_messaging=ERROR,urllib3=WARN,keystonemiddleware=WARN,eventlet.wsgi.server=WARN
state_path = $STATE/cinder
host = lab-volume
my_ip = 127.0.0.1
auth_strategy = keystone
osapi_volume_listen = 127.0.0.1
osapi_volume_listen_port = $CINDER_PORT
osapi_volume_workers = 1
transport_url = fake:///
rpc_response_timeout = 60
service_down_time = 600
api_paste_config = $CINDER_PASTE
resource_query_filters_file = $CINDER_FILTERS
glance_api_servers = $GLANCE_URL
image_conversion_dir = $STATE/cinder/conversion
enabled_backends = files
periodic_fuzzy_delay = 0
quota_volumes = -1
quota_snapshots = -1
quota_gigabytes = -1
[files]
volume_driver = cinder_driver.LabDriver
volume_backend_name = files
[database]
connection = sqlite:///$STATE/db/cinder.db
sqlite_synchronous = false
[coordination]
backend_url = file://$STATE/cinder/coordination
[oslo_concurrency]
lock_path = $STATE/cinder
[oslo_messaging_notifications]
driver = noop
[keystone_authtoken]
www_authenticate_uri = $KEYSTONE_URL
service_token_roles = service
service_token_roles_required = true
token_cache_time = 2
$(credentials cinder)
[nova]
$(credentials cinder)
CONF
}
