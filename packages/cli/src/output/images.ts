import type { Image } from '@imago/core'
import { EXIT } from '../exit-code.ts'
import type { ImageOptions } from '../options/output.ts'
import { Problem } from '../problem.ts'
import type { ColumnSet } from './column.ts'
import { imageColumns, type ImageColumn } from './columns.ts'
import type { ImageAdditions } from './image-json.ts'
import { createImageWriter, type ImageWriter } from './image-writer.ts'
import { requestRows, type PrintOptions, type RowRequest } from './rows.ts'
import type { Output } from './stream.ts'

/** The requested output of images. */
export interface ImageRequest extends RowRequest<Image> {
  readonly format: ImageOptions['output'] | 'id' | 'address'
  readonly showSecrets: boolean
}

/** The output options of a command that prints images. */
export interface PrintImageOptions extends PrintOptions {
  readonly output: ImageOptions['output'] | 'id' | 'address'
  readonly evidence?: boolean | undefined
  readonly showSecrets?: boolean | undefined
}

/** Parses the output options. A combination that cannot be printed is a usage error. `set`: the columns of the command. */
export const requestImages = (options: PrintImageOptions, set: ColumnSet<Image> = imageColumns): ImageRequest => {
  const request = requestRows(set, options)
  const { format } = request
  if (options.evidence === true && ['csv', 'value', 'id', 'address'].includes(format))
    throw new Problem(
      `--evidence applies only to -o table, json, ndjson and yaml, not to ${options.quiet === true ? '-q' : format}`,
      EXIT.usage,
    )
  return { ...request, format: format as ImageRequest['format'], showSecrets: options.showSecrets === true }
}

/** Holds all images until the end, to print them sorted. */
const sortedWriter = (writer: ImageWriter, order: (a: Image, b: Image) => number): ImageWriter => {
  const held: { readonly image: Image; readonly text: string | null; readonly additions: ImageAdditions | null }[] = []
  return {
    image: (image, text, additions) => void held.push({ image, text, additions }),
    settle: () => undefined,
    end: () => {
      held.sort((a, b) => order(a.image, b.image))
      for (const { image, text, additions } of held) writer.image(image, text, additions)
      writer.end()
    },
  }
}

/** Creates a writer of images for the requested output. `preset`: the default columns of a table or of `-o value`. `isPart`: see `ImageWriter.part`. */
export const createImages = async (
  request: ImageRequest,
  output: Output,
  preset: readonly ImageColumn[] | null = null,
  isPart = false,
): Promise<ImageWriter> => {
  const { format, order, header, rawCsv, showSecrets } = request
  const columns = request.columns ?? (format === 'table' || format === 'value' ? preset : null)
  const writer = await createImageWriter(format, output, { columns, showSecrets, rawCsv, header, isPart })
  return order === null ? writer : sortedWriter(writer, order)
}
