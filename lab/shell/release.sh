# shellcheck shell=bash
# Sourced, with LAB set, and with fail(): which release of OpenStack this is about, and where its parts lie.
#   debian   Debian's packages, in /usr
#   newest   releases/newest/requirements.txt, in a virtual environment that labs share
LAB_RELEASE=${LAB_RELEASE:-debian}
RELEASE_DIRECTORY=$LAB/releases/$LAB_RELEASE
[[ $LAB_RELEASE =~ ^[a-z]+$ ]] && [ -d "$RELEASE_DIRECTORY" ] || fail "there is no release $LAB_RELEASE. Choose one: $(cd "$LAB/releases" && echo *)"
# shellcheck source-path=SCRIPTDIR source=cache.sh
source "$LAB/shell/cache.sh"

# The first of these directories that has a file, of this user's cache or of root's. Fails where neither has.
cached() { # name file
  local directory
  for directory in "$CACHE/$1" "/var/cache/imago-lab/$1"; do
    if [ -r "$directory/$2" ]; then
      echo "$directory"
      return
    fi
  done
  return 1
}

is_virtual() { [ -e "$RELEASE_DIRECTORY/requirements.txt" ]; }

# One for each list, so that clones of different versions do not disturb one another.
environment_name() { echo "$LAB_RELEASE-$(sha256sum <"$RELEASE_DIRECTORY/requirements.txt" | cut -c 1-16)"; }

# `ready` is written last. The Python that it was made with may be gone since.
virtual_environment() {
  local directory
  directory=$(cached "$(environment_name)" ready) && "$directory/bin/python3" -c '' 2>/dev/null && echo "$directory"
}

# Sets PROGRAMS (directory of the release's Python and clients), METADEFS, PASTE_CONFIGURATION and VERSIONS. Fails where the release is not installed.
locate_release() {
  local environment
  if is_virtual; then
    environment=$(virtual_environment) || return 1
    PROGRAMS=$environment/bin
    METADEFS=$environment/etc/glance/metadefs
    PASTE_CONFIGURATION=$environment/etc/glance/glance-api-paste.ini
    VERSIONS=$(grep -E '^(glance|keystone|python-glanceclient|python-openstackclient|openstacksdk|hcloud)==' "$RELEASE_DIRECTORY/requirements.txt" | sed 's/==/=/' | tr '\n' ' ')
  else
    METADEFS=$(cached metadefs operating-system.json) || return 1
    PROGRAMS=/usr/bin
    PASTE_CONFIGURATION=$RELEASE_DIRECTORY/glance-api-paste.ini
    VERSIONS=$(dpkg-query --show --showformat='${Package}=${Version} ' python3-glance python3-keystone)
  fi
}
