import { describe, expect, it, jest } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { hasMoved, madeBy, movingScene } from './transfer-scene.ts'
import { twoWebs } from './two-webs.ts'
import { file, redirect } from './web.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const { web, secure, env } = twoWebs()
const scene = movingScene({ env })
const { imago } = scene
const DISK = Buffer.concat([Buffer.alloc(512, 7), randomBytes(3 * 2 ** 20)])

const download = async (id: string): Promise<Buffer> => {
  const path = scene.folder.path(`${id}.raw`)
  expect((await imago(['download', `demo:id:${id}`, '-O', path, '--progress', 'none'])).code).toBe(0)
  return readFileSync(path)
}
const isDisk = async (id: string): Promise<boolean> => Buffer.compare(await download(id), DISK) === 0

describe('transfers from URLs', () => {
  it('copy follows a redirect, prints and records the final URL, and adopts the image when repeated', async () => {
    web.serve('/moved.raw', redirect('/files/there.raw'))
    web.serve('/files/there.raw', redirect(secure.at('/disk.raw'), 308))
    secure.serve('/disk.raw', file(DISK))
    const copy = [
      'copy',
      web.at('/moved.raw'),
      'demo:',
      '--yes',
      '--source-format',
      'raw',
      '--set-arch',
      'x86_64',
      '-o',
      'json',
    ]
    const ran = await imago([...copy, '--progress', 'lines'])
    const id = madeBy(ran)
    expect(await isDisk(id)).toBe(true)
    expect(ran.stderr).toContain(`downloading from ${secure.at('/disk.raw')}\n`)
    expect(scene.written()).toContain(`"entry":"redirected","url":${JSON.stringify(secure.at('/disk.raw'))}`)
    expect(JSON.parse((await imago(['show', `demo:id:${id}`, '-o', 'json'])).stdout)).toMatchObject({
      images: [{ name: 'moved', architecture: 'x86_64', size: { stored: DISK.length } }],
    })
    expect(madeBy(await imago(copy))).toBe(id)
  })

  it('copy decompresses the data of a URL', async () => {
    web.serve('/disk.raw.gz', file(gzipSync(DISK)))
    const id = madeBy(await imago(['copy', web.at('/disk.raw.gz'), 'demo:inflated', '--yes', '-o', 'json']))
    expect(await isDisk(id)).toBe(true)
  })

  it('copy writes the secret of a signed URL nowhere; apply and resume require the URL again', async () => {
    const secret = randomBytes(12).toString('hex')
    scene.keepSecret(secret)
    let stall: number | null = 2 * 2 ** 20
    const query = `X-Amz-Credential=me%2Fs3&X-Amz-Signature=${secret}`
    web.serve('/signed.raw', file(DISK, { query, stallAt: () => stall }))
    const url = `${web.at('/signed.raw')}?${query}`

    expect((await imago(['plan', url, 'demo:', '--source-format', 'raw'])).code).toBe(0)
    const plan = await imago(['plan', url, 'demo:', '--source-format', 'raw', '-o', 'json'])
    expect(plan.code).toBe(0)
    const file2 = scene.folder.file('plan.json', plan.stdout)
    const refused = await imago(['apply', file2])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('Pass the complete URL: --url')

    const started = scene.start(['apply', file2, '--url', url, '--progress', 'json'])
    await started.told(hasMoved('download', 2 ** 20))
    started.signal('SIGKILL')
    await started.ended
    expect((await scene.runs()).filter(({ state }) => state === 'stopped').map(({ what }) => what)).toEqual([
      `${web.at('/signed.raw')}?… to openstack/demo@RegionOne:signed`,
    ])
    expect(scene.written()).not.toContain(secret)

    stall = null
    const forgetful = await imago(['resume'])
    expect(forgetful.code).toBe(1)
    expect(forgetful.stderr).toContain('Pass the complete URL: --url')
    const unsigned = await imago(['resume', '--url', url.replace(secret, 'other')])
    expect(unsigned.code).toBe(1)
    expect(unsigned.stderr).toContain('get a new one')
    const before = web.asked().length
    expect(await isDisk(madeBy(await imago(['resume', '--url', url, '-o', 'json'])))).toBe(true)
    expect(
      web
        .asked()
        .slice(before)
        .filter((asked) => asked !== '/signed.raw bytes=0-0'),
    ).toHaveLength(1)
    expect(scene.written()).not.toContain(secret)
  })

  it('apply refuses a URL that has changed since it was planned', async () => {
    let etag = '"1"'
    web.serve('/changing.raw', file(DISK, { etag: () => etag }))
    const plan = await imago(['plan', web.at('/changing.raw'), 'demo:', '--source-format', 'raw', '-o', 'json'])
    etag = '"2"'
    const applied = await imago(['apply', '-'], plan.stdout)
    expect(applied.code).toBe(1)
    expect(applied.stderr).toContain('its ETag differs')
    expect((await imago(['find', 'demo:changing'])).code).toBe(3)
  })
})
