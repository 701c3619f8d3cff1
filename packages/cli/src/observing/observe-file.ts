import {
  createMatcher,
  type CloudIdentity,
  type DumpOptions,
  type Image,
  type Observation,
  type Query,
  type ReadState,
} from '@imago/core'
import { formatCloud } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { LiveContext } from '../live.ts'
import { inputTitle } from '../input/open.ts'
import { Problem } from '../problem.ts'
import { outcomeToExitCode, readImages } from '../read-images.ts'

/** The images read from a file. */
export interface ObservedFile {
  readonly images: readonly Image[]
  /** The images that do not match the query. */
  readonly unselected: readonly Image[]
  /** Whether every record of the file was read. */
  readonly isComplete: boolean
  readonly exitCode: ExitCode
}

/** Reads the saved images of a file that match `query`. Reports records that cannot be read. If none can be read, the command ends. */
export const observeFile = async (live: LiveContext, file: string, query: Query): Promise<ObservedFile> => {
  const images: Image[] = []
  const unselected: Image[] = []
  const isSelected = createMatcher(query)
  const options: DumpOptions = { readers: live.providers.map(({ reader }) => reader) }
  const outcome = await readImages(
    [file],
    options,
    { image: (image) => void (isSelected(image) ? images : unselected).push(image), flush: () => Promise.resolve() },
    live.messages,
  )
  const exitCode = outcomeToExitCode(outcome)
  if (outcome.images === 0 && exitCode !== EXIT.done)
    throw new Problem(`no image could be read from ${inputTitle(file)}`, exitCode)
  return { images, unselected, isComplete: exitCode === EXIT.done, exitCode }
}

const NOT_IN_FILE: ReadState = { completeness: 'unsupported', reason: 'saved images do not contain it' }

/** Converts the images of a file to an observation of their clouds, without usage and prices. */
export const fileToObservation = ({ images, isComplete }: ObservedFile, at: string): Observation => {
  const clouds = new Map<string, { readonly cloud: CloudIdentity; readonly items: Image[] }>()
  for (const image of images) {
    const { provider, cloud, region } = image.ref
    const key = formatCloud({ provider, cloud, region })
    const found = clouds.get(key)
    if (found === undefined) clouds.set(key, { cloud: { provider, cloud, region }, items: [image] })
    else found.items.push(image)
  }
  return {
    at,
    clouds: [...clouds.values()].map(({ cloud, items }) => ({
      cloud,
      images: {
        items,
        completeness: isComplete ? 'read' : 'failed',
        reason: isComplete ? null : 'some records could not be read',
      },
      usage: {
        edges: [],
        sources: [{ name: 'usage', ...NOT_IN_FILE }],
        view: { kind: 'project', project: null, shared: null },
      },
      prices: { prices: null, ...NOT_IN_FILE },
    })),
  }
}
