import { ImageException, type ByteSource, type CapabilityName, type ImageError, type ImageSource } from '@imago/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Journal } from '../journal/journal.ts'

/** Operations that change something in a cloud, besides downloads. */
const EFFECTS = [
  'update',
  'delete',
  'protect',
  'hide',
  'deactivate',
  'setVisibility',
  'share',
  'createFromServer',
  'create',
  'upload',
  'createFromBytes',
  'deleteOrphan',
  'importFromUrl',
  'copyToStore',
] as const satisfies readonly CapabilityName[]

type Method = (...args: readonly unknown[]) => TE.TaskEither<ImageError, unknown>

const confirmRun = (journal: Journal): TE.TaskEither<ImageError, void> =>
  TE.tryCatch(
    () => journal.confirm(),
    (thrown) => {
      if (ImageException.is(thrown)) return thrown.error
      throw thrown
    },
  )

/** The same source, of which each operation that changes something fails with `Conflict` (`fenced`) once another process has taken the run. */
export const fenceSource = (source: ImageSource, journal: Journal): ImageSource => {
  const fenced = EFFECTS.flatMap((name) => {
    const method = source[name] as Method | undefined
    if (method === undefined) return []
    const guarded: Method = (...args) =>
      pipe(
        confirmRun(journal),
        TE.flatMap(() => method.apply(source, [...args])),
      )
    return [[name, guarded] as const]
  })
  const { download } = source
  // Opening the bytes may create a server.
  const guardOpening = (bytes: ByteSource): ByteSource => ({
    ...bytes,
    open: (range, signal) =>
      pipe(
        confirmRun(journal),
        TE.flatMap(() => bytes.open(range, signal)),
      ),
  })
  return {
    ...source,
    ...(download === undefined
      ? {}
      : { download: (...args: Parameters<typeof download>) => TE.map(guardOpening)(download(...args)) }),
    ...(Object.fromEntries(fenced) as Partial<ImageSource>),
  }
}
