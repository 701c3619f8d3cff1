#!/usr/bin/env bash
# install.sh [--check]
#
# Installs the requirements of one release: the Debian packages of releases/RELEASE/packages.txt, and
#   debian   Glance's metadata definitions
#   newest   the Python packages of its requirements.txt, in a virtual environment
# With LAB_COMPUTE=yes also those of Nova, Placement and Cinder: compute-packages.txt, compute-requirements.txt.
# Does nothing if everything is installed. Debian packages need root; --check only reports what is missing.
#
#   LAB_RELEASE   debian (the default) or newest
#   LAB_COMPUTE   yes or no (the default)
#   LAB_CACHE     the directory of reusable files (root: /var/cache/imago-lab, others: ~/.cache/imago-lab)
set -euo pipefail
LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

fail() {
  echo "lab: $*" >&2
  exit 1
}

# shellcheck source-path=SCRIPTDIR source=shell/release.sh
source "$LAB/shell/release.sh"

find_missing() {
  local package
  missing=()
  while read -r package; do
    case $package in
      # Any Python that can create the environment suffices, and none is needed afterwards.
      python3-venv) if virtual_environment >/dev/null || find_python >/dev/null; then continue; fi ;;
    esac
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done < <(release_lists packages.txt | xargs cat | grep -v '^#')
}

# Finds a Python that is new enough for the pinned packages and can create a virtual environment with pip. Debian's comes first.
find_python() {
  local candidate
  for candidate in /usr/bin/python3 python3.11 python3.12 python3.13 python3; do
    if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

# APT::Sandbox: apt's own user cannot write to root's directories, and some containers cannot switch to it.
# policy-rc.d (below) and these options keep dpkg from prompting and from starting services: open-iscsi is a dependency.
apt() {
  DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true NEEDRESTART_SUSPEND=1 \
    apt-get --yes --quiet --no-install-recommends -o APT::Sandbox::User=root -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null >>"$log" 2>&1 && return
  tail -n 20 "$log" >&2
  fail "apt-get $1 failed; the end of its output stands above. Check the network and /etc/apt/sources.list, then try again."
}

missing=()
if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  find_missing
elif ! is_virtual; then
  fail "its release debian needs Debian's packages, and this system has no apt-get. Use Debian 12, or a container of it (docker run -it debian:12); or the release newest."
elif ! command -v qemu-img >/dev/null || { ! virtual_environment >/dev/null && ! find_python >/dev/null; }; then
  fail "the release $LAB_RELEASE needs qemu-img, and Python 3.11 or newer with the modules venv and ensurepip. Install them, and put them on PATH."
fi
if [ "${1:-}" = --check ]; then
  [ ${#missing[@]} -eq 0 ] || fail "missing packages: ${missing[*]}. Run as root: $INSTALL_SETTINGS lab/install.sh"
  ! is_virtual || virtual_environment >/dev/null || fail "the Python packages of the release $LAB_RELEASE are missing. Run: $INSTALL_SETTINGS lab/install.sh"
  exit 0
fi
[ ${#missing[@]} -gt 0 ] || ! locate_release || exit 0

UV=uv==0.13.9
log=$(mktemp)
work=$(mktemp -d)
policy=
cleanup() {
  rm -rf "$log" "$work"
  if [ -n "$policy" ]; then rm -f "$policy"; fi
}
trap cleanup EXIT

if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] || fail "these Debian packages are missing, and only root can install them: ${missing[*]}. Run: sudo $INSTALL_SETTINGS lab/install.sh"
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

install_metadefs() {
  [ -z "$(cached metadefs operating-system.json)" ] || return 0
  # glance-common is unpacked, not installed: only its metadata definitions are needed.
  if ! (cd "$work" && apt-get --quiet -o APT::Sandbox::User=root download glance-common >>"$log" 2>&1); then
    [ "$(id -u)" = 0 ] || fail "Debian's package glance-common, for Glance's metadata definitions, cannot be downloaded as this user. Run: sudo lab/install.sh"
    apt update
    (cd "$work" && apt download glance-common)
  fi
  dpkg-deb --extract "$work"/glance-common_*.deb "$work/unpacked"
  mkdir -p "$CACHE"
  chmod 755 "$work/unpacked/usr/share/glance-common/metadefs"
  cp -R "$work/unpacked/usr/share/glance-common/metadefs" "$CACHE/metadefs.$$"
  # If another run was faster, its copy stays.
  mv -T "$CACHE/metadefs.$$" "$CACHE/metadefs" 2>/dev/null || rm -rf "$CACHE/metadefs.$$"
}

# uv is three times as fast as pip, but ignores pip's index settings: if it fails, pip is used.
make_environment() {
  local directory=$CACHE/$(environment_name) from list
  mkdir -p "$CACHE"
  exec 7>"$CACHE/.$(environment_name).lock"
  flock -w 1200 7 || fail "another installation of the release $LAB_RELEASE has not ended in 20 minutes"
  ! virtual_environment >/dev/null || return 0
  from=$(find_python) || fail "the release $LAB_RELEASE needs Python 3.11 or newer with the modules venv and ensurepip. Install it, and put it on PATH."
  echo "lab: installing the Python packages of the release $LAB_RELEASE …"
  # Another lab may already use this environment: packages are only added.
  if [ ! -e "$directory/ready" ] || ! "$directory/bin/python3" -c '' 2>/dev/null; then
    rm -rf "$directory"
    { "$from" -m venv "$directory" && { "$directory/bin/pip" install --quiet --only-binary :all: "$UV" || true; }; } </dev/null >>"$log" 2>&1 7>&- || environment_failed
  fi
  for list in $(release_lists requirements.txt); do
    [ ! -e "$directory/$(marker_of "$list")" ] || continue
    {
      "$directory/bin/uv" pip install --quiet --no-deps --python "$directory/bin/python3" --requirement "$list" ||
        "$directory/bin/pip" install --quiet --no-deps --requirement "$list"
    } </dev/null >>"$log" 2>&1 7>&- || environment_failed
    touch "$directory/$(marker_of "$list")"
  done
}
environment_failed() {
  tail -n 20 "$log" >&2
  fail "the Python packages of the release $LAB_RELEASE cannot be installed; the end of the output stands above. Check the network and pip's settings (pip config list), then try again."
}

if is_virtual; then make_environment; else install_metadefs; fi
