// Graphs of imports: of files, and of the folders that they are in.

/** The folder of `source` that a file is in; null for a file of `source` itself, which may stand above one folder and below another. */
export const folderOf = (file, source) => /^([^/]+)\//.exec(file.slice(source.length + 1))?.[1] ?? null

/** The imports among folders, each with an example of its files. */
export const folderGraph = (graph, source) => {
  const folders = new Map()
  for (const [file, imports] of graph) {
    const from = folderOf(file, source)
    if (from === null) continue
    const targets = folders.get(from) ?? new Map()
    for (const path of imports) {
      const to = folderOf(path, source)
      if (to !== null && to !== from && !targets.has(to)) targets.set(to, `${file} → ${path}`)
    }
    folders.set(from, targets)
  }
  return folders
}

/** The groups of nodes that reach each other (Tarjan's strongly connected components), of more than one node. */
export const findCycles = (graph) => {
  const state = new Map()
  const stack = []
  const groups = []
  const visit = (node) => {
    const own = { index: state.size, low: state.size, isOpen: true }
    state.set(node, own)
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      const known = state.get(next)
      if (known === undefined) own.low = Math.min(own.low, visit(next).low)
      else if (known.isOpen) own.low = Math.min(own.low, known.index)
    }
    if (own.low === own.index) {
      const group = stack.splice(stack.indexOf(node))
      for (const one of group) state.get(one).isOpen = false
      if (group.length > 1 || (graph.get(node) ?? []).includes(node))
        groups.push(group.toSorted((a, b) => (a < b ? -1 : 1)))
    }
    return own
  }
  for (const node of graph.keys()) if (!state.has(node)) visit(node)
  return groups
}
