# shellcheck shell=bash
# Sourced, with STATE, KEYSTONE_PORT, GLANCE_PORT and PASTE_CONFIGURATION set. Functions that print the servers' configuration files.

keystone_conf() {
  cat <<CONF
# Listens on port $KEYSTONE_PORT.
[DEFAULT]
log_file = $STATE/log/keystone.log
use_stderr = false
[database]
connection = sqlite:///$STATE/db/keystone.db?timeout=60
sqlite_synchronous = false
[token]
provider = fernet
expiration = ${LAB_TOKEN_EXPIRATION:-3600}
allow_expired_window = 3600
[fernet_tokens]
key_repository = $STATE/etc/fernet-keys
[fernet_receipts]
key_repository = $STATE/etc/fernet-keys
[credential]
key_repository = $STATE/etc/credential-keys
[identity]
# bcrypt's lowest cost: a token takes 10 ms instead of 250.
password_hash_rounds = 4
[cache]
enabled = true
backend = oslo_cache.dict
[oslo_policy]
enforce_scope = false
CONF
}

glance_conf() {
  cat <<CONF
[DEFAULT]
log_file = $STATE/log/glance-api.log
use_stderr = false
default_log_levels = sqlalchemy=WARN,eventlet.wsgi.server=INFO,glance=INFO,taskflow=WARN
bind_host = 127.0.0.1
bind_port = $GLANCE_PORT
# One process without forks. SQLite has one writer: with several processes, some writes fail with 500 "database is locked".
workers = 0
enabled_backends = fast:file, slow:file, web:http
limit_param_default = 25
api_limit_max = 1000
show_multiple_locations = true
show_image_direct_url = true
enabled_import_methods = [glance-direct,web-download,copy-image,glance-download]
node_staging_uri = file://$STATE/staging/
worker_self_reference_url = $GLANCE_URL
image_cache_dir = $STATE/cache
# Secure role-based access: a reader may read, and receives 403 otherwise.
enforce_secure_rbac = true
# The formats that Glance allows since 2024.
disk_formats = ami,ari,aki,vhd,vhdx,vmdk,raw,qcow2,vdi,iso,ploop
container_formats = ami,ari,aki,bare,ovf,ova,docker,compressed
[database]
connection = sqlite:///$STATE/db/glance.db?timeout=60
sqlite_synchronous = false
[glance_store]
default_backend = fast
[fast]
filesystem_store_datadir = $STATE/stores/fast
store_description = Fast file store
[slow]
filesystem_store_datadir = $STATE/stores/slow
store_description = Slow file store
[web]
store_description = Read-only HTTP store
[os_glance_staging_store]
filesystem_store_datadir = $STATE/staging
[os_glance_tasks_store]
filesystem_store_datadir = $STATE/tasks
[task]
task_executor = taskflow
work_dir = $STATE/work
[oslo_policy]
enforce_new_defaults = true
enforce_scope = true
policy_file = $STATE/etc/glance-policy.yaml
# Debian's security updates refuse loopback as an image source unless it is listed here. Without a port: any port. The brackets are required.
[import_filtering_opts]
allowed_schemes = [http,https]
allowed_hosts = [127.0.0.1]
allowed_ports = []
[keystone_authtoken]
www_authenticate_uri = $KEYSTONE_URL
auth_url = $KEYSTONE_URL
auth_type = password
username = glance
password = $LAB_PASSWORD
project_name = service
user_domain_id = default
project_domain_id = default
region_name = RegionOne
# Refuse revoked tokens within 2 seconds; Glance's default is 5 minutes.
token_cache_time = 2
[paste_deploy]
flavor = keystone+cachemanagement
config_file = $PASTE_CONFIGURATION
CONF
}
