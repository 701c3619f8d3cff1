import { OUTPUT_HEADING } from '../command-line/headings.ts'
import { choice, flag, grouped, negation, preset, text, type OptionsOf } from '../command-line/option.ts'

/** The output formats of commands that do not print images. */
export const ROW_FORMATS = ['table', 'json', 'csv', 'value'] as const

/** The output formats of commands that print images. */
export const IMAGE_FORMATS = ['table', 'json', 'ndjson', 'yaml', 'csv', 'value'] as const
export type ImageFormat = (typeof IMAGE_FORMATS)[number]

/** `-o`. `value` prints a line for each row, with tabs between the cells. */
export const format = <const F extends readonly string[]>(formats: F) => ({
  ...choice('<format>', 'print in this format', formats, { short: 'o' }),
  group: OUTPUT_HEADING,
})

const rows = grouped(OUTPUT_HEADING, {
  header: negation('omit the header row'),
  sort: text('<columns>', 'sort by these columns: name,created:desc'),
  rawCsv: flag('do not escape CSV cells that a spreadsheet would run as formulas'),
  quiet: flag('print only IDs', { short: 'q' }),
})

/** The output options of every command that prints rows. */
export const rowOptions = {
  output: preset(format(ROW_FORMATS), 'table'),
  ...grouped(OUTPUT_HEADING, {
    columns: text('<names>', 'print these columns, separated by commas', { short: 'c' }),
  }),
  ...rows,
}

/** The same, with Markdown, which the generated documents use. */
export const documentedRowOptions = { ...rowOptions, output: preset(format([...ROW_FORMATS, 'markdown']), 'table') }

const ofImages = grouped(OUTPUT_HEADING, {
  columns: text('<names>', 'print these columns, separated by commas: id,name,os.distro,labels.KEY', { short: 'c' }),
  ...rows,
  showSecrets: flag('include the credentials in URLs'),
})

/** The output options of every command that prints images. */
export const imageOptions = { output: preset(format(IMAGE_FORMATS), 'table'), ...ofImages }

/** The same for `find`, which prints IDs by default. */
export const foundImageOptions = { output: preset(format(['id', 'address', ...IMAGE_FORMATS]), 'id'), ...ofImages }

export type RowOptions = OptionsOf<typeof rowOptions>
export type ImageOptions = OptionsOf<typeof imageOptions>
