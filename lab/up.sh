#!/usr/bin/env bash
# up.sh STATE_DIR
#
# Starts a real Keystone (identity v3) and a real Glance (image v2) on 127.0.0.1, with SQLite and file stores, all they keep in STATE_DIR.
# Safe to repeat: what is there is kept, a server that runs with the same configuration is left alone. down.sh stops them.
# Written for clients: STATE_DIR/lab.json (addresses, users, passwords) and STATE_DIR/clouds.yaml.
#
#   LAB_RELEASE                          of OpenStack: debian (the default) or newest; see shell/release.sh
#   LAB_KEYSTONE_PORT, LAB_GLANCE_PORT   ports (the last ones of STATE_DIR if they are free, else any in 20000-31999)
#   LAB_TOKEN_EXPIRATION                 seconds that a token lives (3600)
#   LAB_GLANCE_EXTRA                     a file of more glance-api settings, which outrank the lab's
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
# shellcheck source-path=SCRIPTDIR source=shell/release.sh
source "$LAB/shell/release.sh"
"$LAB/install.sh"
locate_release || fail "$LAB_RELEASE is not installed. Run: LAB_RELEASE=$LAB_RELEASE lab/install.sh"

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

# Its databases are the release's own.
last_release=$(cat "$STATE/release" 2>/dev/null || echo "$LAB_RELEASE")
[ "$last_release" = "$LAB_RELEASE" ] || fail "$STATE is a lab of the release $last_release, not of $LAB_RELEASE. Take it down and forget its images first, or name another."
echo "$LAB_RELEASE" >"$STATE/release"

# The release's Python with nothing of the caller's: no proxy (the servers talk over loopback), no virtual environment, no OS_* variable.
clean=(env -i "PATH=$PROGRAMS:/usr/bin:/bin" "HOME=$STATE" LC_ALL=C.UTF-8 PYTHONWARNINGS=ignore "STATE=$STATE" "OS_KEYSTONE_CONFIG_FILES=$STATE/etc/keystone.conf" "OS_GLANCE_CONFIG_DIR=$STATE/etc")
python=("${clean[@]}" "$PROGRAMS/python3")

# What this run started ends with it, unless it gets to its end.
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

# ── Ports: a running server's own; what was asked for; the last one; any.
port_for() { # server asked last avoided
  if is_alive "$1"; then
    echo "$3"
  elif [ -n "$2" ]; then
    "${python[@]}" "$LAB/server/port.py" "$2" || fail "port $2, asked for $1, is taken. Ask for another, or for none."
  else
    { [ -n "$3" ] && "${python[@]}" "$LAB/server/port.py" "$3"; } || "${python[@]}" "$LAB/server/port.py" '' "$4" || fail "no port between 20000 and 31999 is free"
  fi
}
last_keystone=''
last_glance=''
if [ -s "$STATE/run/ports" ]; then read -r last_keystone last_glance <"$STATE/run/ports"; fi
KEYSTONE_PORT=$(port_for keystone "${LAB_KEYSTONE_PORT:-}" "$last_keystone" "$last_glance")
GLANCE_PORT=$(port_for glance "${LAB_GLANCE_PORT:-}" "$last_glance" "$KEYSTONE_PORT")
echo "$KEYSTONE_PORT $GLANCE_PORT" >"$STATE/run/ports"
KEYSTONE_URL=http://127.0.0.1:$KEYSTONE_PORT
GLANCE_URL=http://127.0.0.1:$GLANCE_PORT

# ── Configuration. A server whose configuration changed is stopped, and so started again below.
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
"${python[@]}" "$LAB/server/make-keys.py" "$STATE/etc/fernet-keys" "$STATE/etc/credential-keys"

# ── Databases: made once for these versions, then copied.
make_databases() {
  rm -f "$STATE"/db/*.db*
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
  # Write-ahead logging: readers do not wait for the writer. The setting stays in the file.
  "${python[@]}" -c 'import sqlite3, sys
for path in sys.argv[1:]: sqlite3.connect(path).execute("pragma journal_mode=wal")' "$STATE/db/keystone.db" "$STATE/db/glance.db"
}
database_failed() { # server
  tail -n 5 "$STATE/log/$1-database.log" >&2
  fail "$1's database could not be made; see $STATE/log/$1-database.log"
}
template=$CACHE/databases-$(echo "$LAB_RELEASE $VERSIONS $LAB_PASSWORD 1" | sha256sum | cut -c 1-16)
if [ ! -e "$STATE/db/ready" ]; then
  if [ -r "$template/ready" ]; then
    cp "$template"/*.db "$STATE/db/"
  else
    say "making the databases"
    make_databases
    if mkdir -p "$template.$$" 2>/dev/null; then
      cp "$STATE"/db/*.db "$template.$$/"
      touch "$template.$$/ready"
      # Another lab may have been faster: then its copy stays.
      mv -T "$template.$$" "$template" 2>/dev/null || rm -rf "$template.$$"
    fi
  fi
  touch "$STATE/db/ready"
fi
say "databases are there"

# ── Servers.
ensure_server() { # server command...
  if is_alive "$1"; then return; fi
  launched+=("$1")
  start_server "$@" || fail "$1 could not be started; see $STATE/log/$1.out"
}
ensure_server keystone "${python[@]}" "$LAB/server/keystone-server.py" "$KEYSTONE_PORT"
if is_virtual; then
  # Since 2026 glance-api no longer serves on its own.
  ensure_server glance "${python[@]}" "$LAB/server/glance-gunicorn.py" "$GLANCE_PORT"
else
  ensure_server glance "${python[@]}" "$LAB/server/glance-api.py" --config-file "$STATE/etc/glance-api.conf"
fi
say "started: ${launched[*]:-nothing, both run}"

if ! "${python[@]}" "$LAB/server/prepare.py" "$STATE" "$KEYSTONE_URL" "$GLANCE_URL" "$LAB_PASSWORD" "$LAB_RELEASE" "$PROGRAMS" "$VERSIONS"; then
  grep -hE ' (CRITICAL|ERROR) ' "$STATE"/log/*.log | tail -n 8 >&2 || true
  tail -qn 5 "$STATE"/log/*.out >&2
  fail "the servers did not come up; the end of their logs stands above"
fi
is_up=yes
say "up: $LAB_RELEASE, keystone $KEYSTONE_URL/v3, glance $GLANCE_URL"
