import { describe, expect, it } from '@jest/globals'
import type { AnyCommand } from '../../src/command-line/command.ts'
import { formatFlag } from '../../src/command-line/option.ts'
import { formatReference } from '../../src/command-line/reference.ts'
import { commands } from '../../src/program.ts'

const listed = commands.filter(({ group }) => group !== null)

const listFlags = ({ options }: AnyCommand): readonly string[] =>
  Object.entries(options).flatMap(([name, { kind, short }]) =>
    kind === 'renamed'
      ? []
      : [formatFlag(name), `--no-${formatFlag(name).slice(2)}`, ...(short === null ? [] : [`-${short}`])],
  )

describe('command reference', () => {
  const text = formatReference(commands)

  it('contains every command once', () => {
    expect([...text.matchAll(/^### imago (.*)$/gm)].map(([, name]) => name).sort()).toEqual(
      listed.map(({ name }) => name).sort(),
    )
  })

  it('contains the option names that can be typed, and no former ones', () => {
    const section = text.slice(
      text.indexOf('### imago create\n'),
      text.indexOf('### imago', text.indexOf('### imago create\n') + 1),
    )
    expect(section).toContain('| `--set-label <key=value>` |')
    expect(section).toContain('| `--no-header` |')
    expect(section).toContain('| `-q`, `--quiet` | print only IDs |')
    expect(section).not.toContain('`--label')
  })
})

describe.each(listed.map((command) => ({ name: command.name, command })))('$name', ({ name, command }) => {
  it('has examples that use its own options', () => {
    const own = command.examples
      .flatMap((example) => example.split('|').map((part) => part.trim()))
      .filter((part) => part.startsWith(`imago ${name}`))
    const known = listFlags(command)
    expect(command.examples.join('\n')).toContain(`imago ${name}`)
    expect(
      own
        .flatMap((line) => line.split(' ').filter((word) => /^--?[a-z]/i.test(word)))
        .filter((word) => !known.includes(word)),
    ).toEqual([])
  })
})
