import { FIELD_NAMES, fieldOf, type Evidence, type FieldName, type Image } from '@imago/core'
import { placeOf } from '../../connect/target.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { evidenceOf } from '../../listing/live-evidence.ts'
import type { LiveContext } from '../../live.ts'
import { columnNamed } from '../../output/column.ts'
import { imageColumns, type ImageColumn } from '../../output/columns.ts'
import { createImages, requestImages, type ImageRequest } from '../../output/images.ts'
import { inOrderOf } from '../../output/rows.ts'
import type { EvidenceOf } from '../../output/image-json.ts'
import { maskUrls } from '../../output/mask.ts'
import type { Output } from '../../output/stream.ts'
import { createTable } from '../../output/table.ts'
import { visible } from '../../output/visible.ts'
import { imageAt, imagePlaceOf } from '../../place.ts'
import { Problem } from '../../problem.ts'
import { tell, tellLines } from '../../tell.ts'
import type { ShowOptions } from './options.ts'

/** What an entry of a list or a map says, on a line of its own. */
const entriesOf = (value: unknown): readonly string[] | null => {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return value.map((one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one)))
  return Object.entries(value).map(([key, one]) => `${key}=${one === null ? '' : String(one)}`)
}

/** A field, or another column, of an image: its lines for people. */
interface Shown {
  readonly name: string
  readonly lines: (image: Image) => readonly string[]
}

const linesOf = (image: Image, field: FieldName): readonly string[] => {
  const value = fieldOf(image, field)
  const entries = entriesOf(value)
  if (entries !== null) return entries.length === 0 ? ['-'] : entries
  const shown = columnNamed(imageColumns, field).show(image)
  return [typeof value === 'number' && shown !== `${value} B` ? `${shown} (${value} bytes)` : shown]
}

const fieldShown = (field: FieldName): Shown => ({ name: field, lines: (image) => linesOf(image, field) })

const columnShown = (one: ImageColumn): Shown => {
  const field = one.name === 'id' ? 'ref.id' : FIELD_NAMES.find((name) => name === one.name)
  return field === undefined ? { name: one.name, lines: (image) => [one.show(image)] } : fieldShown(field)
}

/** Field by field, and a line for each entry of what has several. */
const writeFields = (image: Image, fields: readonly Shown[], evidence: EvidenceOf | null, { header, showSecrets }: ImageRequest, output: Output): void => {
  const mask = showSecrets ? (text: string): string => text : maskUrls
  output.write(`${visible(placeOf(image.ref))}\n`)
  const table = createTable(output, [{ title: 'FIELD', whole: true }, ...(evidence === null ? [] : [{ title: 'EVIDENCE' }]), { title: 'VALUE' }], { header })
  const row = (field: string, how: Evidence | '' | undefined, value: string): void => table.row([field, ...(evidence === null ? [] : [how ?? '']), mask(value)])
  for (const { name, lines } of fields) lines(image).forEach((line, index) => row(index === 0 ? name : '', index === 0 ? evidence?.[name as FieldName] : '', line))
  table.end()
}

interface Printer {
  readonly image: (image: Image) => void
  readonly end: () => void
}

const createPrinter = async (request: ImageRequest, wanted: boolean, output: Output): Promise<Printer> => {
  const evidence = (image: Image): EvidenceOf | null => (wanted ? evidenceOf(image) : null)
  if (request.format !== 'table') {
    const writer = await createImages(request, output)
    return { image: (image) => writer.image(image, null, evidence(image)), end: writer.end }
  }
  const fields = request.columns?.map(columnShown) ?? FIELD_NAMES.map(fieldShown)
  const images: Image[] = []
  return {
    image: (image) => void images.push(image),
    end: () => {
      inOrderOf(request, images).forEach((image, index) => {
        if (index > 0) output.write('\n')
        writeFields(image, fields, evidence(image), request, output)
      })
    },
  }
}

/** `imago show PLACE…`: all that is known of images. One that is not found costs itself; the exit code is that of the first failure. */
export const show = async (texts: readonly string[], options: ShowOptions, live: LiveContext): Promise<ExitCode> => {
  const places = texts.map(imagePlaceOf)
  const printer = await createPrinter(requestImages(options), options.evidence === true, live.output)
  let code: ExitCode = EXIT.done
  const searches = places.map((place) => imageAt(live, place, options).catch((error: unknown) => (error instanceof Problem ? error : Promise.reject(error as Error))))
  for (const result of await Promise.all(searches)) {
    if (result instanceof Problem) {
      tell(live.talk, `imago: ${result.message}`)
      tellLines(live.talk, result.lines)
      if (code === EXIT.done) code = result.exitCode
    } else printer.image(result.image)
  }
  printer.end()
  await live.talk.end()
  await live.output.end()
  return code
}
