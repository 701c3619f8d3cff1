// Graphs of imports between files, and between their folders.

/** Returns the folder of a file in `source`; null for a file directly in `source`, which may be above one folder and below another. */
export const findFolder = (file, source) => /^([^/]+)\//.exec(file.slice(source.length + 1))?.[1] ?? null

/** Returns the imports between folders, each with an example of its files. */
export const folderGraph = (graph, source) => {
  const folders = new Map()
  for (const [file, imports] of graph) {
    const from = findFolder(file, source)
    if (from === null) continue
    const targets = folders.get(from) ?? new Map()
    for (const path of imports) {
      const to = findFolder(path, source)
      if (to !== null && to !== from && !targets.has(to)) targets.set(to, `${file} → ${path}`)
    }
    folders.set(from, targets)
  }
  return folders
}

/** Returns the groups of more than one node that reach each other (Tarjan's strongly connected components). */
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
