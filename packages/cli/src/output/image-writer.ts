import type { Evidence, FieldName, Image } from '@imago/core'
import { createCellWriter, type CellFormat } from './cells.ts'
import { imageColumns, addressColumn, type ImageColumn } from './columns.ts'
import { imageJson, type FieldEvidence } from './image-json.ts'
import { maskUrls } from './mask.ts'
import { columnsFor } from './rows.ts'
import type { Output } from './stream.ts'
import { visibleJson } from './visible.ts'
import type { ImageFormat } from '../options/output.ts'

export interface ImageWriterOptions {
  readonly columns: readonly ImageColumn[] | null
  /** Print URLs as they are, credentials included. */
  readonly showSecrets: boolean
  /** Leave CSV cells as they are, also those that a spreadsheet would run. */
  readonly rawCsv: boolean
  /** `false`: a table or CSV without its first line. */
  readonly header?: boolean | undefined
}

/** Prints images as they come. The same images give the same bytes. */
export interface ImageWriter {
  /** `text`: the record's JSON as it came; `evidence`: null where nobody asked for it. */
  readonly image: (image: Image, text: string | null, evidence: FieldEvidence | null) => void
  /** Writes what was held back: more images may be long in coming. */
  readonly settle: () => void
  readonly end: () => void
}

const MARKS: ReadonlyMap<Evidence | undefined, string> = new Map([
  ['inferred', '~'],
  ['assumed', '?'],
])

/** The fields whose evidence marks a cell of the table. */
const findMark = (column: ImageColumn, evidence: FieldEvidence | null): string => {
  if (evidence === null) return ''
  const field = column.name === 'os' ? 'os.distro' : column.name === 'label' ? 'name' : column.name
  return MARKS.get(evidence[field as FieldName]) ?? ''
}

const jsonLine = (
  output: Output,
  options: ImageWriterOptions,
): ((image: Image, text: string | null, evidence: FieldEvidence | null) => string) => {
  const mask = options.showSecrets ? (text: string): string => text : maskUrls
  return (image, text, evidence) => {
    const line = mask(imageJson(image, text, evidence))
    return output.isTerminal ? visibleJson(line) : line
  }
}

const jsonWriter = (output: Output, options: ImageWriterOptions): ImageWriter => {
  const line = jsonLine(output, options)
  let separator = '\n'
  output.write('{"$schema":"urn:imago:schema:images:1","images":[')
  return {
    image: (image, text, evidence) => {
      output.write(separator + line(image, text, evidence))
      separator = ',\n'
    },
    settle: () => undefined,
    end: () => output.write('\n]}\n'),
  }
}

const ndjsonWriter = (output: Output, options: ImageWriterOptions): ImageWriter => {
  const line = jsonLine(output, options)
  return {
    image: (image, text, evidence) =>
      output.write(`{"$schema":"urn:imago:schema:image:1",${line(image, text, evidence).slice(1)}\n`),
    settle: () => undefined,
    end: () => undefined,
  }
}

const yamlWriter = async (output: Output, options: ImageWriterOptions): Promise<ImageWriter> => {
  const { imageYaml } = await import('./image-yaml.ts')
  let any = false
  output.write('$schema: urn:imago:schema:images:1\n')
  return {
    image: (image, _text, evidence) => {
      if (!any) output.write('images:\n')
      any = true
      const text = imageYaml(image, evidence)
      output.write(options.showSecrets ? text : maskUrls(text))
    },
    settle: () => undefined,
    end: () => output.write(any ? '' : 'images: []\n'),
  }
}

/** Formats that print cells of columns. A table marks those whose evidence is weak. */
const cellImageWriter = async (
  format: CellFormat | 'address',
  output: Output,
  { columns, showSecrets, rawCsv, header }: ImageWriterOptions,
): Promise<ImageWriter> => {
  const mask = showSecrets ? (text: string): string => text : maskUrls
  const writer = await createCellWriter(
    format === 'address' ? 'value' : format,
    format === 'address' ? [addressColumn] : columnsFor(imageColumns, { format, columns }),
    output,
    { header, rawCsv, mask },
  )
  return {
    image: (image, _text, evidence) =>
      writer.row(image, evidence === null ? undefined : (column) => findMark(column, evidence)),
    settle: writer.settle,
    end: writer.end,
  }
}

/** A writer of `format` onto `output`. */
export const createImageWriter = (
  format: ImageFormat | 'id' | 'address',
  output: Output,
  options: ImageWriterOptions,
): ImageWriter | Promise<ImageWriter> => {
  switch (format) {
    case 'json':
      return jsonWriter(output, options)
    case 'ndjson':
      return ndjsonWriter(output, options)
    case 'yaml':
      return yamlWriter(output, options)
    default:
      return cellImageWriter(format, output, options)
  }
}
