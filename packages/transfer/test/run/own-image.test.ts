import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createByteSource, formatError, perform, toClient, type Image, type ImageSource } from '@imago/core'
import { createMemoryCloud } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { RUN_PROPERTY } from '@imago/core'
import { toJournalStore } from '../../src/journal/file-journals.ts'
import { openJournal } from '../../src/journal/journal.ts'
import type { Entry } from '../../src/journal/entry.ts'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { computeImageId } from '../../src/plan/uuid.ts'
import { applyPlan, resumeRuns } from '../../src/run/apply.ts'
import type { RunOptions } from '../../src/run/options.ts'
import type { TransferEvent } from '../../src/run/transfer-event.ts'
import { deleteOwnImage } from '../../src/run/own-image.ts'
import { DISK, fileImage, sha512, TARGET } from './rig.ts'

const SOURCE = { provider: 'memory', cloud: 'from', region: null } as const

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-own-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** A cloud with two projects, and a plan to transfer an image into the first. */
const scene = (): {
  readonly mine: ImageSource
  readonly theirs: ImageSource
  readonly plan: Plan
  readonly options: RunOptions
  readonly events: TransferEvent[]
} => {
  const asking = createMemoryCloud({ cloud: TARGET })
  const [mine, theirs] = [asking({ project: 'mine' }), asking({ project: 'theirs' })]
  const from = createMemoryCloud({ cloud: SOURCE, images: [fileImage('debian', DISK)], bytes: { debian: DISK } })()
  const image: Image = { ...fileImage('debian', DISK), ref: { ...SOURCE, id: 'debian' } }
  const plan = planTransfer(
    { kind: 'image', image, capabilities: from.capabilities },
    { kind: 'cloud', cloud: TARGET, capabilities: mine.capabilities },
  )
  const events: TransferEvent[] = []
  return {
    mine,
    theirs,
    plan,
    events,
    options: {
      openSource: ({ cloud }) => TE.right(cloud === 'from' ? from : mine),
      journals: join(dir, 'journal'),
      spoolDir: join(dir, 'spool'),
      retry: { attempts: 2, waitMs: 1, maxWaitMs: 1 },
      onEvent: (event) => void events.push(event),
    },
  }
}

/** An image of a project, with data. */
const whole = async (
  source: ImageSource,
  id: string,
  properties: Readonly<Record<string, string>> = {},
  bytes: Uint8Array = DISK,
): Promise<Image> => {
  const client = toClient(source)
  await client.create({ id, name: 'debian-12', diskFormat: 'raw', visibility: 'community', properties })
  return client.upload(id, createByteSource(bytes))
}

const journalled = async (plan: Plan, options: RunOptions, entries: readonly Entry[]): Promise<void> => {
  const journal = await openJournal(plan, {
    journals: toJournalStore(options.journals),
    now: () => '2026-01-01T00:00:00Z',
  })
  if (E.isLeft(journal)) throw new Error(formatError(journal.left))
  for (const entry of entries) await journal.right.note(entry)
  await journal.right.close()
}

const isThere = async (source: ImageSource, id: string): Promise<boolean> => E.isRight(await source.get(id)())

describe('applyPlan with an image of another project that has the ID, tag and bytes of the run', () => {
  it('creates its own image, and reports the other one', async () => {
    const { mine, theirs, plan, options, events } = scene()
    const trap = computeImageId(plan.id, 0)
    await whole(theirs, trap, { [RUN_PROPERTY]: plan.id })
    const answer = await applyPlan(plan, options)()
    expect(answer).toMatchObject({ right: { adopted: false, created: { ref: { id: computeImageId(plan.id, 1) } } } })
    expect(await mine.get(computeImageId(plan.id, 1))()).toMatchObject({
      right: { owner: 'mine', status: 'available' },
    })
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'note',
        what: expect.stringContaining(`image ${trap} is not used: it belongs to project theirs`),
      }),
    )
    expect(await isThere(theirs, trap)).toBe(true)
  })

  it('returns Conflict if the journal has that image as sent or done', async () => {
    const { theirs, plan, options } = scene()
    const trap = computeImageId(plan.id, 0)
    await whole(theirs, trap, { [RUN_PROPERTY]: plan.id })
    await journalled(plan, options, [
      { entry: 'creating', attempt: 0, id: trap },
      { entry: 'sending', id: trap },
      { entry: 'sent', id: trap, verified: 'digest-match', adopted: false },
    ])
    expect(await resumeRuns('all', options)).toMatchObject([
      { result: { left: { _tag: 'Conflict', what: expect.stringContaining('it belongs to project theirs') } } },
    ])
    const outcome = {
      run: plan.id,
      created: { kind: 'image', ref: { ...TARGET, id: trap } },
      size: DISK.length,
      digests: { sha512: sha512(DISK) },
      source: { by: 'provider-digest', digests: [] },
      verified: 'digest-match',
      adopted: false,
      warnings: [],
    } as const
    await journalled(plan, options, [{ entry: 'done', outcome }])
    expect(await applyPlan(plan, options)()).toMatchObject({
      left: { _tag: 'Conflict', what: expect.stringContaining('it belongs to project theirs') },
    })
    expect(await isThere(theirs, trap)).toBe(true)
  })
})

describe('applyPlan with an own image that has the ID of the run', () => {
  it('returns Conflict, and does not delete an image without the run tag', async () => {
    const { mine, plan, options } = scene()
    const id = computeImageId(plan.id, 0)
    await whole(mine, id, {}, DISK.slice(1))
    expect(await applyPlan(plan, options)()).toMatchObject({
      left: { _tag: 'Conflict', what: expect.stringContaining('does not have the tag of run') },
    })
    expect(await isThere(mine, id)).toBe(true)
  })
})

describe('deleteOwnImage', () => {
  const refused = async (
    source: ImageSource,
    id: string,
    unless: readonly Image['status'][] = [],
  ): Promise<unknown> => {
    const answer = await deleteOwnImage('run-1', source, id, { unless })
    expect(await isThere(source, id)).toBe(true)
    return E.isLeft(answer) ? answer.left : null
  }

  it("deletes an image that has the run tag and is owned by the session's project", async () => {
    const { mine } = scene()
    await whole(mine, 'own', { [RUN_PROPERTY]: 'run-1' })
    expect(await deleteOwnImage('run-1', mine, 'own', {})).toEqual(E.right(undefined))
    expect(await isThere(mine, 'own')).toBe(false)
    expect(await deleteOwnImage('run-1', mine, 'own', {})).toEqual(E.right(undefined))
  })

  it('refuses every other image', async () => {
    const { mine, theirs } = scene()
    await whole(mine, 'unmarked')
    await whole(mine, 'of-another-run', { [RUN_PROPERTY]: 'run-2' })
    await whole(theirs, 'foreign', { [RUN_PROPERTY]: 'run-1' })
    await whole(mine, 'protected', { [RUN_PROPERTY]: 'run-1' })
    await toClient(mine).protect('protected', true)
    await whole(mine, 'available', { [RUN_PROPERTY]: 'run-1' })
    expect(await refused(mine, 'unmarked')).toMatchObject({ _tag: 'Forbidden', reason: 'not_own' })
    expect(await refused(mine, 'of-another-run')).toMatchObject({ _tag: 'Forbidden', reason: 'not_own' })
    expect(await refused(mine, 'foreign')).toMatchObject({ _tag: 'Forbidden', reason: 'not_own' })
    expect(await refused(mine, 'protected')).toMatchObject({ _tag: 'Forbidden', reason: 'protected' })
    expect(await refused(mine, 'available', ['available'])).toMatchObject({ _tag: 'Conflict' })
  })

  it('refuses an administrator to delete an image of another project', async () => {
    const { theirs } = scene()
    await whole(theirs, 'foreign', { [RUN_PROPERTY]: 'run-1' })
    const admin: ImageSource = { ...theirs, owner: () => TE.right('admin') }
    expect(await refused(admin, 'foreign')).toMatchObject({ _tag: 'Forbidden', reason: 'not_own' })
  })

  it('deletes nothing if the cloud returns another image than requested', async () => {
    const { mine } = scene()
    await whole(mine, 'own', { [RUN_PROPERTY]: 'run-1' })
    await whole(mine, 'other', { [RUN_PROPERTY]: 'run-1' })
    const confused: ImageSource = {
      ...mine,
      get: (_, options) => mine.get('other', options),
      delete: (id, options) => perform(mine, 'delete', id, options),
    }
    expect(await deleteOwnImage('run-1', confused, 'own', {})).toMatchObject({
      left: { _tag: 'Forbidden', reason: 'not_own' },
    })
    expect(await isThere(mine, 'own')).toBe(true)
  })
})
