import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convert, type Converted } from '../../src/convert/convert.ts'
import type { ConvertibleFormat } from '../../src/convert/drivers.ts'
import { findQemuImg, type QemuImg } from '../../src/convert/qemu-img.ts'
import { createInspector } from '@imago/inspect'
import type { Inspection } from '@imago/inspect'
import { SITE } from '../bytes/chunks.ts'

let folder = ''
let qemuImg: QemuImg
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imago-qemu-'))
  const found = await findQemuImg(process.env['PATH'] ?? '', SITE)()
  if (E.isLeft(found)) throw new Error(found.left.what)
  qemuImg = found.right
})
afterAll(() => rm(folder, { recursive: true }))

const inspectPath = async (path: string): Promise<Inspection> => {
  const inspector = createInspector()
  inspector.write(await readFile(path))
  return inspector.end()
}

const computeDigest = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

const converted = async (from: string, format: ConvertibleFormat, to: ConvertibleFormat): Promise<Converted> => {
  const answer = await convert(
    qemuImg,
    { from, inspection: await inspectPath(from), format, to, into: `${from}.${to}` },
    SITE,
  )()
  if (E.isLeft(answer)) throw new Error(answer.left.what)
  return answer.right
}

describe('convert', () => {
  it.each<ConvertibleFormat>(['qcow2', 'vhdx', 'vdi', 'vhd', 'vmdk'])(
    'returns the same raw disk after a conversion to %s and back',
    async (format) => {
      const raw = join(folder, `disk-for-${format}`)
      await writeFile(raw, Buffer.concat([Buffer.alloc(1_048_576), randomBytes(1_048_576), Buffer.alloc(6_291_456)]))
      const there = await converted(raw, 'raw', format)
      expect(there.inspection).toMatchObject({ format, failures: [] })
      const back = await converted(there.path, format, 'raw')
      expect(await computeDigest(back.path)).toBe(await computeDigest(raw))
    },
  )

  it('drops a partial last sector, which no guest can read', async () => {
    const raw = join(folder, 'odd')
    await writeFile(raw, randomBytes(1_048_576))
    const { path } = await converted(raw, 'raw', 'qcow2')
    const bytes = await readFile(path)
    bytes.writeBigUInt64BE(1_048_576n - 7n, 24)
    await writeFile(path, bytes)
    expect(await inspectPath(path)).toMatchObject({ virtualSize: 1_048_569, failures: [] })
    const back = await readFile((await converted(path, 'qcow2', 'raw')).path)
    expect(back.equals((await readFile(raw)).subarray(0, 1_048_064))).toBe(true)
  })

  it('reports the error of qemu-img if its memory limit is too small', async () => {
    const raw = join(folder, 'memory')
    await writeFile(raw, Buffer.alloc(1_048_576))
    const answer = await convert(
      qemuImg,
      {
        from: raw,
        inspection: await inspectPath(raw),
        format: 'raw',
        to: 'qcow2',
        into: `${raw}.qcow2`,
        limits: { memory: 2 ** 23, cpuSeconds: 10, timeoutMs: 10_000, size: 2 ** 30 },
      },
      SITE,
    )()
    expect(E.isLeft(answer) && answer.left._tag).toBe('Rejected')
  })
})
