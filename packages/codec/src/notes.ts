import { toPointer, type Pointer } from './pointer.ts'

/** What a value is, in a word, for messages: never the value itself, which may be a secret. */
export const describe = (u: unknown): string => {
  if (u === null) return 'null'
  if (Array.isArray(u)) return 'array'
  return typeof u
}

/** Something a record said that its codec did not expect. The record survives it. */
export type Note =
  /** A string outside the documented words of an open enum. */
  | { readonly kind: 'unknown-word'; readonly pointer: Pointer; readonly word: string }
  /** A key that the codec does not know; `got` is the type of its value. */
  | { readonly kind: 'unknown-key'; readonly pointer: Pointer; readonly got: string }
  /** An optional field of an unexpected type: read as if it were absent. */
  | { readonly kind: 'wrong-type'; readonly pointer: Pointer; readonly expected: string; readonly got: string }

/**
 * Collects the notes of one walk. Keeps the path to where the walk stands, so that pointers are built only when there is something to note.
 * Guards call it on their hot path; a note costs an allocation, a clean record costs none.
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

  /** Where the walk stands. */
  pointer(): Pointer {
    return toPointer(this.#path)
  }

  unknownWord(word: string): void {
    this.list.push({ kind: 'unknown-word', pointer: this.pointer(), word })
  }

  unknownKey(key: string, value: unknown): void {
    this.list.push({ kind: 'unknown-key', pointer: toPointer([...this.#path, key]), got: describe(value) })
  }

  wrongType(expected: string, value: unknown): void {
    this.list.push({ kind: 'wrong-type', pointer: this.pointer(), expected, got: describe(value) })
  }

  /** How deep the walk stands: with `list.length`, a point to come back to with `forget`. */
  get depth(): number {
    return this.#path.length
  }

  /** Drops what was noted since there were `count` notes, and returns to `depth`: a branch that did not hold has nothing to say. */
  forget(count: number, depth: number): void {
    this.list.length = count
    this.#path.length = depth
  }
}
