import { formatError } from './format-error.ts'
import type { ImageError } from './image-error.ts'

const MARKER = Symbol.for('imago.ImageException')

/**
 * An `ImageError` as an exception. Thrown only by clients from `toClient`, and by the iteration of a `ByteSource`, since an async iterable cannot return an
 * error. Everywhere else errors are values.
 */
export class ImageException extends Error {
  override readonly name = 'ImageException'
  readonly error: ImageError
  readonly [MARKER] = true

  constructor(error: ImageError) {
    super(formatError(error))
    this.error = error
  }

  /** Whether `u` is an `ImageException`, including one from another copy of this package, which `instanceof` would not recognize. */
  static is(u: unknown): u is ImageException {
    return u instanceof Error && (u as { readonly [MARKER]?: unknown })[MARKER] === true
  }
}
