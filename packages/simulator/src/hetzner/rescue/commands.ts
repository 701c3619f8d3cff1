import { SECTOR, type RescueOptions } from './options.ts'

/** The directory of the commands in the sandbox, first in its PATH. */
export const COMMANDS = '/simulator/bin'

/** The file in which a command requests a power change. */
export const POWER_FILE = '/run/simulator/power'

/** The search path of a root shell, without the simulator's commands. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

const script = (text: string): string => `#!/bin/sh\n${text.trim()}\n`

const refusing = (command: string, why: string): string =>
  `echo "${command}: the simulator's /dev/sda is a file: ${why}" >&2; exit 1`

// O_TRUNC truncates a file, but not a disk.
const DD = script(`
PATH=${SYSTEM_PATH}
for word; do
  case $word in of=/dev/sda) exec dd "$@" conv=notrunc ;; esac
done
exec dd "$@"
`)

const DISCARDS: Readonly<Record<NonNullable<RescueOptions['discard']>, string>> = {
  zeros: 'exec fallocate --punch-hole --offset "$offset" --length "$length" /dev/sda',
  nothing: 'exit 0',
  unsupported: 'echo "blkdiscard: /dev/sda: BLKDISCARD ioctl failed: Operation not supported" >&2; exit 1',
}

const blkdiscard = (discard: NonNullable<RescueOptions['discard']>): string =>
  script(`
PATH=${SYSTEM_PATH}
offset=0 length= zeroout=
options=$(getopt -o fo:l:p:svzVh -l force,offset:,length:,step:,secure,verbose,zeroout,version,help -n blkdiscard -- "$@") || exit 1
eval set -- "$options"
while :; do
  case $1 in
    -o | --offset) offset=$(numfmt --from=iec "\${2%iB}") || exit 1; shift 2 ;;
    -l | --length) length=$(numfmt --from=iec "\${2%iB}") || exit 1; shift 2 ;;
    -p | --step) shift 2 ;;
    -z | --zeroout) zeroout=1; shift ;;
    -V | --version | -h | --help) exec blkdiscard "$1" ;;
    --) shift; break ;;
    *) shift ;;
  esac
done
[ "$*" = /dev/sda ] || exec blkdiscard -- "$@"
size=$(stat -c %s /dev/sda)
if [ $((offset % ${SECTOR})) != 0 ]; then echo "blkdiscard: /dev/sda: offset $offset is not aligned to sector size ${SECTOR}" >&2; exit 1; fi
if [ "$offset" -gt "$size" ]; then echo "blkdiscard: /dev/sda: offset is greater than device size" >&2; exit 1; fi
[ -n "$length" ] && [ $((offset + length)) -le "$size" ] || length=$((size - offset))
[ "$length" -gt 0 ] || exit 0
[ -z "$zeroout" ] || ${DISCARDS.zeros}
${DISCARDS[discard]}
`)

const BLOCKDEV = script(`
PATH=${SYSTEM_PATH}
for last; do :; done
[ "$last" = /dev/sda ] || exec blockdev "$@"
size=$(stat -c %s /dev/sda)
while [ $# -gt 1 ]; do
  case $1 in
    --getsize64) echo "$size" ;;
    --getsz) echo $((size / 512)) ;;
    --getss | --getpbsz | --getiomin) echo ${SECTOR} ;;
    --getbsz) echo 4096 ;;
    --getro) echo 0 ;;
    --flushbufs) sync /dev/sda ;;
    --rereadpt | -v | -q) ;;
    *) ${refusing('blockdev', '$1 is not simulated')} ;;
  esac
  shift
done
`)

const LSBLK = script(`
PATH=${SYSTEM_PATH}
bytes= head=1 columns=NAME,MAJ:MIN,RM,SIZE,RO,TYPE,MOUNTPOINTS json= pairs=
options=$(getopt -o bdno:JpPlr -l bytes,nodeps,noheadings,output:,json,paths,pairs,list,raw -n lsblk -- "$@") || exit 1
eval set -- "$options"
paths=
while :; do
  case $1 in
    -b | --bytes) bytes=1; shift ;;
    -n | --noheadings) head=; shift ;;
    -o | --output) columns=$2; shift 2 ;;
    -J | --json) json=1; shift ;;
    -P | --pairs) pairs=1; shift ;;
    -p | --paths) paths=/dev/; shift ;;
    --) shift; break ;;
    *) shift ;;
  esac
done
for device; do
  [ "$device" = /dev/sda ] || { echo "lsblk: $device: not a block device" >&2; exit 32; }
done
size=$(stat -c %s /dev/sda)
[ -n "$bytes" ] || size=$(numfmt --to=iec --format=%.1f "$size" | sed 's/\\.0\\([A-Z]*\\)$/\\1/')
IFS=,
names= values= members= words=
for column in $columns; do
  column=$(printf %s "$column" | tr a-z A-Z)
  case $column in
    NAME) value=\${paths}sda ;; KNAME) value=\${paths}sda ;; PATH) value=/dev/sda ;;
    SIZE) value=$size ;; TYPE) value=disk ;; RO | RM | ROTA) value=0 ;; MAJ:MIN) value=8:0 ;;
    LOG-SEC | PHY-SEC) value=${SECTOR} ;; FSTYPE | MOUNTPOINT | MOUNTPOINTS | LABEL | UUID) value= ;;
    *) ${refusing('lsblk', 'column $column is not simulated')} ;;
  esac
  names="$names$column " values="$values$value " words="$words$column=\\"$value\\" "
  case $column in
    SIZE) [ -n "$bytes" ] && quoted=$value || quoted="\\"$value\\"" ;;
    LOG-SEC | PHY-SEC) quoted=$value ;;
    RO | RM | ROTA) quoted=false ;;
    MOUNTPOINTS) quoted='[null]' ;;
    *) [ -n "$value" ] && quoted="\\"$value\\"" || quoted=null ;;
  esac
  members="$members\${members:+, }\\"$(printf %s "$column" | tr A-Z a-z)\\": $quoted"
done
if [ -n "$json" ]; then echo "{\\"blockdevices\\": [{$members}]}"
elif [ -n "$pairs" ]; then echo "\${words% }"
else
  [ -z "$head" ] || echo "\${names% }"
  echo "$values" | sed 's/ *$//'
fi
`)

const STAT = script(`
PATH=${SYSTEM_PATH}
for word; do
  case $word in /dev/sda) ${refusing('stat', 'for a disk, stat would report the size 0. Use blockdev --getsize64')} ;; esac
done
exec stat "$@"
`)

const power = (word: string): string => script(`echo ${word} > ${POWER_FILE}`)

const SYSTEMCTL = script(`
for word; do
  case $word in
    poweroff | halt) echo off > ${POWER_FILE}; exit ;;
    reboot) echo reboot > ${POWER_FILE}; exit ;;
  esac
done
echo "systemctl: the simulator's rescue system has no systemd" >&2
exit 1
`)

const SHUTDOWN = script(`
word=off
for option; do
  case $option in -r | --reboot) word=reboot ;; -c) exit 0 ;; esac
done
echo $word > ${POWER_FILE}
`)

/**
 * The commands that need a block device or a machine of their own, by name. They precede the real commands in the PATH because `/dev/sda` is a file.
 */
export const commands = (discard: NonNullable<RescueOptions['discard']>): Readonly<Record<string, string>> => ({
  dd: DD,
  blkdiscard: blkdiscard(discard),
  blockdev: BLOCKDEV,
  lsblk: LSBLK,
  stat: STAT,
  shutdown: SHUTDOWN,
  poweroff: power('off'),
  halt: power('off'),
  reboot: power('reboot'),
  systemctl: SYSTEMCTL,
})
