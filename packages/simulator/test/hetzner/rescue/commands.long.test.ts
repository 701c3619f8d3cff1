import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { ended, exec, startLab, until, type Lab, type Machine } from './client.ts'

// Each test starts real processes, which takes long on a busy machine.
jest.setTimeout(120_000)

const SIZE = 3_999_744

let lab: Lab
let server: Machine
beforeAll(async () => {
  lab = await startLab()
  server = await lab.rescued()
})
afterAll(() => lab.close())

const runCommand = async (command: string, input?: Buffer): Promise<readonly [number | null, string, string]> => {
  const { code, out, error } = await lab.run(server, command, input)
  return [code, out.toString(), error]
}
const disk = (): Buffer => readFileSync(lab.simulator.rescue.disks.toPath(`server-${server.id}`))

describe('rescue system commands', () => {
  it('run as root, and return both outputs and the exit code', async () => {
    expect(await runCommand('id -u; pwd; echo wrong >&2; exit 7')).toEqual([7, '0\n/root\n', 'wrong\n'])
    expect(await runCommand('cd /tmp && echo kept > note')).toEqual([0, '', ''])
    expect(await runCommand('cat /tmp/note')).toEqual([0, 'kept\n', ''])
  })

  it('cannot change the machine or see its processes', async () => {
    expect(await runCommand('touch /etc/imago-was-here')).toEqual([
      1,
      '',
      "touch: cannot touch '/etc/imago-was-here': Read-only file system\n",
    ])
    expect(await runCommand(`ls /proc | grep -cx ${process.pid}`)).toEqual([1, '0\n', ''])
  })

  it('return the signal that ended them, and receive signals', async () => {
    expect(await lab.run(server, 'kill -KILL $$')).toMatchObject({ code: null, signal: 'SIGKILL' })
    const client = await lab.connect(server)
    const channel = await exec(client, "trap 'echo caught; exit 3' TERM; echo ready; while :; do sleep 0.05; done")
    await once(channel, 'data')
    const over = ended(channel)
    channel.signal('TERM')
    expect(await over).toMatchObject({ code: 3, out: Buffer.from('caught\n') })
    client.end()
  })

  it('wait while their output is not read', async () => {
    const client = await lab.connect(server)
    const channel = await exec(client, 'exec dd if=/dev/zero bs=64k count=400')
    channel.pause()
    const written = async (): Promise<number> =>
      Number((await runCommand("sed -n 's/^wchar: //p' /proc/$(pidof -s dd)/io"))[1])
    let before = -1
    const stood = await until(async () => {
      const now = await written()
      const isStill = now === before && now > 0
      before = now
      return isStill ? now : null
    })
    expect(stood).toBeLessThan(16 << 20)
    const over = ended(channel)
    channel.resume()
    expect((await over).out.length).toBe(400 * 65_536)
    client.end()
  })

  it('end even if they leave their input unread', async () => {
    expect(await runCommand('head -c 3; exec 0<&-', Buffer.alloc(4 << 20, 'abc'))).toEqual([0, 'abc', ''])
  })

  it('see the end of their input when the connection is lost, and received data is on the disk', async () => {
    const client = await lab.connect(server)
    const channel = await exec(client, 'dd of=/dev/sda bs=4k; echo over > /tmp/over')
    await new Promise<void>((resolve) => channel.write(Buffer.alloc(40_960, 'lost'), () => resolve()))
    await until(async () => (disk().subarray(0, 40_960).equals(Buffer.alloc(40_960, 'lost')) ? true : null))
    client.destroy()
    expect(await until(async () => ((await runCommand('cat /tmp/over 2>&1'))[1] === 'over\n' ? true : null))).toBe(true)
  })
})

describe('/dev/sda', () => {
  it('accepts data decompressed on the way, and keeps data behind it', async () => {
    await runCommand('dd of=/dev/sda bs=1M', Buffer.alloc(1 << 20, 'old '))
    expect(
      await runCommand(
        "bash -c 'set -euo pipefail; gzip -dc | dd of=/dev/sda bs=4M conv=sparse status=none && sync'",
        gzipSync(Buffer.alloc(512 << 10, 'new ')),
      ),
    ).toEqual([0, '', ''])
    expect(
      disk()
        .subarray(0, 512 << 10)
        .equals(Buffer.alloc(512 << 10, 'new ')),
    ).toBe(true)
    expect(
      disk()
        .subarray(512 << 10, 1 << 20)
        .equals(Buffer.alloc(512 << 10, 'old ')),
    ).toBe(true)
    expect(disk().length).toEqual(SIZE)
  })

  it('keeps data under dd’s holes, like a disk', async () => {
    await runCommand('dd of=/dev/sda bs=4k', Buffer.alloc(8192, 1))
    await runCommand('dd of=/dev/sda bs=4k conv=sparse', Buffer.concat([Buffer.alloc(4096), Buffer.alloc(4096, 2)]))
    expect(
      disk()
        .subarray(0, 8192)
        .equals(Buffer.concat([Buffer.alloc(4096, 1), Buffer.alloc(4096, 2)])),
    ).toBe(true)
  })

  it('has a fixed end', async () => {
    const [code, , error] = await runCommand('dd if=/dev/zero of=/dev/sda bs=1M')
    expect(code).toBe(1)
    expect(error).toEqual(expect.stringContaining('File too large'))
    expect(disk().length).toBe(SIZE)
  })

  it('cannot be truncated, and a command that tries fails', async () => {
    expect(await runCommand('echo short > /dev/sda')).toEqual([
      0,
      '',
      expect.stringContaining('the command truncated /dev/sda'),
    ])
    expect(disk().length).toEqual(SIZE)
    expect(disk().subarray(0, 6).toString()).toBe('short\n')
  })

  it('returns its size to commands for disks', async () => {
    expect(
      await runCommand('blockdev --getsize64 /dev/sda; blockdev --getss --getsz /dev/sda; cat /sys/block/sda/size'),
    ).toEqual([0, `${SIZE}\n512\n${SIZE / 512}\n${SIZE / 512}\n`, ''])
    expect(
      await runCommand('lsblk -bdno SIZE /dev/sda; lsblk -n -d -o NAME,SIZE,TYPE; lsblk --bytes --json -o name,size'),
    ).toEqual([0, `${SIZE}\nsda 3.9M disk\n{"blockdevices": [{"name": "sda", "size": ${SIZE}}]}\n`, ''])
    for (const command of ['stat -c %s /dev/sda', 'blockdev --setro /dev/sda', 'lsblk -o WWN /dev/sda'])
      expect(await runCommand(command)).toEqual([1, '', expect.stringContaining("the simulator's /dev/sda is a file")])
    expect(await runCommand('stat -c %F /etc')).toEqual([0, 'directory\n', ''])
  })

  it('can be discarded, in full or in part', async () => {
    await runCommand('dd of=/dev/sda bs=1M', Buffer.alloc(1 << 20, 1))
    expect(await runCommand('blkdiscard --force -o 4096 -l 8192 /dev/sda')).toEqual([0, '', ''])
    expect(
      disk()
        .subarray(0, 16_384)
        .equals(Buffer.concat([Buffer.alloc(4096, 1), Buffer.alloc(8192), Buffer.alloc(4096, 1)])),
    ).toBe(true)
    expect(await runCommand('blkdiscard -f /dev/sda')).toEqual([0, '', ''])
    expect(disk().equals(Buffer.alloc(SIZE))).toBe(true)
    expect((await runCommand('blkdiscard -o 7 /dev/sda'))[0]).toBe(1)
  })
})

describe('commands in simulated rescue servers', () => {
  it.each([
    ['nothing', 0, 'x'],
    ['unsupported', 1, 'x'],
  ] as const)('where a discard does %s, zeros must be asked for', async (discard, code, first) => {
    const other = await startLab({ discard })
    const machine = await other.rescued()
    await other.run(machine, 'dd of=/dev/sda', Buffer.from('x'))
    expect(await other.run(machine, 'blkdiscard -f /dev/sda')).toMatchObject({ code })
    expect((await other.run(machine, 'head -c 1 /dev/sda')).out.toString()).toBe(first)
    expect(await other.run(machine, 'blkdiscard -z /dev/sda; head -c 1 /dev/sda')).toMatchObject({
      code: 0,
      out: Buffer.alloc(1),
    })
    await other.close()
  })
})
