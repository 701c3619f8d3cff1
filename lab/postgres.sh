#!/usr/bin/env bash
# postgres.sh up STATE_DIR     starts a separate PostgreSQL server and prints its address: postgres://…
# postgres.sh down STATE_DIR   stops the server and deletes STATE_DIR
#
# Uses Debian's package, a free port of 127.0.0.1, a password, and the new directory STATE_DIR for all data.
# PostgreSQL refuses to run as root: for root, it runs as the user postgres of the package, who needs access to STATE_DIR.
set -euo pipefail

fail() {
  echo "lab: $*" >&2
  exit 1
}

[ $# -eq 2 ] || fail "usage: postgres.sh up|down STATE_DIR"
PROGRAMS=$(dirname "$(ls -1 /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | sort -V | tail -n 1)")
[ -x "$PROGRAMS/pg_ctl" ] || fail "PostgreSQL is not installed. Run as root: lab/install.sh"
STATE=$2

as_server() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

case $1 in
  up)
    [ ! -e "$STATE" ] || fail "$STATE exists"
    mkdir -p "$STATE"
    printf 'labsecret\n' >"$STATE/password"
    if [ "$(id -u)" = 0 ]; then chown -R postgres "$STATE"; fi
    as_server "$PROGRAMS/initdb" --pgdata="$STATE/data" --username=imago --pwfile="$STATE/password" --auth=scram-sha-256 \
      --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$STATE/initdb.log" 2>&1 || { cat "$STATE/initdb.log" >&2; fail "initdb failed"; }
    # Another process may take the port first: try the next one.
    for _ in $(seq 20); do
      port=$((20000 + RANDOM % 12000))
      if as_server "$PROGRAMS/pg_ctl" --pgdata="$STATE/data" --log="$STATE/data/server.log" --wait --silent \
        --options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off" start </dev/null >/dev/null 2>&1; then
        echo "postgres://imago:labsecret@127.0.0.1:$port/postgres"
        exit 0
      fi
    done
    as_server cat "$STATE/data/server.log" >&2
    fail "PostgreSQL did not start; its log is above"
    ;;
  down)
    [ -e "$STATE/data/PG_VERSION" ] || fail "$STATE is not the state of a PostgreSQL server"
    as_server "$PROGRAMS/pg_ctl" --pgdata="$STATE/data" --mode=fast --wait --silent stop || true
    rm -rf "${STATE:?}"
    ;;
  *) fail "usage: postgres.sh up|down STATE_DIR" ;;
esac
