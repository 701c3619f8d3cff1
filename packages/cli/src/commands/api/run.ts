import { aborted, isTooDeep, createErrorSite, type ErrorSite, type ImageError } from '@imago/core'
import {
  addRequestSecrets,
  BrokenBody,
  findRequestId,
  toImageErrorFromFailure,
  type HttpFailure,
  type HttpRequest,
  type HttpResponse,
  type StreamResponse,
} from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { describeRequest, parseRawRequest } from '../../api/raw-request.ts'
import { toIdentity, formatCloud, type ProviderCloud } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { parseChoice } from '../../command-line/choice.ts'
import { toProblem } from '../../live-problem.ts'
import { maskSecrets, secrets } from '../../output/mask.ts'
import type { Output } from '../../output/stream.ts'
import { visible, visibleJson } from '../../output/visible.ts'
import { resolveTarget } from '../../resolve-image.ts'
import { Problem } from '../../problem.ts'
import { printMessage } from '../../message.ts'
import type { ApiOptions } from './options.ts'

/** Headers whose values are secrets. */
const SECRET_HEADERS = new Set([
  'x-subject-token',
  'x-auth-token',
  'authorization',
  'set-cookie',
  'openstack-auth-receipt',
])

/** Indents JSON on a terminal. Elsewhere, the body is printed unchanged. */
const bodyText = (text: string, output: Output): string => {
  if (!output.isTerminal) return text
  try {
    if (!isTooDeep(text)) return visibleJson(JSON.stringify(JSON.parse(text), null, 2))
  } catch {
    // The body is not JSON.
  }
  return text.split('\n').map(visible).join('\n')
}

const writeHead = ({ status, headers }: HttpResponse, mask: (text: string) => string, output: Output): void => {
  output.write(`HTTP ${status}\n`)
  for (const [name, value] of headers.entries())
    output.write(`${visible(`${name}: ${SECRET_HEADERS.has(name) ? '***' : mask(value)}`)}\n`)
  output.write('\n')
}

/** Bytes are written unchanged, but not to a terminal, which may interpret them. */
const writeBytes = async ({ bytes, headers, close }: StreamResponse, output: Output): Promise<void> => {
  if (output.isTerminal) {
    close()
    throw new Problem(
      `the response is not text but ${visible(headers.get('content-type') ?? 'binary data')}. Redirect the output to a file or a pipe`,
    )
  }
  for await (const chunk of bytes) await output.writeBytes(chunk)
}

const writeResponse = async (
  response: HttpResponse,
  { include, showSecrets }: ApiOptions,
  output: Output,
): Promise<void> => {
  const mask = showSecrets === true ? (one: string): string => one : maskSecrets
  if (include === true) writeHead(response, mask, output)
  if (response.kind === 'stream') return writeBytes(response, output)
  if (response.text !== '') output.write(`${mask(bodyText(response.text, output)).replace(/\n$/, '')}\n`)
}

const statusToExitCode = (status: number): ExitCode => {
  if (status >= 200 && status <= 299) return EXIT.done
  if (status === 404) return EXIT.notFound
  return [429, 502, 503, 504].includes(status) ? EXIT.temporary : EXIT.error
}

const openClient = async (live: LiveContext, target: ProviderCloud, service: string | undefined) => {
  const provider = live.providers.find(({ name }) => name === target.provider)
  if (provider !== undefined && service !== undefined) {
    if (provider.services.length === 0) throw new Problem(`--service: ${provider.title} has only one API`, EXIT.usage)
    parseChoice('--service', service, provider.services)
  }
  const access = await live.access(target)
  if (E.isLeft(access)) throw toProblem(access.left)
  const client = access.right.client(service ?? null)
  if (client === null)
    throw new Problem(
      service === undefined ? `${target.provider} has no raw API` : `service not found: ${target.provider} ${service}`,
    )
  return client
}

/** The error of a request that was not answered. Its address is the user's, not a link in a response. */
const toApiError = (failure: HttpFailure, site: ErrorSite): ImageError => {
  const error = toImageErrorFromFailure(failure, site)
  return failure._tag === 'RefusedHost' ? { ...error, hint: 'Use only the path, such as /images' } : error
}

/** `imago api`: sends one request with the credentials of a cloud and prints the response. A status other than 2xx sets the exit code. */
export const api = async (
  cloud: string,
  words: readonly string[],
  options: ApiOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  const request: HttpRequest = await parseRawRequest(words, options)
  const target = resolveTarget(live, cloud)
  if (options.dryRun === true) {
    addRequestSecrets(secrets, {
      headers: request.headers,
      json: request.body?.kind === 'json' ? request.body.value : null,
    })
    live.output.write(`${maskSecrets(describeRequest(request)).split('\n').map(visible).join('\n')}\n`)
    await live.output.end()
    return EXIT.done
  }
  const send = await openClient(live, target, options.service)
  const identity = toIdentity(target)
  const { method, url: path } = request
  const problem = (failure: HttpFailure): Problem =>
    toProblem(
      live.signal.aborted
        ? aborted(createErrorSite(identity, 'api'))
        : toApiError(failure, createErrorSite(identity, 'api', { method, path, status: null, requestId: null })),
    )
  const sent = await send({ ...request, responseKind: 'by-type', signal: live.signal })()
  if (E.isLeft(sent)) throw problem(sent.left)
  const response = sent.right
  await writeResponse(response, options, live.output).catch((thrown: unknown) => {
    throw thrown instanceof BrokenBody ? problem(thrown.failure) : thrown
  })
  await live.output.end()
  const code = statusToExitCode(response.status)
  if (code !== EXIT.done) {
    const id = findRequestId(response.headers)
    printMessage(
      live.messages,
      `imago: ${formatCloud(identity)}: api: HTTP ${response.status} (${method} ${new URL(response.url).pathname}${id === null ? '' : `, request ${id}`})`,
    )
    await live.messages.end()
  }
  return code
}
