import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml'

/** Splits a JSON Pointer (RFC 6901) into its steps. */
const toSteps = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** Follows one step of a pointer. Returns the node, and the offset at which it starts. */
const follow = (node: unknown, step: string): { readonly node: unknown; readonly offset: number | null } => {
  const start = (one: unknown): number | null => (isNode(one) ? (one.range?.[0] ?? null) : null)
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isNode(key) && String(key) === step)
    return { node: pair?.value ?? null, offset: start(pair?.key) }
  }
  const item = isSeq(node) ? node.items[Number(step)] : null
  return { node: item, offset: start(item) }
}

/** Finds the line of a value in a YAML text by its pointer; for a missing value, the line of its parent. 1-based; `null`: unknown. */
export const createLineFinder = (text: string): ((pointer: string) => number | null) => {
  const counter = new LineCounter()
  const { contents } = parseDocument(text, {
    lineCounter: counter,
    logLevel: 'silent',
    schema: 'failsafe',
    uniqueKeys: false,
  })
  return (pointer) => {
    let found: number | null = null
    let node: unknown = contents
    for (const step of toSteps(pointer)) {
      const next = follow(node, step)
      if (next.offset === null) break
      found = next.offset
      node = next.node
    }
    return found === null ? null : counter.linePos(found).line
  }
}
