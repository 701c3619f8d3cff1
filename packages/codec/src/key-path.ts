/**
 * A node of a tree of key sequences: the records of a page have the same keys in nearly the same order, so walking a record's keys along the
 * tree finds what is known of each key by one comparison of internalized strings, where a table would hash it. (It is what engines do with
 * hidden classes, for what a program knows of keys.)
 */
export interface KeyPath<T> {
  readonly key: string
  /** What is known of `key` at this place. */
  readonly value: T
  /** The child that was taken last. */
  last: KeyPath<T> | null
  others: Map<string, KeyPath<T>> | null
}

/** Walks key sequences. */
export interface KeyPaths<T> {
  readonly root: KeyPath<T>
  /** The node that `key` leads to. */
  readonly next: (node: KeyPath<T>, key: string) => KeyPath<T>
}

/** Hostile records could have ever new keys: a tree this large is full, and then every key is looked up. */
const MOST_NODES = 10_000

/** A tree of key sequences. `valueOf` says what is known of a key after the keys that led there; it is asked once per node. */
export const keyPaths = <T>(rootValue: T, valueOf: (key: string, before: T) => T): KeyPaths<T> => {
  let nodes = 0
  const root: KeyPath<T> = { key: '', value: rootValue, last: null, others: null }

  const find = (node: KeyPath<T>, key: string): KeyPath<T> => {
    const known = node.others?.get(key)
    if (known !== undefined) {
      node.last = known
      return known
    }
    const made: KeyPath<T> = { key, value: valueOf(key, node.value), last: null, others: null }
    if (nodes < MOST_NODES) {
      nodes++
      node.others ??= new Map()
      node.others.set(key, made)
      node.last = made
    }
    return made
  }

  return { root, next: (node, key) => (node.last !== null && node.last.key === key ? node.last : find(node, key)) }
}
