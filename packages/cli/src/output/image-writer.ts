import type { Evidence, FieldName, Image } from '@imago/core'
import { createCellWriter, type CellFormat } from './cells.ts'
import { imageColumns, addressColumn, type ImageColumn } from './columns.ts'
import { imageJson, type FieldEvidence, type ImageAdditions } from './image-json.ts'
import { maskUrls } from './mask.ts'
import { columnsFor } from './rows.ts'
import type { Output } from './stream.ts'
import { visibleJson } from './visible.ts'
import type { ImageFormat } from '../options/output.ts'

export interface ImageWriterOptions {
  readonly columns: readonly ImageColumn[] | null
  /** Print URLs with their credentials. */
  readonly showSecrets: boolean
  /** Do not escape CSV cells that a spreadsheet would run as formulas. */
  readonly rawCsv: boolean
  /** `false`: omit the header row of a table or CSV. */
  readonly header?: boolean | undefined
  /** Print only images and what separates them, for the `part` of another writer. Default: no. */
  readonly isPart?: boolean | undefined
}

/** Prints images as they arrive. The output depends only on the images. */
export interface ImageWriter {
  /** `text`: the original JSON of the record; `null`: unknown. Cells show only the evidence of the additions. */
  readonly image: (image: Image, text: string | null, additions: ImageAdditions | null) => void
  /** Writes images that another writer of this format printed as a part. Absent if images cannot be printed apart from each other. */
  readonly part?: (images: Uint8Array) => Promise<void>
  /** Writes the images held so far. */
  readonly settle: () => void
  readonly end: () => void
}

const MARKS: ReadonlyMap<Evidence | undefined, string> = new Map([
  ['inferred', '~'],
  ['assumed', '?'],
])

/** The mark of a cell, by the evidence of its field. */
const findMark = (column: ImageColumn, evidence: FieldEvidence): string => {
  const field = column.name === 'os' ? 'os.distro' : column.name === 'label' ? 'name' : column.name
  return MARKS.get(evidence[field as FieldName]) ?? ''
}

const jsonLine = (
  output: Output,
  options: ImageWriterOptions,
): ((image: Image, text: string | null, additions: ImageAdditions | null) => string) => {
  const mask = options.showSecrets ? (text: string): string => text : maskUrls
  return (image, text, additions) => {
    const line = mask(imageJson(image, text, additions))
    return output.isTerminal ? visibleJson(line) : line
  }
}

const jsonWriter = (output: Output, options: ImageWriterOptions): ImageWriter => {
  const line = jsonLine(output, options)
  const isPart = options.isPart === true
  let separator = isPart ? '' : '\n'
  if (!isPart) output.write('{"$schema":"urn:imago:schema:images:1","images":[')
  const separate = (): void => {
    output.write(separator)
    separator = ',\n'
  }
  return {
    image: (image, text, additions) => {
      separate()
      output.write(line(image, text, additions))
    },
    part: (images) => {
      separate()
      return output.writeBytes(images)
    },
    settle: () => undefined,
    end: () => output.write('\n]}\n'),
  }
}

const ndjsonWriter = (output: Output, options: ImageWriterOptions): ImageWriter => {
  const line = jsonLine(output, options)
  return {
    image: (image, text, additions) =>
      output.write(`{"$schema":"urn:imago:schema:image:1",${line(image, text, additions).slice(1)}\n`),
    part: output.writeBytes,
    settle: () => undefined,
    end: () => undefined,
  }
}

const yamlWriter = async (output: Output, options: ImageWriterOptions): Promise<ImageWriter> => {
  const { imageYaml } = await import('./image-yaml.ts')
  let any = options.isPart === true
  if (!any) output.write('$schema: urn:imago:schema:images:1\n')
  const begin = (): void => {
    if (!any) output.write('images:\n')
    any = true
  }
  return {
    image: (image, _text, additions) => {
      begin()
      const text = imageYaml(image, additions)
      output.write(options.showSecrets ? text : maskUrls(text))
    },
    part: (images) => {
      begin()
      return output.writeBytes(images)
    },
    settle: () => undefined,
    end: () => output.write(any ? '' : 'images: []\n'),
  }
}

/** A writer of cells. Tables mark cells with weak evidence. */
const cellImageWriter = async (
  format: CellFormat | 'address',
  output: Output,
  { columns, showSecrets, rawCsv, header, isPart }: ImageWriterOptions,
): Promise<ImageWriter> => {
  const mask = showSecrets ? (text: string): string => text : maskUrls
  const writer = await createCellWriter(
    format === 'address' ? 'value' : format,
    format === 'address' ? [addressColumn] : columnsFor(imageColumns, { format, columns }),
    output,
    { header: isPart === true ? false : header, rawCsv, mask },
  )
  return {
    image: (image, _text, additions) => {
      const evidence = additions?.evidence
      writer.row(image, evidence === undefined ? undefined : (column) => findMark(column, evidence))
    },
    // The columns of a table depend on all images.
    ...(format === 'table' ? {} : { part: output.writeBytes }),
    settle: writer.settle,
    end: writer.end,
  }
}

/** Creates a writer of images. */
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
