import { FIELD_NAMES, fieldOf, type Evidence, type FieldName, type Image } from '@imago/core'
import { placeOf } from '../../connect/target.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { evidenceOf } from '../../listing/live-evidence.ts'
import type { LiveContext, LiveOptions } from '../../live.ts'
import { columnNamed } from '../../output/columns.ts'
import { createImageWriter } from '../../output/image-writer.ts'
import type { EvidenceOf } from '../../output/image-json.ts'
import { maskUrls } from '../../output/mask.ts'
import type { Output } from '../../output/stream.ts'
import { createTable } from '../../output/table.ts'
import { visible } from '../../output/visible.ts'
import { imageAt, imagePlaceOf } from '../../place.ts'
import { Problem } from '../../problem.ts'
import { tell, tellLines } from '../../tell.ts'

/** The options of `imago show`. */
export interface ShowOptions extends LiveOptions {
  readonly output: 'table' | 'json' | 'ndjson' | 'yaml'
  readonly arch?: string
  readonly evidence?: boolean
  readonly showSecrets?: boolean
}

/** What an entry of a list or a map says, on a line of its own. */
const entriesOf = (value: unknown): readonly string[] | null => {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return value.map((one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one)))
  return Object.entries(value).map(([key, one]) => `${key}=${one === null ? '' : String(one)}`)
}

const linesOf = (image: Image, field: FieldName): readonly string[] => {
  const entries = entriesOf(fieldOf(image, field))
  if (entries !== null) return entries.length === 0 ? ['-'] : entries
  const shown = columnNamed(field === 'ref.id' ? 'id' : field).show(image)
  const value = fieldOf(image, field)
  return [typeof value === 'number' && shown !== `${value} B` ? `${shown} (${value} bytes)` : shown]
}

/** Field by field, and a line for each entry of what has several. */
const writeFields = (image: Image, evidence: EvidenceOf | null, output: Output, mask: (text: string) => string): void => {
  output.write(`${visible(placeOf(image.ref))}\n`)
  const table = createTable(output, [{ title: 'FIELD' }, ...(evidence === null ? [] : [{ title: 'EVIDENCE' }]), { title: 'VALUE' }])
  const row = (field: string, how: Evidence | '' | undefined, value: string): void => table.row([field, ...(evidence === null ? [] : [how ?? '']), mask(value)])
  for (const field of FIELD_NAMES) linesOf(image, field).forEach((line, index) => row(index === 0 ? field : '', index === 0 ? evidence?.[field] : '', line))
  table.end()
}

interface Printer {
  readonly image: (image: Image) => void
  readonly end: () => void
}

const createPrinter = async ({ output: format, evidence: wanted, showSecrets = false }: ShowOptions, output: Output): Promise<Printer> => {
  const evidence = (image: Image): EvidenceOf | null => (wanted === true ? evidenceOf(image) : null)
  if (format !== 'table') {
    const writer = await createImageWriter(format, output, { columns: null, showSecrets, rawCsv: false })
    return { image: (image) => writer.image(image, null, evidence(image)), end: writer.end }
  }
  let any = false
  return {
    image: (image) => {
      if (any) output.write('\n')
      any = true
      writeFields(image, evidence(image), output, showSecrets ? (text) => text : maskUrls)
    },
    end: () => undefined,
  }
}

/** `imago show PLACE…`: all that is known of images. One that is not found costs itself; the exit code is that of the first failure. */
export const show = async (texts: readonly string[], options: ShowOptions, live: LiveContext): Promise<ExitCode> => {
  const places = texts.map(imagePlaceOf)
  const printer = await createPrinter(options, live.output)
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
