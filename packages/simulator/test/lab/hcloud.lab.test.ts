import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createHetznerSimulator, type Fault, type HetznerSimulator } from '../../src/index.ts'
import { hcloud, type Ran } from './run.ts'

let simulator: HetznerSimulator
beforeEach(async () => {
  simulator = await createHetznerSimulator({ extraSnapshots: 120, actionMs: 300, era: '2024' })
})
afterEach(() => simulator.close())

const run = (...parameters: readonly string[]): Promise<Ran> => hcloud(simulator, parameters)

const fine = async (...parameters: readonly string[]): Promise<string> => {
  const { status, out, error } = await run(...parameters)
  expect({ status, error: error.replaceAll(/[^\n]*(?:waiting|Waiting)[^\n]*/g, '').trim() }).toEqual({
    status: 0,
    error: '',
  })
  return out
}

const json = async (...parameters: readonly string[]) => JSON.parse(await fine(...parameters, '-o', 'json'))
const column = async (name: string, ...parameters: readonly string[]): Promise<readonly string[]> =>
  (await fine(...parameters, '-o', 'noheader', '-o', `columns=${name}`))
    .trim()
    .split('\n')
    .map((line) => line.trim())

const ask = async (path: string) =>
  (await fetch(simulator.url + path, { headers: { authorization: `Bearer ${simulator.token}` } })).json() as Promise<
    Record<string, never>
  >

describe('hcloud image', () => {
  it('list returns every page, including deprecated images', async () => {
    const images: readonly { readonly id: number }[] = await json('image', 'list')
    const ids: number[] = []
    for (let page: number | null = 1; page !== null;) {
      const answer = (await ask(`/images?include_deprecated=true&per_page=50&page=${page}`)) as unknown as {
        readonly images: readonly { readonly id: number }[]
        readonly meta: { readonly pagination: { readonly next_page: number | null } }
      }
      ids.push(...answer.images.map(({ id }) => id))
      page = answer.meta.pagination.next_page
    }
    expect(images.map(({ id }) => id)).toEqual(ids)
    expect(ids.length).toBeGreaterThan(150)
  })

  it('list filters by type and selector, and sorts', async () => {
    expect(new Set(await column('type', 'image', 'list', '-t', 'backup'))).toEqual(new Set(['backup']))
    expect(await column('description', 'image', 'list', '-l', 'role in (db,ci),keep!=true')).toEqual(['ci runner'])
    expect(await column('description', 'image', 'list', '-l', 'batch=3', '-s', 'created:desc')).toEqual(
      Array.from({ length: 12 }, (_, index) => `nightly ${3 + 10 * index}`),
    )
  })

  it('describe accepts a name or an ID', async () => {
    expect(await fine('image', 'describe', 'ubuntu-24.04')).toContain('Disk size:\t5 GB')
    expect(await json('image', 'describe', '350000001')).toMatchObject({
      id: 350_000_001,
      type: 'snapshot',
      disk_size: 80,
      labels: { role: 'db', keep: 'true' },
      protection: { delete: true },
    })
    expect(await run('image', 'describe', 'nonsense')).toMatchObject({
      status: 1,
      error: 'hcloud: image not found: nonsense\n',
    })
  })

  it('update, add-label and remove-label change images', async () => {
    await fine('image', 'update', '350000002', '--description', 'new words')
    await fine('image', 'add-label', '350000002', 'a=b')
    await fine('image', 'remove-label', '350000002', 'env')
    expect(await json('image', 'describe', '350000002')).toMatchObject({
      description: 'new words',
      labels: { role: 'web', 'example.test/build': '2026.05', a: 'b' },
    })
    const [backup = ''] = await column('id', 'image', 'list', '-t', 'backup')
    await fine('image', 'update', backup, '--type', 'snapshot')
    expect(await json('image', 'describe', backup)).toMatchObject({ type: 'snapshot', bound_to: null })
  })

  it('protection and delete work', async () => {
    await fine('image', 'enable-protection', '350000002', 'delete')
    const refused = await run('image', 'delete', '350000002')
    expect(refused.status).toBe(1)
    expect(refused.error).toBe('hcloud: deleting image 350000002 failed: image is protected (protected)\n')
    await fine('image', 'disable-protection', '350000002', 'delete')
    await fine('image', 'delete', '350000002')
    expect((await run('image', 'describe', '350000002')).status).toBe(1)
    expect((await run('image', 'delete', '161547269')).error).toContain('(forbidden)')
  })

  it('server create-image waits for the snapshot', async () => {
    const out = await fine(
      'server',
      'create-image',
      '--type',
      'snapshot',
      '--description',
      'by hcloud',
      '--label',
      'x=y',
      'web-1',
    )
    const id = /Image (\d+) created from server/.exec(out)?.[1] ?? ''
    expect(await json('image', 'describe', id)).toMatchObject({
      status: 'available',
      description: 'by hcloud',
      labels: { x: 'y' },
      created_from: { name: 'web-1' },
    })
  })

  it('server create-image reports a failed action', async () => {
    simulator.projects[0]?.failNextAction('create_image', { code: 'no_space', message: 'no space left' })
    expect(await run('server', 'create-image', '--type', 'snapshot', 'web-1')).toMatchObject({
      status: 1,
      error: expect.stringContaining('no space left (no_space)'),
    })
  })
})

describe('hcloud at the simulator', () => {
  it('hcloud server list shows the servers that use images', async () => {
    expect(await column('name', 'server', 'list')).toEqual(['web-1', 'db-1', 'build-arm'])
    expect(await json('server', 'list')).toMatchObject([
      { image: { name: 'ubuntu-24.04' } },
      { image: { name: 'debian-12' } },
      { image: { name: 'debian-13' } },
    ])
    // Debian's hcloud prints an empty list as null.
    expect((await json('volume', 'list')) ?? []).toEqual([])
  })

  it('hcloud server uses images', async () => {
    expect(
      await fine(
        'server',
        'create',
        '--name',
        'new-1',
        '--type',
        'cx23',
        '--image',
        'ubuntu-24.04',
        '--location',
        'fsn1',
        '--ssh-key',
        'ops',
      ),
    ).toContain('created')
    expect(await json('server', 'describe', 'new-1')).toMatchObject({
      status: 'running',
      image: { name: 'ubuntu-24.04' },
      server_type: { name: 'cx23' },
    })
    await fine('server', 'shutdown', 'new-1')
    expect(await fine('server', 'enable-rescue', '--ssh-key', 'ops', 'new-1')).toContain('Rescue')
    await fine('server', 'poweron', 'new-1')
    await fine('server', 'disable-rescue', 'new-1')
    await fine('server', 'poweroff', 'new-1')
    await fine('server', 'reset', 'new-1')
    await fine('server', 'reboot', 'new-1')
    await fine('server', 'enable-backup', 'new-1')
    await fine('server', 'create-image', '--type', 'backup', 'new-1')
    await fine('server', 'disable-backup', 'new-1')
    await fine('server', 'attach-iso', 'new-1', 'netboot.xyz.iso')
    await fine('server', 'detach-iso', 'new-1')
    await fine('server', 'rebuild', '--image', 'debian-12', 'new-1')
    await fine('server', 'enable-protection', 'new-1', 'delete', 'rebuild')
    expect((await run('server', 'delete', 'new-1')).error).toContain('(protected)')
    await fine('server', 'disable-protection', 'new-1', 'delete', 'rebuild')
    expect(await json('server', 'describe', 'new-1')).toMatchObject({ image: { name: 'debian-12' }, iso: null })
    await fine('server', 'delete', 'new-1')
  })

  it('hcloud supports the other commands for images', async () => {
    expect(await column('name', 'iso', 'list')).toContain('netboot.xyz.iso')
    expect(await fine('iso', 'describe', 'netboot.xyz.iso')).toContain('netboot.xyz')
    expect(await column('name', 'server-type', 'list')).toContain('cax11')
    expect(await fine('server-type', 'describe', 'cx22')).toContain('cx22')
    expect(await column('name', 'location', 'list')).toEqual(['fsn1', 'nbg1', 'hel1', 'ash', 'hil', 'sin'])
    expect(await column('name', 'datacenter', 'list')).toContain('fsn1-dc14')
    await fine(
      'ssh-key',
      'create',
      '--name',
      'mine',
      '--public-key',
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@example.test',
    )
    expect(await column('fingerprint', 'ssh-key', 'list', '-l', '!team')).toEqual([
      '65:96:2d:fc:e8:d5:a9:11:64:0c:0f:ea:00:6e:5b:bd',
    ])
    await fine('ssh-key', 'delete', 'mine')
  })

  describe('hcloud with faults', () => {
    const withFault = async (fault: Fault, times = 1): Promise<Ran> => {
      simulator.faults.add({ times, fault })
      return run('image', 'list', '-t', 'backup')
    }

    it('reports invalid tokens', async () => {
      expect(await hcloud(simulator, ['image', 'list'], 'wrong')).toMatchObject({
        status: 1,
        error: 'hcloud: unable to authenticate (unauthorized)\n',
      })
      expect((await hcloud(simulator, ['image', 'delete', '350000003'], simulator.readOnlyToken)).error).toMatch(
        /\((?:token_readonly|forbidden)\)/,
      )
      expect((await withFault({ kind: 'expire-token' })).error).toContain('(unauthorized)')
    })

    it('retries a conflict', async () => {
      expect(
        (
          await withFault({
            kind: 'status',
            status: 409,
            body: '{"error":{"code":"conflict","message":"changed meanwhile"}}',
          })
        ).status,
      ).toBe(0)
      expect(simulator.requests.all()).toHaveLength(2)
    })

    it.each<[Fault, RegExp]>([
      [{ kind: 'status', status: 503 }, /\(unavailable\)/],
      [{ kind: 'status', status: 429 }, /\(rate_limit_exceeded\)/],
      [{ kind: 'html', status: 502 }, /502/],
      [{ kind: 'truncate', atByte: 100 }, /unexpected end of JSON input|unexpected EOF/],
      [{ kind: 'reset', atByte: 100 }, /unexpected EOF/],
      [{ kind: 'odd-records' }, /cannot parse "yesterday/],
    ])('reports %j', async (fault, message) => {
      const { status, error } = await withFault(fault, 10)
      expect(status).toBe(1)
      expect(error).toEqual(expect.stringMatching(message))
    })

    it.each<Fault>([
      { kind: 'latency', ms: 50 },
      { kind: 'slow', bytesPerSecond: 20_000 },
      { kind: 'oversize', bytes: 1_000_000 },
      { kind: 'foreign-link', origin: 'http://127.0.0.1:9' },
      { kind: 'duplicate' },
      { kind: 'content-type', value: 'text/html' },
    ])('tolerates %j', async (fault) => {
      expect((await withFault(fault)).status).toBe(0)
    })

    it('follows a loop until it ends', async () => {
      const { out } = await withFault({ kind: 'loop' }, 2)
      expect(out.trim().split('\n').length).toEqual(1 + 3 * 4)
      expect(simulator.requests.all().length).toBe(3)
    })

    it('follows a redirect', async () => {
      simulator.faults.add({ times: 1, fault: { kind: 'redirect', location: `${simulator.url}/images?type=app` } })
      expect(new Set(await column('type', 'image', 'list', '-t', 'backup'))).toEqual(new Set(['app']))
    })

    it('prints control sequences unescaped', async () => {
      expect((await withFault({ kind: 'terminal-escapes' })).out).toContain('\u001B[8m')
    })

    it('reports a connection that breaks before a response', async () => {
      expect(await withFault({ kind: 'reset', atByte: 0 }, 10)).toMatchObject({
        status: 1,
        error: expect.stringMatching(/EOF|connection reset/),
      })
    })
  })
})
