#!/usr/bin/env bash
# down.sh STATE_DIR [--purge]
#
# Stops the servers that up.sh started for STATE_DIR. --purge also deletes STATE_DIR.
set -euo pipefail
LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
case "$# ${2:-}" in
  '1 ' | '2 --purge') ;;
  *)
    echo "lab: usage: down.sh STATE_DIR [--purge]" >&2
    exit 2
    ;;
esac
[ -d "$1" ] || exit 0
STATE=$(cd "$1" && pwd -P)
if [ ! -d "$STATE/run" ] || [ ! -d "$STATE/stores" ]; then
  echo "lab: $STATE is not the state of a lab; nothing was touched" >&2
  exit 1
fi
# shellcheck source-path=SCRIPTDIR source=shell/processes.sh
source "$LAB/shell/processes.sh"
exec 9>"$STATE/.lock"
flock -w 120 9 || {
  echo "lab: $STATE is in use by another lab/up.sh or lab/down.sh" >&2
  exit 1
}
for server in cinder nova placement glance keystone; do stop_server "$server"; done
if [ "${2:-}" = --purge ]; then rm -rf "$STATE"; fi
