/**
 * A node of a tree of key sequences. The records of a page have the same keys in nearly the same order, so that following a record's keys along the
 * tree finds the value of each key by comparing two internalized strings, where a map would hash the key. JavaScript engines use hidden classes in the same way.
 */
export interface KeyPath<T> {
  readonly key: string
  /** The value for `key` after the keys that led here. */
  readonly value: T
  /** The child that was followed last. */
  last: KeyPath<T> | null
  others: Map<string, KeyPath<T>> | null
}

/** A tree of key sequences. */
export interface KeyPaths<T> {
  readonly root: KeyPath<T>
  /** The node that `key` leads to. */
  readonly next: (node: KeyPath<T>, key: string) => KeyPath<T>
}

/** Hostile records can have new keys without end: above this size, the tree no longer grows. */
const MAX_NODES = 10_000

/** @param toValue computes the value for a key from the value for the key before it; called once for each node. */
export const createKeyPaths = <T>(rootValue: T, toValue: (key: string, before: T) => T): KeyPaths<T> => {
  let nodes = 0
  const root: KeyPath<T> = { key: '', value: rootValue, last: null, others: null }

  const find = (node: KeyPath<T>, key: string): KeyPath<T> => {
    const known = node.others?.get(key)
    if (known !== undefined) {
      node.last = known
      return known
    }
    const child: KeyPath<T> = { key, value: toValue(key, node.value), last: null, others: null }
    if (nodes < MAX_NODES) {
      nodes++
      node.others ??= new Map()
      node.others.set(key, child)
      node.last = child
    }
    return child
  }

  return { root, next: (node, key) => (node.last !== null && node.last.key === key ? node.last : find(node, key)) }
}
