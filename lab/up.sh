#!/usr/bin/env bash
# up.sh STATE_DIR
#
# Starts a real Keystone (identity v3) and a real Glance (image v2) on 127.0.0.1, with SQLite and file stores. All data is in STATE_DIR.
# With LAB_COMPUTE=yes, now or in an earlier run for STATE_DIR, also starts a real Nova, Placement and Cinder.
# Safe to repeat: existing data is kept, and servers with an unchanged configuration keep running. down.sh stops them.
# Writes for clients: STATE_DIR/lab.json (addresses, users, passwords) and STATE_DIR/clouds.yaml.
#
#   LAB_RELEASE                          the release of OpenStack: debian (the default) or newest; see shell/release.sh
#   LAB_COMPUTE                          yes or no (the default)
#   LAB_KEYSTONE_PORT, LAB_GLANCE_PORT, LAB_PLACEMENT_PORT, LAB_NOVA_PORT, LAB_CINDER_PORT
#                                        ports (default: the previous ones of STATE_DIR if free, otherwise any in 20000-31999)
#   LAB_TOKEN_EXPIRATION                 lifetime of tokens in seconds (3600)
#   LAB_GLANCE_EXTRA                     a file with further glance-api settings, which take precedence over the lab's
#   LAB_CACHE                            see install.sh
set -euo pipefail
LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
started_ms=$((${EPOCHREALTIME/[.,]/} / 1000))

fail() {
  echo "lab: $*" >&2
  exit 1
}

say() { printf '%6d ms  %s\n' $((${EPOCHREALTIME/[.,]/} / 1000 - started_ms)) "$*"; }

[ $# -eq 1 ] || fail "usage: up.sh STATE_DIR"
if [ -e "$1/compute" ]; then export LAB_COMPUTE=yes; fi
# shellcheck source-path=SCRIPTDIR source=shell/release.sh
source "$LAB/shell/release.sh"
"$LAB/install.sh"
locate_release || fail "$LAB_RELEASE is not installed. Run: $INSTALL_SETTINGS lab/install.sh"

umask 077
mkdir -p "$1"
STATE=$(cd "$1" && pwd -P)
export STATE
mkdir -p "$STATE"/{etc,db,run,log,stores/fast,stores/slow,staging,tasks,work,cache}
exec 9>"$STATE/.lock"
flock -w 300 9 || fail "$STATE is in use by another lab/up.sh or lab/down.sh"

LAB_PASSWORD=labsecret
# shellcheck source-path=SCRIPTDIR source=shell/processes.sh
source "$LAB/shell/processes.sh"
# shellcheck source-path=SCRIPTDIR source=shell/configuration.sh
source "$LAB/shell/configuration.sh"
# shellcheck source-path=SCRIPTDIR source=shell/compute-configuration.sh
source "$LAB/shell/compute-configuration.sh"

# The databases are specific to the release.
last_release=$(cat "$STATE/release" 2>/dev/null || echo "$LAB_RELEASE")
[ "$last_release" = "$LAB_RELEASE" ] || fail "$STATE is a lab of the release $last_release, not of $LAB_RELEASE. Take it down and forget its images first, or name another."
echo "$LAB_RELEASE" >"$STATE/release"
servers=(keystone glance)
if [ "$LAB_COMPUTE" = yes ]; then
  servers+=(placement nova cinder)
  touch "$STATE/compute"
  mkdir -p "$STATE"/{etc/nova,etc/placement,nova/instances,cinder/volumes,cinder/conversion}
fi

# The release's Python without the caller's settings: no proxy (the servers use loopback), no virtual environment, no OS_* variables.
clean=(env -i "PATH=$PROGRAMS:/usr/bin:/bin" "HOME=$STATE" LC_ALL=C.UTF-8 PYTHONWARNINGS=ignore "STATE=$STATE" "OS_KEYSTONE_CONFIG_FILES=$STATE/etc/keystone.conf" "OS_GLANCE_CONFIG_DIR=$STATE/etc"
  "OS_NOVA_CONFIG_DIR=$STATE/etc/nova" "OS_PLACEMENT_CONFIG_DIR=$STATE/etc/placement")
python=("${clean[@]}" "$PROGRAMS/python3")

# If this run fails, it stops the servers that it started.
launched=()
is_up=
on_exit() {
  local server
  [ -z "$is_up" ] || return 0
  for server in "${launched[@]}"; do
    wait_for_pid "$server" || true
    stop_server "$server" >&2
  done
}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ── Ports: that of a running server; the requested one; the previous one; any.
declare -A last_ports=() ports=()
while read -r server port; do last_ports[$server]=$port; done 2>/dev/null <"$STATE/run/ports" || true
port_for() { # server asked last avoided...
  local server=$1 asked=$2 last=$3
  shift 3
  if [ -n "$last" ] && is_alive "$server"; then
    echo "$last"
  elif [ -n "$asked" ]; then
    "${python[@]}" "$LAB/server/port.py" "$asked" || fail "port $asked, asked for $server, is taken. Ask for another, or for none."
  else
    { [ -n "$last" ] && "${python[@]}" "$LAB/server/port.py" "$last"; } || "${python[@]}" "$LAB/server/port.py" '' "$@" || fail "no port between 20000 and 31999 is free"
  fi
}
for server in "${servers[@]}"; do
  asked=LAB_${server^^}_PORT
  ports[$server]=$(port_for "$server" "${!asked:-}" "${last_ports[$server]:-}" "${ports[@]}" "${last_ports[@]}")
done
for server in "${servers[@]}"; do echo "$server ${ports[$server]}"; done >"$STATE/run/ports"
KEYSTONE_PORT=${ports[keystone]}
GLANCE_PORT=${ports[glance]}
PLACEMENT_PORT=${ports[placement]:-}
NOVA_PORT=${ports[nova]:-}
CINDER_PORT=${ports[cinder]:-}
KEYSTONE_URL=http://127.0.0.1:$KEYSTONE_PORT
GLANCE_URL=http://127.0.0.1:$GLANCE_PORT
PLACEMENT_URL=http://127.0.0.1:$PLACEMENT_PORT
NOVA_URL=http://127.0.0.1:$NOVA_PORT
CINDER_URL=http://127.0.0.1:$CINDER_PORT

# ── Configuration. A server whose configuration changed is stopped here and started again below.
configure() { # server file: the new configuration on standard input
  local file=$STATE/etc/$2
  cat >"$file.new"
  if ! cmp -s "$file" "$file.new"; then stop_server "$1"; fi
  mv "$file.new" "$file"
}
keystone_conf | configure keystone keystone.conf
{
  glance_conf
  if [ -n "${LAB_GLANCE_EXTRA:-}" ]; then cat "$LAB_GLANCE_EXTRA"; fi
} | configure glance glance-api.conf
: >"$STATE/etc/glance-policy.yaml"
if [ "$LAB_COMPUTE" = yes ]; then
  placement_conf | configure placement placement/placement.conf
  configure nova nova/api-paste.ini <"$NOVA_PASTE"
  nova_conf | configure nova nova/nova.conf
  cinder_conf | configure cinder cinder.conf
fi
"${python[@]}" "$LAB/server/make-keys.py" "$STATE/etc/fernet-keys" "$STATE/etc/credential-keys"

if is_virtual; then
  # nova-api is removed since 2026.
  nova=("${python[@]}" "$LAB/server/nova-gunicorn.py")
  nova_databases=(databases)
  nova_serve=("$NOVA_PORT")
else
  nova=("${python[@]}" "$LAB/server/nova-eventlet.py")
  nova_databases=(databases "$STATE/etc/nova/nova.conf")
  nova_serve=(serve "$STATE/etc/nova/nova.conf")
fi

# ── Databases: created once for these versions, then copied.
make_databases() {
  {
    "${python[@]}" "$LAB/server/glance-manage.py" --config-file "$STATE/etc/glance-api.conf" db_sync &&
      "${python[@]}" "$LAB/server/glance-manage.py" --config-file "$STATE/etc/glance-api.conf" db_load_metadefs "$METADEFS"
  } </dev/null >"$STATE/log/glance-database.log" 2>&1 9>&- &
  local glance=$!
  {
    "${clean[@]}" "$PROGRAMS/keystone-manage" --config-file "$STATE/etc/keystone.conf" db_sync &&
      "${clean[@]}" "$PROGRAMS/keystone-manage" --config-file "$STATE/etc/keystone.conf" bootstrap --bootstrap-password "$LAB_PASSWORD" --bootstrap-region-id RegionOne
  } </dev/null >"$STATE/log/keystone-database.log" 2>&1 9>&- || database_failed keystone
  wait "$glance" || database_failed glance
}
make_compute_databases() {
  "${nova[@]}" "${nova_databases[@]}" </dev/null >"$STATE/log/nova-database.log" 2>&1 9>&- &
  local nova_process=$!
  "${python[@]}" "$LAB/server/placement-database.py" "$STATE/etc/placement/placement.conf" </dev/null >"$STATE/log/placement-database.log" 2>&1 9>&- || database_failed placement
  "${python[@]}" "$LAB/server/cinder-server.py" database "$STATE/etc/cinder.conf" </dev/null >"$STATE/log/cinder-database.log" 2>&1 9>&- || database_failed cinder
  wait "$nova_process" || database_failed nova
}
database_failed() { # server
  tail -n 5 "$STATE/log/$1-database.log" >&2
  fail "$1's database could not be made; see $STATE/log/$1-database.log"
}
ensure_databases() { # marker maker versions database...
  local marker=$STATE/db/$1 maker=$2 template database
  template=$CACHE/databases-$(echo "$LAB_RELEASE $3 $LAB_PASSWORD 1" | sha256sum | cut -c 1-16)
  shift 3
  [ ! -e "$marker" ] || return 0
  if [ -r "$template/ready" ]; then
    for database in "$@"; do cp "$template/$database.db" "$STATE/db/"; done
  else
    say "making the databases $*"
    for database in "$@"; do rm -f "$STATE/db/$database".db*; done
    "$maker"
    # Write-ahead logging: readers do not wait for the writer. The setting is stored in the file.
    "${python[@]}" -c 'import sqlite3, sys
for name in sys.argv[2:]: sqlite3.connect(f"{sys.argv[1]}/{name}.db").execute("pragma journal_mode=wal")' "$STATE/db" "$@"
    if mkdir -p "$template.$$" 2>/dev/null; then
      for database in "$@"; do cp "$STATE/db/$database.db" "$template.$$/"; done
      touch "$template.$$/ready"
      # If another lab was faster, its copy stays.
      mv -T "$template.$$" "$template" 2>/dev/null || rm -rf "$template.$$"
    fi
  fi
  touch "$marker"
}
ensure_databases ready make_databases "$VERSIONS" keystone glance
if [ "$LAB_COMPUTE" = yes ]; then ensure_databases compute-ready make_compute_databases "$COMPUTE_VERSIONS" placement nova_api nova_cell0 nova_cell1 cinder; fi
say "databases are there"

# ── Servers.
ensure_server() { # server command...
  if is_alive "$1"; then return; fi
  launched+=("$1")
  start_server "$@" || fail "$1 could not be started; see $STATE/log/$1.out"
}
ensure_server keystone "${python[@]}" "$LAB/server/keystone-server.py" "$KEYSTONE_PORT"
if is_virtual; then
  # Since 2026, glance-api has no server of its own.
  ensure_server glance "${python[@]}" "$LAB/server/glance-gunicorn.py" "$GLANCE_PORT"
else
  ensure_server glance "${python[@]}" "$LAB/server/glance-api.py" --config-file "$STATE/etc/glance-api.conf"
fi
if [ "$LAB_COMPUTE" = yes ]; then
  # Nova waits for this file of prepare.py.
  if ! is_alive nova; then rm -f "$STATE/run/compute-prepared"; fi
  ensure_server placement "${python[@]}" "$LAB/server/placement-server.py" "$PLACEMENT_PORT"
  ensure_server nova "${nova[@]}" "${nova_serve[@]}"
  ensure_server cinder "${python[@]}" "$LAB/server/cinder-server.py" serve "$STATE/etc/cinder.conf"
fi
say "started: ${launched[*]:-nothing, all run}"

compute_urls=()
if [ "$LAB_COMPUTE" = yes ]; then compute_urls=("$PLACEMENT_URL" "$NOVA_URL" "$CINDER_URL"); fi
if ! "${python[@]}" "$LAB/server/prepare.py" "$KEYSTONE_URL" "$GLANCE_URL" "$LAB_PASSWORD" "$LAB_RELEASE" "$PROGRAMS" "$VERSIONS $COMPUTE_VERSIONS" "${compute_urls[@]}"; then
  grep -hE ' (CRITICAL|ERROR) ' "$STATE"/log/*.log | tail -n 8 >&2 || true
  tail -qn 5 "$STATE"/log/*.out >&2
  fail "the servers did not come up; the end of their logs stands above"
fi
is_up=yes
if [ "$LAB_COMPUTE" = yes ]; then say "up: nova $NOVA_URL/v2.1, cinder $CINDER_URL/v3, placement $PLACEMENT_URL"; fi
say "up: $LAB_RELEASE, keystone $KEYSTONE_URL/v3, glance $GLANCE_URL"
