# shellcheck shell=bash
# Sourced. What labs share: CACHE, the directory to write to.
if [ "$(id -u)" = 0 ]; then CACHE=${LAB_CACHE:-/var/cache/imago-lab}; else CACHE=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/imago-lab}; fi

# Where Glance's metadata definitions lie: in this user's cache, or in root's. Fails where they are in neither.
metadefs() {
  local directory
  for directory in "$CACHE/metadefs" /var/cache/imago-lab/metadefs; do
    if [ -r "$directory/operating-system.json" ]; then
      echo "$directory"
      return
    fi
  done
  return 1
}
