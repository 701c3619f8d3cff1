import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createByteSource, perform, type ImageSource } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExpectedDigest } from '../../src/digests/expected-digest.ts'
import { findBlockers, planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { readPlan } from '../../src/plan/read-plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from '../../src/plan/transfer-input.ts'
import { applyPlan } from '../../src/run/apply.ts'
import type { RunOptions } from '../../src/run/options.ts'
import { DISK, fileImage, sha512, TARGET } from './rig.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-digest-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const hex = (algorithm: string, bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex')
const given = (bytes: Uint8Array, fields: Partial<ExpectedDigest> = {}): ExpectedDigest => {
  const { algorithm = 'sha256' } = fields
  return { algorithm, value: hex(algorithm, bytes), from: null, name: null, signature: 'none', ...fields }
}

const OTHER = DISK.map((byte, index) => (index === 100_000 ? byte ^ 1 : byte))

const fileAt = (name: string, bytes: Uint8Array): TransferSource => {
  const path = join(dir, name)
  writeFileSync(path, bytes)
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  return { kind: 'file', path, size: bytes.length, modifiedAt: new Date(1_700_000_000_000).toISOString() }
}

const createCloud = (): ImageSource =>
  createMemorySource({ cloud: TARGET, images: [fileImage('debian', DISK)], bytes: { debian: DISK } })
const into = ({ capabilities, cloud }: ImageSource): TransferTarget => ({ kind: 'cloud', cloud, capabilities })
const URL_SOURCE: TransferSource = { kind: 'url', url: 'https://example.org/disk.raw', size: DISK.length, etag: '"1"' }

/** Records the requests that create or upload images. */
const watched = (source: ImageSource, calls: string[]): ImageSource => ({
  ...source,
  create: (request, options) => {
    calls.push('create')
    return perform(source, 'create', request, options)
  },
  upload: (id, bytes, options) => {
    calls.push('upload')
    return perform(source, 'upload', id, bytes, options)
  },
})

const createOptions = (source: ImageSource, more: Partial<RunOptions> = {}): RunOptions => ({
  openSource: () => TE.right(source),
  openUrl: () => TE.right({ bytes: createByteSource(DISK), etag: '"1"' }),
  journals: join(dir, 'journal'),
  spoolDir: join(dir, 'spool'),
  retry: { attempts: 2, waitMs: 1, maxWaitMs: 1 },
  ...more,
})

const spooled = (): readonly string[] => (existsSync(join(dir, 'spool')) ? readdirSync(join(dir, 'spool')) : [])

const imageSource = async (cloud: ImageSource): Promise<TransferSource> => {
  const image = await cloud.get('debian')()
  if (E.isLeft(image)) throw new Error(image.left.what)
  return { kind: 'image', image: image.right, capabilities: cloud.capabilities }
}

const ways: readonly [string, (cloud: ImageSource) => Promise<TransferSource>, TransferOverrides, Uint8Array][] = [
  ['a file that is uploaded in place', async () => fileAt('disk.raw', DISK), {}, DISK],
  ['a compressed file', async () => fileAt('disk.raw.gz', gzipSync(DISK)), {}, gzipSync(DISK)],
  ['a URL', async () => URL_SOURCE, {}, DISK],
  ['an image', imageSource, { name: 'copy' }, DISK],
]

describe("applyPlan with a publisher's digest", () => {
  it.each(ways)('returns the matching digests of %s', async (_, createArchiveSource, overrides, published) => {
    const cloud = createCloud()
    const sourceDigests = [
      given(published, { from: 'SHA256SUMS', signature: 'not-verified' }),
      given(published, { algorithm: 'md5' }),
    ]
    const plan = planTransfer(await createArchiveSource(cloud), into(cloud), { ...overrides, sourceDigests })
    const answer = await applyPlan(plan, createOptions(cloud))()
    expect(answer).toMatchObject({
      right: { verified: 'digest-match', digests: { sha512: sha512(DISK) }, source: { by: 'given-digest' } },
    })
    expect(answer).toMatchObject({
      right: {
        source: {
          digests: [
            { algorithm: 'sha256', value: hex('sha256', published), from: 'SHA256SUMS', signature: 'not-verified' },
            { algorithm: 'md5' },
          ],
        },
      },
    })
  })

  it.each(ways)('fails without a trace if the digest of %s differs', async (_, createArchiveSource, overrides) => {
    const cloud = createCloud()
    const calls: string[] = []
    const plan = planTransfer(await createArchiveSource(cloud), into(cloud), {
      ...overrides,
      sourceDigests: [given(OTHER)],
    })
    const answer = await applyPlan(plan, createOptions(watched(cloud, calls)))()
    expect(answer).toMatchObject({
      left: { _tag: 'IntegrityFailed', expected: `sha256:${hex('sha256', OTHER)}`, remedy: 'new-source' },
    })
    expect(calls).toEqual([])
    expect(spooled()).toEqual([])
  })

  it.each<[string, () => TransferSource]>([
    ['a file', () => fileAt('disk.raw', DISK)],
    ['a URL', () => URL_SOURCE],
  ])('creates a file from %s only if the digest matches', async (_, source) => {
    const cloud = createCloud()
    const target: TransferTarget = { kind: 'file', path: join(dir, 'copy.raw') }
    expect(
      await applyPlan(planTransfer(source(), target, { sourceDigests: [given(OTHER)] }), createOptions(cloud))(),
    ).toMatchObject({ left: { _tag: 'IntegrityFailed' } })
    expect(readdirSync(dir).filter((name) => name.startsWith('copy'))).toEqual([])
    expect(
      await applyPlan(planTransfer(source(), target, { sourceDigests: [given(DISK)] }), createOptions(cloud))(),
    ).toMatchObject({ right: { source: { by: 'given-digest' } } })
  })

  it('compares the digest with the published file, not with the disk in it', async () => {
    const cloud = createCloud()
    const plan = planTransfer(fileAt('disk.raw.gz', gzipSync(DISK)), into(cloud), { sourceDigests: [given(DISK)] })
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({
      left: { _tag: 'IntegrityFailed', hint: expect.stringContaining('before it is unpacked') },
    })
  })

  it('compares the digest with the bytes that are sent', async () => {
    const cloud = createCloud()
    const source = fileAt('disk.raw', DISK)
    const swapping: ImageSource = {
      ...cloud,
      upload: (id, bytes, options) => {
        fileAt('disk.raw', OTHER)
        return perform(cloud, 'upload', id, bytes, options)
      },
    }
    expect(
      await applyPlan(planTransfer(source, into(cloud), { sourceDigests: [given(DISK)] }), createOptions(swapping))(),
    ).toMatchObject({ left: { _tag: 'IntegrityFailed' } })
    expect(await cloud.listPage({}, null)()).toMatchObject({ right: { items: [{ ref: { id: 'debian' } }] } })
  })

  it('includes the digest in the plan and its ID', () => {
    const cloud = createCloud()
    const plain = planTransfer(URL_SOURCE, into(cloud))
    const plan = planTransfer(URL_SOURCE, into(cloud), { sourceDigests: [given(DISK)] })
    expect(plan.id).not.toBe(plain.id)
    expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(E.right(plan))
    const without = { ...plan, source: { ...plan.source, expected: undefined } }
    expect(readPlan(JSON.parse(JSON.stringify(without)))).toMatchObject({ left: { _tag: 'Rejected' } })
  })
})

describe('planTransfer with digests', () => {
  const listChecks = (source: TransferSource, sourceDigests: readonly ExpectedDigest[]): readonly string[] =>
    planTransfer(source, into(createCloud()), { sourceDigests }).checks.flatMap(({ check, effect, what }) =>
      check === 'source-digest' ? [`${effect}: ${what}`] : [],
    )

  it('has no check for a file with its digest', () => {
    expect(
      listChecks(fileAt('disk.raw', DISK), [given(DISK, { from: 'SHA256SUMS', name: './images/disk.raw' })]),
    ).toEqual([])
  })

  it.each<[string, readonly ExpectedDigest[], string]>([
    [
      'a URL without a digest',
      [],
      'warns: the bytes of the URL are not verified: no digest of their publisher is given',
    ],
    ['a weak digest', [given(DISK, { algorithm: 'md5' })], 'warns: md5 is weak: it detects damage, but not an attack'],
    [
      'two weak digests',
      [given(DISK, { algorithm: 'md5' }), given(DISK, { algorithm: 'sha1' })],
      'warns: md5 and sha1 are weak: they detect damage, but not an attack',
    ],
    [
      'a signed digest file',
      [given(DISK, { from: 'CHECKSUM', signature: 'not-verified' })],
      'warns: CHECKSUM is signed, but imago does not verify signatures',
    ],
    [
      'a digest file fetched without TLS',
      [given(DISK, { from: 'http://example.org/SHA256SUMS' })],
      'warns: http://example.org/SHA256SUMS was fetched without TLS: whoever can change the image in transit can change its digest',
    ],
    [
      'the digest of another file name',
      [given(DISK, { from: 'disk.raw.sha256', name: 'disk-1.raw' })],
      'warns: the digest in disk.raw.sha256 is for disk-1.raw, but the source is named disk.raw',
    ],
    [
      'two different digests',
      [given(DISK), given(OTHER)],
      `blocks: two different sha256 digests are given for the source: ${hex('sha256', DISK)}, ${hex('sha256', OTHER)}`,
    ],
  ])('has a check for %s', (_, digests, what) => {
    expect(listChecks(URL_SOURCE, digests)).toEqual([what])
  })

  it('warns about the digest of a file name if the source has no name', () => {
    const source: TransferSource = { ...URL_SOURCE, url: 'https://example.org/' }
    expect(listChecks(source, [given(DISK, { from: 'SHA256SUMS', name: 'disk.qcow2' })])).toContain(
      'warns: the digest in SHA256SUMS is for disk.qcow2, and the source has no name to compare',
    )
  })

  it('warns that a truncated URL without size and digest is not detected', () => {
    expect(listChecks({ ...URL_SOURCE, size: null }, [])).toEqual([
      expect.stringContaining('a truncated download is not noticed'),
    ])
  })

  it("blocks if the source's provider declares another digest", async () => {
    const cloud = createCloud()
    const plan: Plan = planTransfer(await imageSource(cloud), into(cloud), {
      sourceDigests: [given(OTHER, { algorithm: 'sha512' })],
    })
    expect(findBlockers(plan)).toMatchObject([{ check: 'source-digest' }])
  })
})
