# shellcheck shell=bash
# Sourced, with STATE set. The servers of one lab, identified by process ID and start time in STATE/run/SERVER.pid.
# The process ID alone is not enough: another process may have it by now.

# Prints the start time of a process in clock ticks since boot. Fails for a zombie: if init does not reap it, `kill -0` always succeeds.
start_time() { # pid
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" != Z ] && echo "${fields[19]}"
}

# Prints the process ID of a server, if it is still running.
pid_of() { # server
  local pid started
  read -r pid started 2>/dev/null <"$STATE/run/$1.pid" || return 1
  [ "$(start_time "$pid")" = "$started" ] && echo "$pid"
}

is_alive() { pid_of "$1" >/dev/null; } # server

# Starts a server in its own session, without the caller's streams and lock.
start_server() { # server command...
  local server=$1
  shift
  rm -f "$STATE/run/$server.pid"
  setsid "$BASH" "$LAB/shell/launch.sh" "$server" "$@" </dev/null >>"$STATE/log/$server.out" 2>&1 9>&- &
  disown
  wait_for_pid "$server"
}

wait_for_pid() { # server
  for _ in $(seq 250); do
    [ ! -s "$STATE/run/$1.pid" ] || return 0
    sleep 0.02
  done
  return 1
}

# Sends SIGTERM, and SIGKILL after 10 seconds.
stop_server() { # server
  local pid
  if pid=$(pid_of "$1"); then
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 200); do
      is_alive "$1" || break
      sleep 0.05
    done
    if is_alive "$1"; then kill -KILL "$pid" 2>/dev/null || true; fi
    echo "stopped $1 ($pid)"
  fi
  rm -f "$STATE/run/$1.pid"
}
