import {
  ambiguous,
  notFound,
  perform,
  createErrorSite,
  waitFor,
  type ImageResult,
  type ImageSource,
  type ServerImage,
  type ServerImageRequest,
  type ServerSummary,
} from '@imago/core'
import { formatImageRef } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExitCode } from '../../exit-code.ts'
import { toProblem } from '../../live-problem.ts'
import { parseImageAddress, openSource, resolveTarget, type ImageWord } from '../../resolve-image.ts'
import { parseEntries } from '../../writing/option-values.ts'
import { makeChange } from '../../writing/change-each.ts'
import { checkReport, createReport } from '../../writing/report.ts'
import { progressLines, parseWaitOptions, type Waiting } from '../../writing/waiting.ts'
import type { WriteContext } from '../../writing/write-context.ts'
import type { SnapshotOptions } from './options.ts'

const fits = ({ id, name }: ServerSummary, word: ImageWord): boolean => {
  if ('id' in word) return id === word.id
  if ('name' in word) return name === word.name
  return id === word.idOrName || name === word.idOrName
}

/** The ID of the matching server. If the cloud does not list servers, the word is used as an ID. */
const serverId = async (source: ImageSource, word: ImageWord, { signal }: WriteContext): Promise<string> => {
  const text = Object.values(word).join()
  if ('id' in word || source.servers === undefined) return text
  const answer = await source.servers({}, { signal })()
  if (E.isLeft(answer)) throw toProblem(answer.left)
  const [server, ...others] = answer.right.filter((one) => fits(one, word))
  const site = createErrorSite(source.cloud, 'createFromServer')
  if (server === undefined)
    throw toProblem(
      notFound(site, { what: `server not found: ${text}`, hint: 'Check the ID or name, the project and the region' }),
    )
  if (others.length > 0) {
    const ids = [server, ...others].map(({ id }) => id).join(', ')
    throw toProblem(
      ambiguous(site, {
        what: `${1 + others.length} servers match ${text}: ${ids}`,
        hint: 'Use the ID',
        candidates: [],
      }),
    )
  }
  return server.id
}

const toRequest = (
  id: string,
  { setName, setDescription, setKind, setLabel }: SnapshotOptions,
): ServerImageRequest => ({
  serverId: id,
  ...(setName === undefined ? {} : { name: setName }),
  ...(setDescription === undefined ? {} : { description: setDescription }),
  ...(setKind === undefined ? {} : { kind: setKind }),
  ...(setLabel === undefined ? {} : { labels: parseEntries('--set-label', setLabel) }),
})

/** Waits for the operation, and returns the finished image. */
const waitForImage = (
  context: WriteContext,
  source: ImageSource,
  { image, operation }: ServerImage,
  times: Waiting,
): ImageResult<ServerImage> =>
  pipe(
    waitFor(
      createErrorSite(source.cloud, 'createFromServer'),
      perform(source, 'operation', operation.id, { signal: context.signal }),
      {
        ...times,
        ...context.timing,
        signal: context.signal,
        onProgress: progressLines(context, formatImageRef(image.ref)),
      },
    ),
    TE.flatMap((done) =>
      pipe(
        source.get(image.ref.id, { signal: context.signal }),
        TE.map((made) => ({ image: made, operation: done })),
      ),
    ),
  )

/** `imago snapshot`: creates an image from the disk of a server, and waits for it. */
export const snapshot = async (word: string, options: SnapshotOptions, context: WriteContext): Promise<ExitCode> => {
  const times = parseWaitOptions(options)
  checkReport(context, options)
  const place = parseImageAddress(word)
  const source = await openSource(context, resolveTarget(context, place.cloud))
  const id = await serverId(source, place.image, context)
  const report = await createReport(context, options)
  const begun = perform(source, 'createFromServer', toRequest(id, options), { signal: context.signal })
  const change =
    options.wait !== false && source.operation !== undefined
      ? pipe(
          begun,
          TE.flatMap((started) => waitForImage(context, source, started, times)),
        )
      : begun
  await makeChange(context, report, source.cloud, change, ({ image }) => report.image(image))
  return report.end()
}
