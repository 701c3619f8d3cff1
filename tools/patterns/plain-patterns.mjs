// A pattern as others that together are at least as slow, without what automata cannot express (looking around) and what makes them large
// (counted repetitions). If each of these takes linear time, so does the pattern.
import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp'

/** More copies than this are as good as any number of them. */
const MOST_COPIES = 8

/** Why a pattern is not even looked at: thrown as it is shown. */
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

/** `{3,200}` as `+`: what a long text may do within the bound is done without one too. */
const relaxed = ({ element, min, max, greedy }, write) => {
  const inner = write(element)
  const lazy = greedy ? '' : '?'
  if (max === Number.POSITIVE_INFINITY || max > MOST_COPIES) return `${inner}${min === 0 ? '*' : '+'}${lazy}`
  return `${inner}{${min},${max}}${lazy}`
}

/** The pattern with each lookaround replaced by what `lookaround` gives. */
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
  // A lookahead that fails has tried all its ways: it is followed by what never matches.
  const aheads = lookarounds
    .filter(({ kind }) => kind === 'lookahead')
    .map((one) =>
      written(pattern, (node, write) => (node === one ? `(?:${node.alternatives.map(write).join('|')})[]` : '')),
    )
  return [without, ...aheads]
}
