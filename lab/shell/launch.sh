#!/usr/bin/env bash
# launch.sh SERVER COMMAND...: becomes COMMAND, after writing down who that is. STATE comes by the environment.
set -euo pipefail
# shellcheck source=shell/processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
record=$STATE/run/$1.pid
shift
echo "$$ $(start_time $$)" >"$record.new"
mv "$record.new" "$record"
exec "$@"
