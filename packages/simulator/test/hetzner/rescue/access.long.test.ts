import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect as connectTo } from 'node:net'
import { dirname } from 'node:path'
import ssh2 from 'ssh2'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { createHetznerSimulator } from '../../../src/index.ts'
import { newKeyPair } from '../../../src/hetzner/rescue/host-key.ts'
import { ended, exec, KEY, startLab, until, type Lab, type Machine } from './client.ts'

// Each test starts real processes, which takes long on a busy machine.
jest.setTimeout(120_000)

let lab: Lab
afterEach(() => lab.close())

const connection = async (server: Machine): Promise<string> => {
  const socket = connectTo({ host: server.ip, port: lab.simulator.sshPort ?? 0 })
  const outcome = await new Promise<string>((resolve) => {
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(code))
    socket.once('data', (data) => resolve(data.toString('latin1')))
    socket.once('close', () => resolve('closed'))
  })
  socket.destroy()
  return outcome
}

const seenHostKey = async (server: Machine): Promise<string> => {
  let seen = ''
  const client = await lab.connect(server, {
    hostVerifier: (key: Buffer) =>
      (seen = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`) !== '',
  })
  client.end()
  return seen
}

describe('access to the rescue system', () => {
  it('accepts only root with the enabled key', async () => {
    lab = await startLab()
    const server = await lab.rescued()
    expect((await lab.run(server, 'id -un')).out.toString()).toBe('root\n')
    const other = newKeyPair().private
    for (const config of [{ privateKey: other }, { username: 'admin' }, { password: 'guess', privateKey: '' }])
      await expect(lab.connect(server, config)).rejects.toThrow('authentication')
    await lab.ask('POST', '/ssh_keys', { name: 'late', public_key: newKeyPair().public })
    const told = await lab.rescued()
    expect(told.ip === server.ip).toBe(false)
    expect((await lab.run(told, 'true')).code).toBe(0)
  })

  it.each(['rsa', 'ecdsa'] as const)('accepts a key of type %s', async (type) => {
    lab = await startLab()
    const key =
      type === 'rsa'
        ? ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 })
        : ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
    const { ssh_key: made } = await lab.ask('POST', '/ssh_keys', { name: type, public_key: key.public })
    const server = await lab.order()
    await lab.act(server, 'enable_rescue', { ssh_keys: [made.id] })
    await lab.act(server, 'poweron')
    await until(async () => lab.simulator.rescue.getHostKey(server.id))
    const client = await lab.connect(server, { privateKey: key.private })
    client.end()
    await expect(lab.connect(server, { privateKey: KEY.private })).rejects.toThrow('authentication')
  })
})

describe('power', () => {
  it('without rescue, nothing listens; a reset leaves the rescue system', async () => {
    lab = await startLab()
    const plain = await lab.order()
    await lab.act(plain, 'poweron')
    expect(await connection(plain)).toBe('ECONNREFUSED')
    const server = await lab.rescued()
    expect(await connection(server)).toMatch(/^SSH-2\.0-/)
    await lab.act(server, 'reset')
    await until(async () => ((await connection(server)) === 'ECONNREFUSED' ? true : null))
    expect(lab.simulator.rescue.getHostKey(server.id)).toBeNull()
  })

  it('shutdown in the rescue system turns the server off', async () => {
    lab = await startLab()
    const server = await lab.rescued()
    expect(await lab.run(server, 'sync; shutdown now')).toMatchObject({ code: 0 })
    const status = await until(async () => {
      const { status } = (await lab.ask('GET', `/servers/${server.id}`)).server
      return status === 'off' ? status : null
    })
    expect(status).toBe('off')
    expect(await until(async () => ((await connection(server)) === 'ECONNREFUSED' ? 'refused' : null))).toBe('refused')
  })

  it('a boot waits for the end of the previous system', async () => {
    lab = await startLab()
    const server = await lab.rescued()
    const [key] = (await lab.ask('GET', '/ssh_keys?name=run')).ssh_keys
    for (let round = 0; round < 3; round++) {
      await lab.act(server, 'enable_rescue', { ssh_keys: [key.id] })
      await lab.act(server, 'poweroff')
      await lab.act(server, 'poweron')
      await until(async () => lab.simulator.rescue.getHostKey(server.id))
      expect(await lab.run(server, `[ ! -e /tmp/seen ] && touch /tmp/seen`)).toMatchObject({ code: 0 })
    }
  })

  it('nothing listens during the boot', async () => {
    // Long enough for a connection on a busy machine.
    lab = await startLab({ bootMs: 3000 })
    const server = await lab.order()
    const [key] = (await lab.ask('GET', '/ssh_keys?name=run')).ssh_keys
    await lab.act(server, 'enable_rescue', { ssh_keys: [key.id] })
    await lab.act(server, 'poweron')
    expect(await connection(server)).toBe('ECONNREFUSED')
    await until(async () => lab.simulator.rescue.getHostKey(server.id))
    expect(await connection(server)).toMatch(/^SSH-2\.0-/)
  })
})

describe('the host key', () => {
  it('changes at each boot, and on request of a fault', async () => {
    lab = await startLab()
    const server = await lab.rescued()
    const first = await seenHostKey(server)
    expect(first).toBe(lab.simulator.rescue.getHostKey(server.id))
    lab.simulator.faults.add({
      method: 'SSH',
      path: `/servers/${server.id}`,
      after: 1,
      times: 1,
      fault: { kind: 'host-key' },
    })
    const seen = [await seenHostKey(server), await seenHostKey(server), await seenHostKey(server)]
    expect(seen.map((key) => key === first)).toEqual([true, false, true])
    const [key] = (await lab.ask('GET', '/ssh_keys?name=run')).ssh_keys
    await lab.act(server, 'enable_rescue', { ssh_keys: [key.id] })
    await lab.act(server, 'reset')
    await until(async () =>
      lab.simulator.rescue.getHostKey(server.id) === first ? null : lab.simulator.rescue.getHostKey(server.id),
    )
    expect(await seenHostKey(server)).not.toBe(first)
  })
})

describe('connection faults', () => {
  it('reset before any data, a number of times; HTTP rules do not affect SSH', async () => {
    lab = await startLab()
    const server = await lab.rescued()
    lab.simulator.faults.add({ times: 1, fault: { kind: 'reset', atByte: 0 } })
    lab.simulator.faults.add({ method: 'SSH', times: 2, fault: { kind: 'reset', atByte: 0 } })
    expect(await connection(server)).toBe('ECONNRESET')
    expect(await connection(server)).toBe('ECONNRESET')
    expect((await connection(server)).slice(0, 7)).toBe('SSH-2.0')
    await expect(lab.ask('GET', '/images')).rejects.toThrow('fetch failed')
  })

  it('reset after a number of bytes breaks a transfer in both directions', async () => {
    lab = await startLab()
    const server = await lab.rescued()
    for (const command of ['cat /dev/zero', 'cat > /dev/null']) {
      lab.simulator.faults.add({ method: 'SSH', times: 1, fault: { kind: 'reset', atByte: 300_000 } })
      const client = await lab.connect(server)
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
      const channel = await exec(client, command)
      let received = 0
      channel.on('data', (chunk: Buffer) => (received += chunk.length))
      channel.write(Buffer.alloc(1 << 20))
      await closed
      expect(received).toBeLessThan(300_000)
      // The system notices the end, too: the command does not wait for input.
      await until(async () => ((await lab.run(server, 'pgrep -x cat')).out.length === 0 ? true : null))
    }
    expect(await lab.run(server, 'true')).toMatchObject({ code: 0 })
  })

  it('slow limits the rate', async () => {
    lab = await startLab()
    const server = await lab.rescued()
    lab.simulator.faults.add({ method: 'SSH', times: 1, fault: { kind: 'slow', bytesPerSecond: 100_000 } })
    const started = performance.now()
    const client = await lab.connect(server)
    const channel = await exec(client, 'head -c 50000 /dev/zero')
    expect((await ended(channel)).out.length).toBe(50_000)
    expect(performance.now() - started).toBeGreaterThan(480)
    client.end()
  })

  it('stall sends nothing more after a number of bytes', async () => {
    lab = await startLab()
    const server = await lab.rescued()
    lab.simulator.faults.add({ method: 'SSH', times: 1, fault: { kind: 'stall', atByte: 10 } })
    await expect(lab.connect(server, { readyTimeout: 200 })).rejects.toThrow('Timed out')
  })
})

describe('SSH access to simulated rescue servers', () => {
  it('simulators do not share addresses, and an unavailable port is an error', async () => {
    lab = await startLab()
    const other = await createHetznerSimulator({ rescue: { port: lab.simulator.sshPort ?? 0 } })
    expect(other.rescue.getAddress(1)).not.toBe(lab.simulator.rescue.getAddress(1))
    await other.close()
  })

  const commandLines = (): readonly string[] =>
    readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return []
      try {
        return [readFileSync(`/proc/${name}/cmdline`, 'latin1')]
      } catch {
        return []
      }
    })

  it('close kills all processes, deletes all files, and stops listening', async () => {
    lab = await startLab()
    const server = await lab.rescued()
    const mark = `98${process.pid}`
    await lab.run(server, `setsid sleep ${mark} > /dev/null 2>&1 < /dev/null & echo`)
    const client = await lab.connect(server)
    client.on('error', () => undefined)
    await exec(client, `sleep ${mark}`)
    const directory = dirname(lab.simulator.rescue.disks.toPath(`server-${server.id}`))
    const left = (): number => commandLines().filter((line) => line.includes(directory) || line.includes(mark)).length
    await until(async () => (left() >= 4 ? true : null))
    await lab.close()
    await until(async () => (left() === 0 ? true : null))
    expect(existsSync(directory)).toBe(false)
    expect(await connection(server)).toBe('ECONNREFUSED')
  })
})
