import { FIELD_NAMES, getFieldValue, type Evidence, type FieldName, type Image } from '@imago/core'
import { formatImageRef } from '@imago/provider-kit'
import type { ExitCode } from '../../exit-code.ts'
import { readEvidence } from '../../listing/live-evidence.ts'
import type { LiveContext } from '../../live.ts'
import { mergeExitCodes } from '../../live-problem.ts'
import { bounded } from '../../output/bounded.ts'
import { findColumn } from '../../output/column.ts'
import { imageColumns, type ImageColumn } from '../../output/columns.ts'
import { createImages, requestImages, type ImageRequest } from '../../output/images.ts'
import { sortRows } from '../../output/rows.ts'
import type { FieldEvidence } from '../../output/image-json.ts'
import { maskUrls } from '../../output/mask.ts'
import type { Output } from '../../output/stream.ts'
import { createTable } from '../../output/table.ts'
import { visible } from '../../output/visible.ts'
import { wrapped } from '../../output/wrapped.ts'
import { resolveNamedImage } from '../../lock/locked-image.ts'
import { parseImageAddress } from '../../resolve-image.ts'
import { Problem } from '../../problem.ts'
import { printMessage, printLines } from '../../message.ts'
import type { ShowOptions } from './options.ts'

/** An entry of a list: `sha512:… (stored, provider)`, `created-from server 7`. */
const entryText = (entry: unknown): string => {
  if (typeof entry !== 'object' || entry === null) return String(entry)
  const words = Object.values(entry).filter((one): one is string => typeof one === 'string')
  const [algorithm, value, ...rest] = words
  return 'algorithm' in entry ? `${algorithm}:${value} (${rest.join(', ')})` : words.join(' ')
}

/** The entries of a list or a map, each as a line; `null`: neither. */
const formatEntries = (value: unknown): readonly string[] | null => {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return value.map(entryText)
  return Object.entries(value).map(([key, one]) => `${key}=${one === null ? '' : String(one)}`)
}

/** A field or another column, and how to print it as lines. */
interface Shown {
  readonly name: string
  readonly lines: (image: Image) => readonly string[]
}

const formatLines = (image: Image, field: FieldName): readonly string[] => {
  const value = getFieldValue(image, field)
  const entries = formatEntries(value)
  if (entries !== null) return entries.length === 0 ? ['-'] : entries
  const shown = findColumn(imageColumns, field).show(image)
  return [typeof value === 'number' && shown !== `${value} B` ? `${shown} (${value} bytes)` : shown]
}

const fieldShown = (field: FieldName): Shown => ({ name: field, lines: (image) => formatLines(image, field) })

const columnShown = (one: ImageColumn): Shown => {
  const field = one.name === 'id' ? 'ref.id' : FIELD_NAMES.find((name) => name === one.name)
  return field === undefined ? { name: one.name, lines: (image) => [one.show(image)] } : fieldShown(field)
}

const FIELD_WIDTH = Math.max(...FIELD_NAMES.map(({ length }) => length)) + 2
const EVIDENCE_WIDTH = 'unsupported'.length + 2

/** Prints a line for each field, or for each entry of a list or map. Text is wrapped between words; IDs and digests are never cut. */
const writeFields = (
  image: Image,
  fields: readonly Shown[],
  evidence: FieldEvidence | null,
  { header, showSecrets }: ImageRequest,
  output: Output,
): void => {
  const mask = showSecrets ? (text: string): string => text : maskUrls
  output.write(`${visible(formatImageRef(image.ref))}\n`)
  const table = createTable(
    output,
    [
      { title: 'FIELD', whole: true },
      ...(evidence === null ? [] : [{ title: 'EVIDENCE', whole: true }]),
      { title: 'VALUE', whole: true },
    ],
    { header },
  )
  const row = (field: string, how: Evidence | '' | undefined, value: string): void =>
    table.row([field, ...(evidence === null ? [] : [how ?? '']), value])
  const wrap = (line: string): readonly string[] =>
    output.width === null
      ? [line]
      : wrapped(bounded(visible(line)), output.width - FIELD_WIDTH - (evidence === null ? 0 : EVIDENCE_WIDTH)).split(
          '\n',
        )
  for (const { name, lines } of fields) {
    const all = lines(image).flatMap((line) => wrap(mask(line)))
    all.forEach((line, index) => row(index === 0 ? name : '', index === 0 ? evidence?.[name as FieldName] : '', line))
  }
  table.end()
}

interface Printer {
  readonly image: (image: Image) => void
  readonly end: () => void
}

const createPrinter = async (
  request: ImageRequest,
  wanted: boolean,
  { providers, output }: Pick<LiveContext, 'providers' | 'output'>,
): Promise<Printer> => {
  const evidence = (image: Image): FieldEvidence | null => (wanted ? readEvidence(image, providers) : null)
  if (request.format !== 'table') {
    const writer = await createImages(request, output)
    return {
      image: (image) => {
        const read = evidence(image)
        writer.image(image, null, read === null ? null : { evidence: read })
      },
      end: writer.end,
    }
  }
  const fields = request.columns?.map(columnShown) ?? FIELD_NAMES.map(fieldShown)
  const images: Image[] = []
  return {
    image: (image) => void images.push(image),
    end: () => {
      sortRows(request, images).forEach((image, index) => {
        if (index > 0) output.write('\n')
        writeFields(image, fields, evidence(image), request, output)
      })
    },
  }
}

/** `imago show ADDRESS…`: prints all fields of images. An image that is not found is reported, and the rest is printed. */
export const show = async (texts: readonly string[], options: ShowOptions, live: LiveContext): Promise<ExitCode> => {
  const places = texts.map(parseImageAddress)
  const printer = await createPrinter(requestImages(options), options.evidence === true, live)
  const failures: ExitCode[] = []
  const searches = places.map((place) =>
    resolveNamedImage(live, place, options).catch((error: unknown) =>
      error instanceof Problem ? error : Promise.reject(error as Error),
    ),
  )
  for (const result of await Promise.all(searches)) {
    if (result instanceof Problem) {
      printMessage(live.messages, `imago: ${result.message}`)
      printLines(live.messages, result.lines)
      failures.push(result.exitCode)
    } else printer.image(result.image)
  }
  printer.end()
  await live.messages.end()
  await live.output.end()
  return mergeExitCodes(failures)
}
