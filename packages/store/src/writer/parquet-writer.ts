import * as E from 'fp-ts/lib/Either.js'
import { renameSync } from 'node:fs'
import { attempt } from '../attempt.ts'
import { findFile } from '../file-kind.ts'
import { imageRows } from '../rows/image-row.ts'
import { toRunTime } from '../rows/instant.ts'
import { cloudKey } from '../rows/keys.ts'
import { createRowGroups } from '../rows/row-groups.ts'
import { FILE_COLUMNS, STORE_VERSION } from '../tables/tables.ts'
import type { CloudState, StoreBatch, StoreChanges, StoreWriter, StoreWriterOptions } from './store-writer.ts'
import { createParquetFile } from '../parquet/parquet-file.ts'
import { createWorkDirectory } from '../work-directory.ts'

/** Larger row groups make a file smaller, but each is in memory. */
const ROW_GROUP = { rows: 10_000, characters: 8 * 1024 * 1024 }

const toRunMetadata = ({ cloud, images, rejected }: CloudState) => ({
  cloud: cloudKey(cloud),
  completeness: images.completeness,
  reason: images.reason,
  rejected,
})

/** Writes images to one Parquet file, which gets its name once it has all batches. It has no history: rolling back a batch discards the file. */
export const openParquetWriter = async (
  path: string,
  { run, mask = (text) => text }: StoreWriterOptions,
): Promise<StoreWriter> => {
  // A link to an earlier file continues to be a link.
  const final = findFile(path, 'parquet') ?? path
  const work = createWorkDirectory(final)
  const temporary = work.file('images.parquet')
  const file = await createParquetFile(temporary, FILE_COLUMNS, {
    createdBy: `imago ${run.version}`,
    hasBounds: true,
  }).catch((thrown: unknown) => {
    work.remove()
    throw thrown
  })
  const at = toRunTime(run.at)
  const states: CloudState[] = []
  const groups = createRowGroups(ROW_GROUP)
  let images = 0

  const begin = (): StoreBatch => {
    const before = images
    return {
      add: (image, extra = {}) => {
        images++
        const { content, evidence, raw } = imageRows(image, extra, mask)
        groups.push([...content, evidence, raw, run.id, at])
      },
      flush: () =>
        attempt(path, async () => {
          for (const rows of groups.takeFull()) await file.write(rows)
        }),
      commit: async (clouds): Promise<E.Right<StoreChanges>> => {
        states.push(...clouds)
        const added = images - before
        return { _tag: 'Right', right: { images: added, added, changed: 0, missing: 0 } }
      },
      rollback: async () => undefined,
    }
  }
  const finish = async (): Promise<void> => {
    for (const rows of groups.takeAll()) await file.write(rows)
    await file.finish({
      'imago.tables': String(STORE_VERSION),
      'imago.run': JSON.stringify({ run: run.id, observed_at: at, selection: run.selection }),
      'imago.clouds': JSON.stringify(states.map(toRunMetadata)),
    })
    renameSync(temporary, final)
    work.remove()
  }
  return {
    title: path,
    begin: async () => E.right(begin()),
    close: () => attempt(path, finish),
    discard: async () => {
      await file.discard().catch(() => undefined)
      work.remove()
    },
  }
}
