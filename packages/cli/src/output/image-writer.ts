import type { Evidence, FieldName, Image } from '@imago/core'
import { csvColumns, tableColumns, type ImageColumn } from './columns.ts'
import { imageJson, type EvidenceOf } from './image-json.ts'
import { maskUrls } from './mask.ts'
import type { Output } from './stream.ts'
import { visible, visibleJson } from './visible.ts'

/** The formats that images are printed in. */
export const IMAGE_FORMATS = ['table', 'json', 'ndjson', 'yaml', 'csv', 'value'] as const
export type ImageFormat = (typeof IMAGE_FORMATS)[number]

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
  readonly image: (image: Image, text: string | null, evidence: EvidenceOf | null) => void
  /** Writes what was held back: more images may be long in coming. */
  readonly settle: () => void
  readonly end: () => void
}

const MARKS: ReadonlyMap<Evidence | undefined, string> = new Map([
  ['inferred', '~'],
  ['assumed', '?'],
])

/** The fields whose evidence marks a cell of the table. */
const markOf = (column: ImageColumn, evidence: EvidenceOf | null): string => {
  if (evidence === null) return ''
  const field = column.name === 'os' ? 'os.distro' : column.name === 'label' ? 'name' : column.name
  return MARKS.get(evidence[field as FieldName]) ?? ''
}

const tableWriter = async (output: Output, options: ImageWriterOptions): Promise<ImageWriter> => {
  const { createTable } = await import('./table.ts')
  const columns = options.columns ?? tableColumns
  const mask = options.showSecrets ? (text: string): string => text : maskUrls
  const table = createTable(output, columns, { header: options.header })
  return { image: (image, _text, evidence) => table.row(columns.map((column) => mask(column.show(image)) + (column.plain(image) === '' ? '' : markOf(column, evidence)))), settle: table.settle, end: table.end }
}

const jsonLine = (output: Output, options: ImageWriterOptions): ((image: Image, text: string | null, evidence: EvidenceOf | null) => string) => {
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
  return { image: (image, text, evidence) => output.write(`{"$schema":"urn:imago:schema:image:1",${line(image, text, evidence).slice(1)}\n`), settle: () => undefined, end: () => undefined }
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

/** What a spreadsheet would run, after any space it may skip, is text with an apostrophe in front. */
const FORMULA = /^(?:[\t\n\r]|\s*[=+\-@＝＋－＠])/
const inert = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell)

const csvWriter = async (output: Output, options: ImageWriterOptions): Promise<ImageWriter> => {
  const { stringify } = await import('csv-stringify/sync')
  const columns = options.columns ?? csvColumns
  const mask = options.showSecrets ? (text: string): string => text : maskUrls
  const row = (cells: readonly string[]): void => {
    const text = stringify([options.rawCsv ? [...cells] : cells.map(inert)])
    output.write(output.isTerminal ? `${visible(text.replace(/\n$/, ''))}\n` : text)
  }
  if (options.header !== false) row(columns.map((column) => column.name))
  return { image: (image) => row(columns.map((column) => mask(column.plain(image)))), settle: () => undefined, end: () => undefined }
}

/** A line an image, its values between tabs: for scripts. A tab or line break in a value is a blank, so that lines stay lines. */
const valueWriter = (output: Output, options: ImageWriterOptions): ImageWriter => {
  const columns = options.columns ?? tableColumns
  const mask = options.showSecrets ? (text: string): string => text : maskUrls
  return {
    image: (image) => {
      const values = columns.map((column) => mask(column.plain(image)).replaceAll(/[\t\r\n]/g, ' '))
      output.write(`${output.isTerminal ? values.map(visible).join('  ') : values.join('\t')}\n`)
    },
    settle: () => undefined,
    end: () => undefined,
  }
}

/** A writer of `format` onto `output`. */
export const createImageWriter = (format: ImageFormat, output: Output, options: ImageWriterOptions): ImageWriter | Promise<ImageWriter> => {
  switch (format) {
    case 'table':
      return tableWriter(output, options)
    case 'json':
      return jsonWriter(output, options)
    case 'ndjson':
      return ndjsonWriter(output, options)
    case 'yaml':
      return yamlWriter(output, options)
    case 'value':
      return valueWriter(output, options)
    case 'csv':
      return csvWriter(output, options)
  }
}
