# shellcheck shell=bash
# Sourced. What labs share: CACHE, the directory to write to.
if [ "$(id -u)" = 0 ]; then CACHE=${LAB_CACHE:-/var/cache/imago-lab}; else CACHE=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/imago-lab}; fi
