# shellcheck shell=bash
# Sourced, with LAB and fail() defined. Selects the release of OpenStack and locates its parts:
#   debian   Debian's packages, in /usr
#   newest   releases/newest/requirements.txt, in a virtual environment that labs share
LAB_RELEASE=${LAB_RELEASE:-debian}
RELEASE_DIRECTORY=$LAB/releases/$LAB_RELEASE
[[ $LAB_RELEASE =~ ^[a-z]+$ ]] && [ -d "$RELEASE_DIRECTORY" ] || fail "there is no release $LAB_RELEASE. Choose one: $(cd "$LAB/releases" && echo *)"
LAB_COMPUTE=${LAB_COMPUTE:-no}
[[ $LAB_COMPUTE =~ ^(yes|no)$ ]] || fail "LAB_COMPUTE is yes or no, not $LAB_COMPUTE"
# As a user types them before lab/install.sh.
INSTALL_SETTINGS=LAB_RELEASE=$LAB_RELEASE
if [ "$LAB_COMPUTE" = yes ]; then INSTALL_SETTINGS+=" LAB_COMPUTE=yes"; fi
# shellcheck source-path=SCRIPTDIR source=cache.sh
source "$LAB/shell/cache.sh"

# Prints the first directory with the file, in this user's cache or in root's. Fails if neither has it.
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

# Prints the release's lists of this name; that of Nova, Placement and Cinder only with LAB_COMPUTE=yes.
release_lists() { # name
  echo "$RELEASE_DIRECTORY/$1"
  if [ "$LAB_COMPUTE" = yes ] && [ -e "$RELEASE_DIRECTORY/compute-$1" ]; then echo "$RELEASE_DIRECTORY/compute-$1"; fi
}

is_virtual() { [ -e "$RELEASE_DIRECTORY/requirements.txt" ]; }

# One environment per list, so that clones of different versions do not affect each other.
environment_name() { echo "$LAB_RELEASE-$(sha256sum <"$RELEASE_DIRECTORY/requirements.txt" | cut -c 1-16)"; }

# Prints the file that marks an environment as complete for one list of Python packages.
marker_of() { # list
  case $1 in
    */requirements.txt) echo ready ;;
    *) echo "ready-$(sha256sum <"$1" | cut -c 1-16)" ;;
  esac
}

# The Python that created it may have been removed.
virtual_environment() {
  local directory list last
  for list in $(release_lists requirements.txt); do last=$(marker_of "$list"); done
  directory=$(cached "$(environment_name)" "$last") && "$directory/bin/python3" -c '' 2>/dev/null && echo "$directory"
}

pinned() { # list package...
  local list=$RELEASE_DIRECTORY/$1
  shift
  grep -E "^($(IFS='|' && echo "$*"))==" "$list" | sed 's/==/=/' | tr '\n' ' '
}

# Sets PROGRAMS (directory of the release's Python and clients), METADEFS, VERSIONS, COMPUTE_VERSIONS (of Nova, Placement and Cinder), and
# the servers' pipelines and filters: PASTE_CONFIGURATION (Glance's), NOVA_PASTE, CINDER_PASTE, CINDER_FILTERS. Fails if the release is not installed.
locate_release() {
  local environment
  if is_virtual; then
    environment=$(virtual_environment) || return 1
    PROGRAMS=$environment/bin
    METADEFS=$environment/etc/glance/metadefs
    PASTE_CONFIGURATION=$environment/etc/glance/glance-api-paste.ini
    # Wheels install them here, where no program looks for them.
    NOVA_PASTE=$environment/etc/nova/api-paste.ini
    CINDER_PASTE=$environment/etc/cinder/api-paste.ini
    CINDER_FILTERS=$environment/etc/cinder/resource_filters.json
    VERSIONS=$(pinned requirements.txt glance keystone python-glanceclient python-openstackclient openstacksdk hcloud)
    COMPUTE_VERSIONS=
    if [ "$LAB_COMPUTE" = yes ]; then COMPUTE_VERSIONS=$(pinned compute-requirements.txt nova openstack-placement cinder); fi
  else
    METADEFS=$(cached metadefs operating-system.json) || return 1
    PROGRAMS=/usr/bin
    PASTE_CONFIGURATION=$RELEASE_DIRECTORY/glance-api-paste.ini
    NOVA_PASTE=$RELEASE_DIRECTORY/nova-api-paste.ini
    CINDER_PASTE=$RELEASE_DIRECTORY/cinder-api-paste.ini
    CINDER_FILTERS=$RELEASE_DIRECTORY/cinder-resource-filters.json
    VERSIONS=$(dpkg-query --show --showformat='${Package}=${Version} ' python3-glance python3-keystone)
    COMPUTE_VERSIONS=
    if [ "$LAB_COMPUTE" = yes ]; then COMPUTE_VERSIONS=$(dpkg-query --show --showformat='${Package}=${Version} ' python3-nova python3-placement python3-cinder); fi
  fi
}
