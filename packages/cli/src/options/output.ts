import { choice, flag, negation, preset, text, type OptionsOf } from '../command-line/option.ts'

/** The formats of rows that are no images. */
export const ROW_FORMATS = ['table', 'json', 'csv', 'value'] as const

/** The formats of images. */
export const IMAGE_FORMATS = ['table', 'json', 'ndjson', 'yaml', 'csv', 'value'] as const
export type ImageFormat = (typeof IMAGE_FORMATS)[number]

/** `-o`. `value`: a line a row, its cells between tabs. */
export const format = <const F extends readonly string[]>(formats: F) =>
  choice('<format>', 'output format', formats, { short: 'o' })

const rows = {
  header: negation('leave out the headings'),
  sort: text('<columns>', 'sort by columns: name, or name:desc,created'),
  rawCsv: flag('leave CSV cells as they are, including those that a spreadsheet would run'),
  quiet: flag('print IDs only', { short: 'q' }),
}

/** How rows are printed: the options of every command that prints some. */
export const rowOptions = {
  output: preset(format(ROW_FORMATS), 'table'),
  columns: text('<names>', 'print these columns, by heading, separated by commas', { short: 'c' }),
  ...rows,
}

/** The same, of commands that print for documents too. */
export const documentedRowOptions = { ...rowOptions, output: preset(format([...ROW_FORMATS, 'markdown']), 'table') }

const ofImages = {
  columns: text('<names>', 'print these columns, by heading or field: id,name,os.distro,labels.KEY', { short: 'c' }),
  ...rows,
  showSecrets: flag('print URLs with the credentials in them'),
}

/** How images are printed: the options of every command that prints some. */
export const imageOptions = { output: preset(format(IMAGE_FORMATS), 'table'), ...ofImages }

/** The same, of `find`, which prints an ID unless it is told otherwise. */
export const foundImageOptions = { output: preset(format(['id', 'address', ...IMAGE_FORMATS]), 'id'), ...ofImages }

export type RowOptions = OptionsOf<typeof rowOptions>
export type ImageOptions = OptionsOf<typeof imageOptions>
