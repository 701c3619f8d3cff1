import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml'

/** The steps of an RFC 6901 pointer. */
const toSteps = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** What a step leads to, and where that begins. */
const follow = (node: unknown, step: string): { readonly node: unknown; readonly offset: number | null } => {
  const start = (one: unknown): number | null => (isNode(one) ? (one.range?.[0] ?? null) : null)
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isNode(key) && String(key) === step)
    return { node: pair?.value ?? null, offset: start(pair?.key) }
  }
  const item = isSeq(node) ? node.items[Number(step)] : null
  return { node: item, offset: start(item) }
}

/** Finds the line of what a pointer points to in a YAML text; of what is missing, that of what it is missing from. 1-based; `null`: unknown. */
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
