#!/usr/bin/env bash
# install.sh [--check]
#
# Installs what the lab needs: the Debian packages of debian-packages.txt, and Glance's metadata definitions.
# Does nothing where everything is there. Installing packages needs root; --check only says what is missing.
#
#   LAB_CACHE   where the lab keeps what it need not make twice (root: /var/cache/imago-lab, others: ~/.cache/imago-lab)
set -euo pipefail
LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=shell/cache.sh
source "$LAB/shell/cache.sh"

fail() {
  echo "lab: $*" >&2
  exit 1
}

find_missing() {
  local package
  missing=()
  while read -r package; do
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done < <(grep -v '^#' "$LAB/debian-packages.txt")
}

# APT::Sandbox: apt's own user cannot write to a directory of root's, nor be switched to in every container.
# policy-rc.d (below) and these answers keep dpkg from asking and from starting services: open-iscsi comes as a dependency.
apt() {
  DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true NEEDRESTART_SUSPEND=1 \
    apt-get --yes --quiet --no-install-recommends -o APT::Sandbox::User=root -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null >>"$log" 2>&1 && return
  tail -n 20 "$log" >&2
  fail "apt-get $1 failed; the end of its output stands above. Check the network and /etc/apt/sources.list, then try again."
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  fail "it needs Debian's packages, and this system has no apt-get. Use Debian 12, or a container of it (docker run -it debian:12)."
fi

find_missing
if [ "${1:-}" = --check ]; then
  [ ${#missing[@]} -eq 0 ] || fail "missing packages: ${missing[*]}. Run as root: lab/install.sh"
  exit 0
fi
[ ${#missing[@]} -gt 0 ] || ! metadefs >/dev/null || exit 0

log=$(mktemp)
work=$(mktemp -d)
policy=
cleanup() {
  rm -rf "$log" "$work"
  if [ -n "$policy" ]; then rm -f "$policy"; fi
}
trap cleanup EXIT

if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] || fail "these Debian packages are missing, and only root can install them: ${missing[*]}. Run: sudo lab/install.sh"
  exec 8>/run/lock/imago-lab-install
  flock -w 1200 8 || fail "another installation has not ended in 20 minutes"
  find_missing
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "lab: installing ${missing[*]} …"
  apt update
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  apt install "${missing[@]}"
fi

# glance-common is unpacked, not installed: only its metadata definitions are wanted.
if ! metadefs >/dev/null; then
  if ! (cd "$work" && apt-get --quiet -o APT::Sandbox::User=root download glance-common >>"$log" 2>&1); then
    [ "$(id -u)" = 0 ] || fail "Debian's package glance-common, for Glance's metadata definitions, cannot be downloaded as this user. Run: sudo lab/install.sh"
    apt update
    (cd "$work" && apt download glance-common)
  fi
  dpkg-deb --extract "$work"/glance-common_*.deb "$work/unpacked"
  mkdir -p "$CACHE"
  chmod 755 "$work/unpacked/usr/share/glance-common/metadefs"
  cp -R "$work/unpacked/usr/share/glance-common/metadefs" "$CACHE/metadefs.$$"
  # Another run may have been faster: then its copy stays.
  mv -T "$CACHE/metadefs.$$" "$CACHE/metadefs" 2>/dev/null || rm -rf "$CACHE/metadefs.$$"
fi
