import { toPointer, type Pointer } from './pointer.ts'

/** The type of a value, for messages, which never hold the value itself: it may be a secret. */
export const describeType = (u: unknown): string => {
  if (u === null) return 'null'
  if (Array.isArray(u)) return 'array'
  return typeof u
}

/** Something in a record that its codec did not expect. It does not make decoding fail. */
export type Note =
  /** A string that is not among the documented words of an open enum. */
  | { readonly kind: 'unknown-word'; readonly pointer: Pointer; readonly word: string }
  /** A key that the codec does not know; `got` is the type of its value. */
  | { readonly kind: 'unknown-key'; readonly pointer: Pointer; readonly got: string }
  /** An optional field of an unexpected type, which was dropped. */
  | { readonly kind: 'wrong-type'; readonly pointer: Pointer; readonly expected: string; readonly got: string }

/**
 * Collects the notes of one pass over a record. It tracks the path to the current value, so that a pointer is built only when there is something to note:
 * a record without notes costs no allocation.
 */
export class Notes {
  readonly list: Note[] = []
  readonly #path: (string | number)[] = []

  enter(key: string | number): void {
    this.#path.push(key)
  }

  leave(): void {
    this.#path.pop()
  }

  /** Of the current value. */
  pointer(): Pointer {
    return toPointer(this.#path)
  }

  unknownWord(word: string): void {
    this.list.push({ kind: 'unknown-word', pointer: this.pointer(), word })
  }

  unknownKey(key: string, value: unknown): void {
    this.list.push({ kind: 'unknown-key', pointer: toPointer([...this.#path, key]), got: describeType(value) })
  }

  wrongType(expected: string, value: unknown): void {
    this.list.push({ kind: 'wrong-type', pointer: this.pointer(), expected, got: describeType(value) })
  }

  /** The depth of the current value. With `list.length` it is the argument of `rewind`. */
  get depth(): number {
    return this.#path.length
  }

  /** Discards the notes after the first `count` and returns to `depth`, as after a branch of a union that does not fit. */
  rewind(count: number, depth: number): void {
    this.list.length = count
    this.#path.length = depth
  }
}
