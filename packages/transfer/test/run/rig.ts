import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  listAll,
  notFound,
  createErrorSite,
  type Digest,
  type Image,
  type ImageError,
  type ImageSource,
} from '@imago/core'
import { bareImage, createMemorySource, type MemorySourceOptions } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { extract } from '../../src/archive/extract.ts'
import { createInspector } from '@imago/inspect'
import { checkSafety } from '../../src/safety/check-safety.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { TransferOverrides } from '../../src/plan/transfer-input.ts'
import { runTransfer } from '../../src/run/run-transfer.ts'
import { TRANSFER_SITE } from '../../src/run/context.ts'
import type { RunOptions, RunTiming } from '../../src/run/options.ts'
import type { TransferOutcome } from '../../src/journal/outcome.ts'
import { REAL_TIMING } from '../../src/run/timing.ts'
import type { TransferEvent } from '../../src/run/transfer-event.ts'
import type { RunTools } from '../../src/run/tools.ts'
import { createSpool } from '../../src/spool/spool.ts'

/** 200,192 bytes, whole sectors, without a known format. */
export const DISK: Uint8Array = Uint8Array.from({ length: 200_192 }, (_, index) => (index * 7 + (index >> 8)) % 256)

export const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex')

const declared = (bytes: Uint8Array): readonly Digest[] => [
  { algorithm: 'sha512', value: sha512(bytes), of: 'stored', assertedBy: 'provider' },
]

/** An image of a provider of files. */
export const fileImage = (id: string, bytes: Uint8Array, fields: Partial<Image> = {}): Image =>
  bareImage(id, {
    name: 'debian-12',
    status: 'available',
    visibility: 'private',
    architecture: 'x86_64',
    format: { disk: 'raw', container: 'bare' },
    size: { stored: bytes.length, virtual: bytes.length, minDisk: null, minRam: null },
    digests: declared(bytes),
    ...fields,
  })

export const tools: RunTools = {
  createInspector,
  checkSafety,
  detectCompression: (head) => (head[0] === 0x1f && head[1] === 0x8b ? 'gzip' : null),
  decompress: (bytes) => bytes,
  extract,
  checkDisk: () => TE.right({ failure: null, unchecked: null }),
  convert: () => TE.left(notFound(TRANSFER_SITE, { what: 'no qemu-img here' })),
}

const SOURCE = { provider: 'memory', cloud: 'from', region: null } as const
export const TARGET = { provider: 'memory', cloud: 'to', region: null } as const

/** A wait ends once all pending work in memory is done; a limit on work that also uses the disk is real. */
const TIMING: RunTiming = {
  clock: () => Date.UTC(2026, 0, 1),
  sleep: (ms, signal) =>
    ms < 10_000 ? new Promise((resolve) => setImmediate(resolve)) : REAL_TIMING.sleep(ms, signal),
}

export interface Rig {
  readonly dir: string
  readonly from: ImageSource
  readonly to: ImageSource
  readonly plan: Plan
  readonly events: TransferEvent[]
  readonly options: RunOptions
  /** Runs the plan, or continues it. */
  readonly run: (
    otherOptions?: Partial<RunOptions>,
    wrapJournal?: (journal: Journal) => Journal,
    which?: Plan | string,
  ) => Promise<E.Either<ImageError, TransferOutcome>>
  readonly listCreated: () => Promise<readonly Image[]>
  readonly spooled: () => readonly string[]
  readonly clear: () => void
}

export interface RigOptions {
  readonly bytes?: Uint8Array
  readonly image?: Partial<Image>
  readonly source?: MemorySourceOptions
  readonly target?: MemorySourceOptions
  readonly overrides?: TransferOverrides
  readonly wrapFrom?: (source: ImageSource) => ImageSource
  readonly wrapTo?: (source: ImageSource) => ImageSource
  readonly freeBytes?: () => Promise<number>
  readonly spoolLimit?: number | null
  readonly tools?: Partial<RunTools>
  /** The size from which images are sent while they are fetched. */
  readonly minOverlappedBytes?: number
}

/** Two clouds in memory, and directories for journals and spool. */
export const createRig = ({
  bytes = DISK,
  image = {},
  source = {},
  target = {},
  overrides = {},
  wrapFrom = (one) => one,
  wrapTo = (one) => one,
  freeBytes = async () => 10 ** 12,
  spoolLimit = null,
  tools: otherTools = {},
  minOverlappedBytes,
}: RigOptions = {}): Rig => {
  const dir = mkdtempSync(join(tmpdir(), 'imago-run-'))
  const from = createMemorySource({
    cloud: SOURCE,
    images: [fileImage('debian', bytes, image)],
    bytes: { debian: bytes },
    ...source,
  })
  const bare = createMemorySource({ cloud: TARGET, ...target })
  const to = wrapTo(bare)
  const events: TransferEvent[] = []
  const sourceImage = { ...fileImage('debian', bytes, image), ref: { ...SOURCE, id: 'debian' } }
  const plan = planTransfer(
    { kind: 'image', image: sourceImage, capabilities: from.capabilities },
    { kind: 'cloud', cloud: TARGET, capabilities: bare.capabilities },
    overrides,
  )
  const wrapped = wrapFrom(from)
  const options: RunOptions = {
    openSource: ({ provider, cloud }) => {
      if (cloud === 'from') return TE.right(wrapped)
      return cloud === 'to'
        ? TE.right(to)
        : TE.left(notFound(createErrorSite({ provider, cloud }, 'open'), { what: 'no such cloud' }))
    },
    journals: join(dir, 'journal'),
    spoolDir: join(dir, 'spool'),
    timing: TIMING,
    retry: { attempts: 3, waitMs: 1, maxWaitMs: 1 },
    onEvent: (event) => void events.push(event),
  }
  return {
    dir,
    from,
    to: bare,
    plan,
    events,
    options,
    run: (otherOptions = {}, wrapJournal, which = plan) =>
      runTransfer(
        which,
        { ...options, ...otherOptions },
        {
          tools: { ...tools, ...otherTools },
          spool: createSpool({ dir: options.spoolDir, limit: spoolLimit, site: TRANSFER_SITE, freeBytes }),
          ...(wrapJournal === undefined ? {} : { wrapJournal }),
          minOverlappedBytes,
        },
      ),
    listCreated: async () => {
      const listing = await listAll(bare, { hidden: 'include' })()
      return E.isRight(listing) ? listing.right.items : []
    },
    spooled: () => {
      try {
        return readdirSync(options.spoolDir, { recursive: true, encoding: 'utf8' }).sort()
      } catch {
        return []
      }
    },
    clear: () => rmSync(dir, { recursive: true, force: true }),
  }
}
