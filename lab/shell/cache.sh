# shellcheck shell=bash
# Sourced. Sets CACHE, the writable directory that labs share.
if [ "$(id -u)" = 0 ]; then CACHE=${LAB_CACHE:-/var/cache/imago-lab}; else CACHE=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/imago-lab}; fi
