import { aborted, rejected, type ImageResult } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { checkImage } from '../convert/check.ts'
import { convert, inspectStream } from '../convert/convert.ts'
import { CONVERTIBLE_FORMATS, type ConvertibleFormat } from '../convert/drivers.ts'
import { findQemuImg } from '../convert/qemu-img.ts'
import type { ConversionRequest, DiskCheckRequest, DiskChecked } from './tools.ts'

const isConvertible = (format: string): format is ConvertibleFormat =>
  (CONVERTIBLE_FORMATS as readonly string[]).includes(format)

/** Converts with the qemu-img on `searchPath`, after inspecting the file again. */
export const convertOnPath =
  (searchPath: string) =>
  ({ from, to, site, signal }: ConversionRequest): ImageResult<void> =>
  async () => {
    if (!isConvertible(from.format) || !isConvertible(to.format))
      return E.left(rejected(site, { what: `qemu-img cannot convert ${from.format} to ${to.format}` }))
    const program = await findQemuImg(searchPath, site)()
    if (E.isLeft(program)) return program
    const inspection = await inspectStream(from.path, signal)
    if (inspection === null) return E.left(aborted(site))
    const converted = await convert(
      program.right,
      { from: from.path, inspection, format: from.format, to: to.format, into: to.path, signal },
      site,
    )()
    return E.isLeft(converted) ? converted : E.right(undefined)
  }

/** Checks with the qemu-img on `searchPath`; without one, the check is skipped. */
export const checkOnPath =
  (searchPath: string) =>
  ({ path, format, site, signal }: DiskCheckRequest): ImageResult<DiskChecked> =>
  async () => {
    if (!isConvertible(format) || format === 'raw') return E.right({ failure: null, unchecked: null })
    const program = await findQemuImg(searchPath, site)()
    return E.isLeft(program)
      ? E.right({ failure: null, unchecked: null })
      : checkImage(program.right, { path, format, signal }, site)()
  }
