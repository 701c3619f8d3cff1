// Loads Node's own modules when they are first used. Loading `node:https` takes as long as Node takes to start.
import { isBuiltin } from 'node:module'
import { parseAst } from 'rolldown/parseAst'

/** What Rolldown writes for an import of a module of Node: `let node_os = require("node:os");`, and `node_os = ….__toESM(node_os);` for its default export. */
const DECLARATION =
  /^let (?<name>node_\w+) = (?<load>require\("node:[\w/]+"\));\n(?<second>(?<same>node_\w+) = (?<interop>[\w.]+)\((?<argument>node_\w+)(?<rest>(?:, \d+)?)\);\n)?/gm

/** Calls `visit` with each node and its parent. */
const walk = (node, visit, parent = null) => {
  visit(node, parent)
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child?.type === 'string') walk(child, visit, node)
}

/** Whether an identifier names a variable, and not a property. */
const isReference = (node, parent) =>
  !(parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) &&
  !(parent?.type === 'Property' && parent.key === node && !parent.computed && !parent.shorthand) &&
  !(parent?.type === 'MethodDefinition' && parent.key === node && !parent.computed)

/** Whether a parameter, a pattern or an assignment gives the name another meaning. */
const isDeclaredBy = (parent, node) =>
  parent.params?.includes(node) ||
  parent.left === node ||
  parent.type === 'ArrayPattern' ||
  parent.type === 'RestElement'

/** Returns the code of a CommonJS chunk with each `node_os` replaced by a call that loads the module. */
export const loadBuiltinsLazily = (code) => {
  const names = new Set()
  const declared = code.replace(DECLARATION, (...args) => {
    const { name, load, second, same, interop, argument, rest } = args.at(-1)
    if (second !== undefined && (same !== name || argument !== name))
      throw new Error(`bundle: ${same} is assigned after the declaration of ${name}`)
    names.add(name)
    const loaded = second === undefined ? load : `${interop}(${load}${rest})`
    return `var ${name}$loaded, ${name} = () => ${name}$loaded ??= ${loaded};\n`
  })
  if (names.size === 0) return code
  const references = []
  walk(parseAst(declared), (node, parent) => {
    if (node.type !== 'Identifier' || !names.has(node.name) || !isReference(node, parent)) return
    if (parent.type === 'VariableDeclarator' && parent.id === node) return
    if (isDeclaredBy(parent, node)) throw new Error(`bundle: ${node.name} is declared twice`)
    references.push(node)
  })
  let from = 0
  let calling = ''
  for (const { start, end, name } of references.sort((a, b) => a.start - b.start)) {
    calling += `${declared.slice(from, start)}(${name}())`
    from = end
  }
  return calling + declared.slice(from)
}

/** A plugin of Rolldown for CommonJS output. */
export const lazyBuiltins = {
  name: 'lazy-builtins',
  // Rolldown names the imports of `node:tls` `node_tls`, and those of `tls`, as in dependencies, like other variables.
  resolveId: (id) => (isBuiltin(id) && !id.startsWith('node:') ? { id: `node:${id}`, external: true } : null),
  renderChunk: (code) => ({ code: loadBuiltinsLazily(code), map: null }),
}
