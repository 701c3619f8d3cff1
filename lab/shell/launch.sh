#!/usr/bin/env bash
# launch.sh SERVER COMMAND...: records its process ID for SERVER, then becomes COMMAND. Needs STATE in the environment.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
record=$STATE/run/$1.pid
shift
echo "$$ $(start_time $$)" >"$record.new"
mv "$record.new" "$record"
exec "$@"
