import { describe, expect, it } from '@jest/globals'
import { commands } from '../../src/program.ts'

const listed = commands.filter(({ group }) => group !== null)

/** Options that have another meaning in the named command. */
const OWN_MEANING: ReadonlySet<string> = new Set([
  'api header',
  'api field',
  'create diskFormat',
  'copy digest',
  'download digest',
  'plan digest',
  'upload digest',
  'diff all',
  'export evidence',
  'export from',
  'export quiet',
  'export usage',
  'fields provider',
  'find all',
  'fleet cancel all',
  'fleet retry all',
  'fleet submit digest',
  'find cloud',
  'set cloud',
  'protect cloud',
  'unprotect cloud',
  'hide cloud',
  'unhide cloud',
  'deactivate cloud',
  'reactivate cloud',
  'delete cloud',
  'lock check',
  'lock file',
  'lock locked',
  'report evidence',
  'report output',
  'resolve arch',
  'resolve evidence',
  'resolve kind',
  'resume all',
  'snapshot cloud',
  'snapshot label',
  'snapshot setKind',
  'update file',
  'verify within',
])

/** Commands that change clouds, files or stored state. */
const WRITES =
  'api apply cleanup copy create deactivate delete download hide lock protect prune accept reactivate reject resume set share snapshot unhide unprotect unshare update upload'.split(
    ' ',
  )
/** Commands that delete, or spend money. */
const ASKS: ReadonlySet<string> = new Set([
  'apply',
  'cleanup',
  'copy',
  'delete',
  'download',
  'duplicates',
  'fleet submit',
  'prune',
  'resume',
  'upload',
])

const options = listed.flatMap(({ name, options: declared }) =>
  Object.entries(declared)
    .filter(([key, { kind }]) => kind !== 'renamed' && !OWN_MEANING.has(`${name} ${key}`))
    .map(([key, { summary }]) => ({ key, summary })),
)

describe('commands', () => {
  it.each([...new Set(options.map(({ key }) => key))])('describe the option %s in the same words', (key) => {
    const [first = '', ...others] = [
      ...new Set(options.filter((option) => option.key === key).map(({ summary }) => summary)),
    ].sort((a, b) => a.length - b.length)
    // Some commands add a default or an example.
    for (const other of others)
      expect(other).toMatch(new RegExp(`^${first.replaceAll(/[()[\].*+?^$|\\]/g, '\\$&')}[ :;,]`))
  })

  it.each(listed.map((command) => [command.name, command] as const))(
    'have two to four examples, and a summary of one line: %s',
    (_, { summary, examples }) => {
      expect(examples.length).toBeGreaterThanOrEqual(2)
      expect(examples.length).toBeLessThanOrEqual(4)
      expect(summary).toMatch(/^[a-z].{0,78}[^.]$/)
    },
  )

  it('start the description of each option in lower case, and end it without a full stop', () => {
    expect(options.filter(({ summary }) => !/^[a-z].*[^.]$/s.test(summary))).toEqual([])
  })

  it('describe each option in at most 80 characters', () => {
    const long = options.filter(({ summary }) => summary.replace(/ \(repeatable[^()]*\)$/, '').length > 80)
    expect(long).toEqual([])
  })

  it.each(WRITES)('have --dry-run: %s', (name) => {
    expect(listed.find((command) => command.name === name)?.options).toHaveProperty('dryRun')
  })

  it('have --yes only if they delete or spend money', () => {
    expect(listed.filter(({ options: { yes } }) => yes !== undefined).map(({ name }) => name)).toEqual(
      listed.map(({ name }) => name).filter((name) => ASKS.has(name)),
    )
  })
})
