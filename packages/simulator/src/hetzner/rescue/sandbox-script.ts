import { COMMANDS } from './commands.ts'
import { SECTOR } from './options.ts'

/**
 * Builds the rescue system and stays in it as its first process until its input ends: then the kernel kills all other processes in it. Parameters: a
 * directory for the new root, the disk's file, the directory of the commands, the directory shared with the host.
 */
export const SANDBOX_SCRIPT = `
set -eu
root=$1 disk=$2 commands=$3 control=$4
mount -t tmpfs -o mode=755 none "$root"
for name in usr bin sbin lib lib32 lib64 libx32 etc opt nix gnu; do
  if [ -L "/$name" ]; then ln -s "$(readlink "/$name")" "$root/$name"
  elif [ -d "/$name" ]; then
    mkdir "$root/$name"
    mount --rbind "/$name" "$root/$name"
    mount -o remount,bind,ro "$root/$name" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev "$root/$name"
  fi
done
mkdir -p "$root${COMMANDS}" "$root/run/simulator" "$root/dev/shm" "$root/proc" "$root/root" "$root/mnt" "$root/var/tmp" "$root/tmp"
chmod 1777 "$root/tmp" "$root/var/tmp" "$root/dev/shm"
mount --bind "$commands" "$root${COMMANDS}"
mount --bind "$control" "$root/run/simulator"
for name in null zero full random urandom tty; do
  touch "$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
ln -s /proc/self/fd "$root/dev/fd"
for pair in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/\${pair%%:*}" "$root/dev/\${pair##*:}"; done
touch "$root/dev/sda"
mount --bind "$disk" "$root/dev/sda"
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
mkdir -p "$root/sys/block/sda/queue" "$root/sys/class/block"
echo $(($(stat -c %s "$disk") / ${SECTOR})) > "$root/sys/block/sda/size"
echo ${SECTOR} > "$root/sys/block/sda/queue/logical_block_size"
ln -s ../../block/sda "$root/sys/class/block/sda"
cd "$root"
exec chroot . /bin/sh -c 'cd /root; echo ready; while read -r _; do :; done'
`

/**
 * Runs one command in the sandbox. The limit keeps the disk's file from growing; because the signal is ignored, a write past the end is an error, as
 * on a disk. Parameters: the limit in units of 512 bytes, then the command, or nothing for a shell.
 */
export const EXEC_SCRIPT = `
ulimit -f "$1"
trap '' XFSZ
shell=/bin/bash
[ -x $shell ] || shell=/bin/sh
cd /root
if [ $# -gt 1 ]; then exec $shell -c "$2"; fi
exec $shell
`
