import { type CloudIdentity, type Image, type ImageError } from '@imago/core'
import { addRequestSecrets, type InterceptedRequest } from '@imago/http'
import { formatCloud } from '@imago/provider-kit'
import type { ExitCode } from '../exit-code.ts'
import { changeErrorsToExitCode, formatErrorLine } from '../live-problem.ts'
import { column, columnSet } from '../output/column.ts'
import type { ImageAdditions } from '../output/image-json.ts'
import { createImages, requestImages, type PrintImageOptions } from '../output/images.ts'
import { maskSecrets, secrets } from '../output/mask.ts'
import { isCellFormat, printRows, requestRows, type PrintOptions } from '../output/rows.ts'
import { visible, visibleJson } from '../output/visible.ts'
import type { WriteContext } from './write-context.ts'

/** Prints changes as they are made. */
export interface Report {
  /** Prints an image after its change. */
  readonly image: (image: Image) => void
  /** Prints the change of an image: a sentence by default, the image in other formats. */
  readonly changed: (image: Image, sentence: string, additions?: ImageAdditions | null) => void
  /** Prints a sentence, in the default format only. */
  readonly done: (sentence: string) => void
  readonly failed: (error: ImageError) => Promise<void>
  readonly held: (cloud: CloudIdentity, requests: readonly InterceptedRequest[]) => void
  /** Ends the output, and returns the exit code. */
  readonly end: () => Promise<ExitCode>
}

/** An intercepted request of a dry run, and its cloud. */
interface HeldRow {
  readonly cloud: CloudIdentity
  readonly request: InterceptedRequest
}

/** The part of a report that formats and prints. */
interface Printed extends Omit<Report, 'failed' | 'end'> {
  readonly end: () => Promise<void>
}

const HELD_COLUMNS = columnSet<HeldRow>(null, [
  column('cloud', 'CLOUD', ({ cloud }) => formatCloud(cloud)),
  column('method', 'METHOD', ({ request }) => request.method),
  column('url', 'URL', ({ request }) => request.url),
  column('body', 'BODY', ({ request: { body } }) =>
    body === null
      ? null
      : 'json' in body
        ? JSON.stringify(body.json)
        : body.bytes === null
          ? 'bytes'
          : `${body.bytes} bytes`,
  ),
])

const heldText = ({ method, url, body }: InterceptedRequest): string => {
  const first = `  ${method} ${maskSecrets(url)}\n`
  if (body === null) return first
  const content =
    'json' in body ? JSON.stringify(body.json, null, 2) : body.bytes === null ? 'bytes' : `${body.bytes} bytes`
  return `${first}${maskSecrets(content).replace(/^/gm, '  ')}\n`
}

const heldJson = (
  { provider, cloud, region }: CloudIdentity,
  { method, url, headers, body }: InterceptedRequest,
): string => JSON.stringify({ provider, cloud, region, method, url, headers, body })

/** The output of all changes of a command. */
const imageReport = async (context: WriteContext, options: PrintImageOptions): Promise<Omit<Printed, 'held'>> => {
  const request = requestImages(options)
  const writer = await createImages(request, context.output)
  const isForPeople = request.format === 'table' && request.columns === null
  const done = (sentence: string): void => {
    if (isForPeople) context.output.write(`${visible(sentence)}\n`)
  }
  return {
    image: (image) => writer.image(image, null, null),
    changed: (image, sentence, additions = null) =>
      isForPeople ? done(sentence) : writer.image(image, null, additions),
    done,
    end: () => Promise.resolve(writer.end()),
  }
}

/** The output of a dry run: requests as they are intercepted by default, in other formats at the end. */
const heldReport = ({ output }: WriteContext, options: PrintOptions): Printed => {
  const request = requestRows(HELD_COLUMNS, options)
  const isForPeople = request.format === 'table' && request.columns === null
  const rows: HeldRow[] = []
  const shownJson = ({ cloud, request: held }: HeldRow): string => {
    const line = maskSecrets(heldJson(cloud, held))
    return output.isTerminal ? visibleJson(line) : line
  }
  return {
    image: () => undefined,
    changed: () => undefined,
    done: (sentence) => {
      if (isForPeople) output.write(`${visible(sentence)}\n`)
    },
    held: (cloud, held) => {
      for (const { headers, body } of held)
        addRequestSecrets(secrets, { headers, json: body !== null && 'json' in body ? body.json : null })
      if (isForPeople && held.length > 0)
        output.write(
          `${visible(formatCloud(cloud))}: would send\n${held.map(heldText).join('').split('\n').map(visible).join('\n')}`,
        )
      rows.push(...held.map((one) => ({ cloud, request: one })))
    },
    end: async () => {
      if (isForPeople) return
      if (isCellFormat(request.format)) await printRows(HELD_COLUMNS, request, rows, output, () => null)
      else if (request.format === 'ndjson') output.write(rows.map((row) => `${shownJson(row)}\n`).join(''))
      else
        output.write(`{"$schema":"urn:imago:schema:requests:1","requests":[\n${rows.map(shownJson).join(',\n')}\n]}\n`)
    },
  }
}

const nothing = (): void => undefined

/** The output of a command that prints its own rows. */
const NO_IMAGES: Omit<Printed, 'held'> = {
  image: nothing,
  changed: nothing,
  done: nothing,
  end: () => Promise.resolve(),
}

/** Checks the output options before any request. */
export const checkReport = ({ takeHeld }: Pick<WriteContext, 'takeHeld'>, options: PrintImageOptions): void => {
  if (takeHeld === null) requestImages(options)
  else requestRows(HELD_COLUMNS, options)
}

/** Creates the report of a command: changed images (unless the command prints its own rows), or the requests of a dry run. */
export const createReport = async (
  context: WriteContext,
  options: PrintImageOptions | PrintOptions,
  prints: 'images' | 'nothing' = 'images',
): Promise<Report> => {
  const { output, messages, takeHeld } = context
  const errors: ImageError[] = []
  const shown: Printed =
    takeHeld !== null
      ? heldReport(context, options)
      : {
          held: nothing,
          ...(prints === 'nothing' ? NO_IMAGES : await imageReport(context, options as PrintImageOptions)),
        }
  return {
    ...shown,
    failed: async (error) => {
      errors.push(error)
      // The end of the command reports the interruption once.
      if (error._tag === 'Aborted' && context.signal.aborted) return
      messages.write(`imago: ${visible(formatErrorLine(error))}\n`)
      await messages.end()
    },
    end: async () => {
      await shown.end()
      await output.end()
      await messages.end()
      return changeErrorsToExitCode(errors)
    },
  }
}
