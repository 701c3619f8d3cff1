// Finds the regular expressions of a source file with a parser: literals, constants passed to RegExp, and `pattern` in JSON Schemas.
import { parseSync } from 'oxc-parser'

/** Returns the text of a constant; `null`: it is only known at run time. */
const constant = (node) => {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  return node?.type === 'TemplateLiteral' && node.expressions.length === 0 ? node.quasis[0].value.cooked : null
}

const readName = (node) => (node?.type === 'MemberExpression' ? node.property?.name : node?.name)

/** String methods that create a pattern from a text. */
const MAKERS = new Set(['match', 'matchAll', 'search'])

const readPattern = (node) => {
  switch (node.type) {
    case 'Literal':
      return node.regex ? { source: node.regex.pattern, flags: node.regex.flags } : null
    case 'NewExpression':
    case 'CallExpression': {
      const [first, second] = node.arguments
      const name = readName(node.callee)
      if (name === 'RegExp') return first?.regex ? null : { source: constant(first), flags: constant(second) ?? '' }
      const made = node.callee.type === 'MemberExpression' && MAKERS.has(name) ? constant(first) : null
      return made === null ? null : { source: made, flags: '' }
    }
    case 'Property': {
      const source = (node.key.name ?? node.key.value) === 'pattern' ? constant(node.value) : null
      return source === null ? null : { source, flags: 'u' }
    }
    default:
      return null
  }
}

/** `source`: `null` if the pattern is only known at run time. */
export const findPatterns = (file, text) => {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`)
  const found = []
  const visit = (node) => {
    if (Array.isArray(node)) node.forEach(visit)
    else if (node !== null && typeof node === 'object') {
      const pattern = typeof node.type === 'string' ? readPattern(node) : null
      if (pattern !== null)
        found.push({
          file,
          line: text.slice(0, node.start).split('\n').length,
          code: text.slice(node.start, node.end),
          ...pattern,
        })
      Object.values(node).forEach(visit)
    }
  }
  visit(program)
  return found
}
