import { formatError } from './format-error.ts'
import type { ImageError } from './image-error.ts'

const MARKER = Symbol.for('imago.ImageException')

/**
 * An `ImageError` as something that can be thrown: by `toClient`, whose callers asked for exceptions, and by the bytes of a `ByteSource`,
 * as an async iterable has no other way to fail. Everywhere else errors are values.
 */
export class ImageException extends Error {
  override readonly name = 'ImageException'
  readonly error: ImageError
  readonly [MARKER] = true

  constructor(error: ImageError) {
    super(formatError(error))
    this.error = error
  }

  /** Whether `u` is one, also of another copy of this package: `instanceof` would say no to that. */
  static is(u: unknown): u is ImageException {
    return u instanceof Error && (u as { readonly [MARKER]?: unknown })[MARKER] === true
  }
}
