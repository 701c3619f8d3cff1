// Rewrites a pattern as several patterns that are together at least as slow, without constructs that automata cannot express (lookaround) or that
// make them large (counted repetitions). If each takes linear time, so does the pattern.
import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp'

/** Further copies do not change the complexity. */
const MAX_COPIES = 8

/** Thrown for a pattern that cannot be analyzed, with the reason. */
export class Unprovable extends Error {}

const isLookaround = (node) => node.type === 'Assertion' && (node.kind === 'lookahead' || node.kind === 'lookbehind')

const hasUnbounded = (node) => {
  let found = false
  visitRegExpAST(node, { onQuantifierEnter: ({ max }) => void (found ||= max === Number.POSITIVE_INFINITY) })
  return found
}

const isRepeated = (node) => {
  for (let up = node.parent; up; up = up.parent) if (up.type === 'Quantifier' && up.max > 1) return true
  return false
}

/** Replaces `{3,200}` by `+`: a long text behaves the same without the bound. */
const relaxed = ({ element, min, max, greedy }, write) => {
  const inner = write(element)
  const lazy = greedy ? '' : '?'
  if (max === Number.POSITIVE_INFINITY || max > MAX_COPIES) return `${inner}${min === 0 ? '*' : '+'}${lazy}`
  return `${inner}{${min},${max}}${lazy}`
}

/** Formats the pattern with each lookaround replaced by the result of `lookaround`. */
const written = (root, lookaround) => {
  const write = (node) => {
    switch (node.type) {
      case 'Pattern':
        return node.alternatives.map(write).join('|')
      case 'Alternative':
        return node.elements.map(write).join('')
      case 'Group':
      case 'CapturingGroup':
        return `(?:${node.alternatives.map(write).join('|')})`
      case 'Quantifier':
        return relaxed(node, write)
      case 'Assertion':
        return isLookaround(node) ? lookaround(node, write) : node.raw
      case 'Backreference':
        throw new Unprovable('a backreference is not regular: match the two ends with two patterns')
      default:
        return node.raw
    }
  }
  return write(root)
}

/**
 * @returns {string[]} sources, to be checked with the same flags
 * @throws {Unprovable}
 */
export const plainPatterns = (source, flags) => {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  })
  const lookarounds = []
  visitRegExpAST(pattern, { onAssertionEnter: (node) => void (isLookaround(node) && lookarounds.push(node)) })
  for (const node of lookarounds) {
    if (node.kind === 'lookbehind' && hasUnbounded(node))
      throw new Unprovable('a lookbehind of unbounded width is tried at each place')
    if (isRepeated(node)) throw new Unprovable('a lookaround within a repetition cannot be proved linear')
  }
  const without = written(pattern, () => '')
  // A failing lookahead has tried all alternatives: it is followed by something that never matches.
  const aheads = lookarounds
    .filter(({ kind }) => kind === 'lookahead')
    .map((one) =>
      written(pattern, (node, write) => (node === one ? `(?:${node.alternatives.map(write).join('|')})[]` : '')),
    )
  return [without, ...aheads]
}
