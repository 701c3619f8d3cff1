import {
  ambiguous,
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
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { parseLabelConditions } from '../../listing/query-options.ts'
import { toProblem } from '../../live-problem.ts'
import { printMessage } from '../../message.ts'
import { count } from '../../output/count.ts'
import { Problem } from '../../problem.ts'
import { formatImageAddress } from '../../parse-address.ts'
import {
  parseServerAddress,
  openSource,
  resolveTarget,
  type ImageAddress,
  type ImageWord,
} from '../../resolve-image.ts'
import { findServers } from '../../servers/find-servers.ts'
import { formatSuggestion } from '../../format-suggestion.ts'
import { parseEntries } from '../../writing/option-values.ts'
import { makeChange } from '../../writing/change-each.ts'
import { checkReport, createReport } from '../../writing/report.ts'
import { progressLines, parseWaitOptions, type Waiting } from '../../writing/waiting.ts'
import type { WriteContext } from '../../writing/write-context.ts'
import type { SnapshotOptions } from './options.ts'

/** A server to create an image from. */
interface ServerToImage {
  readonly source: ImageSource
  readonly id: string
  /** For messages: the name, or what the user typed. */
  readonly name: string
}

const fits = ({ id, name }: ServerSummary, word: ImageWord): boolean => {
  if ('id' in word) return id === word.id
  if ('name' in word) return name === word.name
  return id === word.idOrName || name === word.idOrName
}

/** The matching server. If the cloud does not list servers, the word is used as an ID. */
const findServer = async (
  source: ImageSource,
  address: ImageAddress,
  { signal }: WriteContext,
): Promise<Omit<ServerToImage, 'source'>> => {
  const word = address.image
  const text = Object.values(word).join()
  if ('id' in word || source.servers === undefined) return { id: text, name: text }
  const servers = await source.servers({}, { signal })()
  if (E.isLeft(servers)) throw toProblem(servers.left)
  const [server, ...others] = servers.right.filter((one) => fits(one, word))
  const site = createErrorSite(source.cloud, 'createFromServer')
  if (server === undefined) {
    const names = servers.right.flatMap(({ name }) => name ?? [])
    const hint = formatSuggestion(text, names) || '. Check the ID or name, the project and the region'
    throw new Problem(`server not found: ${formatImageAddress(address)}${hint}`, EXIT.notFound)
  }
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
  return { id: server.id, name: server.name ?? server.id }
}

const toRequest = (
  id: string,
  { setName, setDescription, setKind, setLabel }: SnapshotOptions,
): ServerImageRequest => ({
  serverId: id,
  ...(setName === undefined ? {} : { name: setName }),
  ...(setDescription === undefined ? {} : { description: setDescription }),
  kind: setKind,
  ...(setLabel === undefined ? {} : { labels: parseEntries('--set-label', setLabel) }),
})

/** Waits for the operation, and returns the finished image. */
const waitForImage = (
  context: WriteContext,
  source: ImageSource,
  { image, operation }: ServerImage,
  server: string,
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
        onProgress: progressLines(context, `${formatImageRef(image.ref)} (server ${server})`),
      },
    ),
    TE.flatMap((done) =>
      pipe(
        source.get(image.ref.id, { signal: context.signal }),
        TE.map((made) => ({ image: made, operation: done })),
      ),
    ),
  )

/** Names the server in an error, because the image of a failed snapshot is gone. */
const namingServer = <A>(name: string, result: ImageResult<A>): ImageResult<A> =>
  pipe(
    result,
    TE.mapLeft((error) => ({ ...error, what: `server ${name}: ${error.what}` })),
  )

/** The servers of the arguments, or those that the labels select. */
const resolveServers = async (
  words: readonly string[],
  { label, cloud }: SnapshotOptions,
  context: WriteContext,
): Promise<readonly ServerToImage[]> => {
  if (label === undefined) {
    if (cloud !== undefined) throw new Problem('--cloud requires --label', EXIT.usage)
    if (words.length === 0)
      throw new Problem(
        'no server selected. Name servers as [provider/]cloud[@region]:server, or select them with --label',
        EXIT.usage,
      )
    const resolved: ServerToImage[] = []
    for (const word of words) {
      const address = parseServerAddress(word)
      const source = await openSource(context, resolveTarget(context, address.cloud))
      resolved.push({ source, ...(await findServer(source, address, context)) })
    }
    return resolved
  }
  if (words.length > 0) throw new Problem('name servers or use --label, not both', EXIT.usage)
  const { found, errors } = await findServers(context, cloud ?? [], { labels: label.map(parseLabelConditions) })
  // A part of the servers must not pass for all of them.
  const [error] = errors
  if (error !== undefined) throw toProblem(error)
  if (found.length === 0) throw new Problem(`no server matches --label ${label.join(' or --label ')}`, EXIT.notFound)
  return found.map(({ source, server: { id, name } }) => ({ source, id, name: name ?? id }))
}

/** `imago snapshot`: creates images from the disks of servers, all at once, and waits for them. */
export const snapshot = async (
  words: readonly string[],
  options: SnapshotOptions,
  context: WriteContext,
): Promise<ExitCode> => {
  const times = parseWaitOptions(options)
  checkReport(context, options)
  if (options.setLabel !== undefined) parseEntries('--set-label', options.setLabel)
  const servers = await resolveServers(words, options, context)
  const report = await createReport(context, options)
  const started: { readonly server: ServerToImage; readonly created: ServerImage }[] = []
  let created = 0
  const done = ({ image }: ServerImage): void => {
    created++
    report.image(image)
  }
  for (const server of servers) {
    if (context.signal.aborted) break
    const { source, id, name } = server
    const begun = perform(source, 'createFromServer', toRequest(id, options), { signal: context.signal })
    await makeChange(context, report, source.cloud, namingServer(name, begun), (image) => {
      if (options.wait !== false && source.operation !== undefined) started.push({ server, created: image })
      else done(image)
    })
  }
  for (const { server, created: image } of started) {
    const { source, name } = server
    const finished = waitForImage(context, source, image, name, times)
    await makeChange(context, report, source.cloud, namingServer(name, finished), done)
  }
  if (servers.length > 1 && created < servers.length && context.takeHeld === null && !context.signal.aborted)
    printMessage(context.messages, `imago: created images of ${created} of ${count(servers.length, 'server')}`)
  return report.end()
}
