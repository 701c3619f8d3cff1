import type { EntryConditions, TagCondition } from '@imago/core'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'

/** Parses `key`, `!key`, `key=value` or `key!=value`. The value may contain any character. */
export const propertyCondition = (text: string): EntryConditions => {
  const equals = text.indexOf('=')
  const isNegated = equals > 0 && text.charAt(equals - 1) === '!'
  const isAbsent = equals === -1 && text.startsWith('!')
  const key = (equals === -1 ? text.slice(isAbsent ? 1 : 0) : text.slice(0, isNegated ? equals - 1 : equals)).trim()
  if (key === '' || key.startsWith('!'))
    throw new Problem(
      `--property: invalid value ${JSON.stringify(text)}: no key. Use key, !key, key=value or key!=value`,
      EXIT.usage,
    )
  if (equals === -1) return { [key]: !isAbsent }
  const value = text.slice(equals + (text.charAt(equals + 1) === '=' && !isNegated ? 2 : 1))
  return { [key]: isNegated ? { not: [value] } : value }
}

/** Parses `a` or `a,b`, which requires both tags. A comma in a tag is written `\,`. */
export const tagCondition = (text: string): TagCondition => {
  const tags: string[] = []
  let tag = ''
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\' && (text.charAt(at + 1) === ',' || text.charAt(at + 1) === '\\')) tag += text.charAt(++at)
    else if (character === ',') {
      tags.push(tag)
      tag = ''
    } else tag += character
  }
  tags.push(tag)
  if (tags.includes(''))
    throw new Problem(
      `--tag: invalid value ${JSON.stringify(text)}: empty tag. Use a tag, or several separated by commas`,
      EXIT.usage,
    )
  const [only, ...others] = tags
  return only !== undefined && others.length === 0 ? only : { all: tags }
}
