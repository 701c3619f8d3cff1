import { spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { defineCommand, type AnyCommand } from '../../src/command-line/command.ts'
import { formatManPages } from '../../src/command-line/man-page.ts'
import { text } from '../../src/command-line/option.ts'
import { listedOptions, listSpellings } from '../../src/command-line/usage.ts'
import { commands } from '../../src/program.ts'
import { EXIT } from '../../src/exit-code.ts'
import { describeWith } from '../installed.ts'

const listed = commands.filter(({ group }) => group !== null)
const pages = formatManPages(commands, { summary: 'manage images', version: '1.2.3' })

const run = (command: string, args: readonly string[], input: string) =>
  spawnSync(command, args, { input, encoding: 'utf8' })

/** Renders a page without the formatting of a terminal. */
const render = (page: string): string =>
  run('groff', ['-man', '-Tutf8', '-P-cbou', '-rLL=200n', '-rHY=0'], page).stdout.replaceAll('‐', '-')

/** A command whose texts are `words`. */
const commandWith = (words: string): AnyCommand =>
  defineCommand({
    name: 'odd',
    group: 'Reference:',
    summary: words,
    arguments: {},
    options: { odd: text('<value>', words) },
    examples: [words],
    run: () => Promise.resolve(EXIT.done),
  })

const pageWith = (words: string): string =>
  formatManPages([commandWith(words)], { summary: 'manage images', version: '1.2.3' }).get('imago-odd.1') ?? ''

/** The page of a command. */
const toPage = (name: string): string => `imago-${name.replaceAll(' ', '-')}`

describe('formatManPages', () => {
  it('returns an overview page, and a page for each listed command', () => {
    expect([...pages.keys()]).toEqual(['imago.1', ...listed.map(({ name }) => `${toPage(name)}.1`).sort()])
  })

  it('refers to each command on the overview page', () => {
    for (const { name } of listed)
      expect(pages.get('imago.1')).toContain(`\\fB${toPage(name).replaceAll('-', '\\-')}\\fR(1)`)
  })

  it.each(listed.map((command) => [command.name, command] as const))(
    'contains every option of %s',
    (name, { options }) => {
      const page = pages.get(`${toPage(name)}.1`) ?? ''
      for (const [key, option] of listedOptions(options))
        for (const { flag } of listSpellings(key, option))
          expect(page).toContain(`\\fB${flag.replaceAll('-', '\\-')}\\fR`)
    },
  )

  it('contains no former option names', () => {
    expect(pages.get('imago-create.1')).not.toContain('\\fB\\-\\-label\\fR')
  })

  it('starts no line with text that roff reads as a request', () => {
    const requests = /^\.(?:TH|SH|SS|TP|nf|fi)(?: |$)/
    fc.assert(
      fc.property(fc.stringMatching(/^[.'\\ a-z"-]{1,120}$/), (words) => {
        const odd = pageWith(words)
          .split('\n')
          .filter((line) => /^[.']/.test(line) && !requests.test(line))
        expect(odd).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  describeWith('groff', () => {
    it('renders texts as they are', () => {
      for (const words of ["'quoted' \\fB and \\\\", '.SH not a heading', '-x --long ~/^ `a` "b"', 'user’s list …'])
        expect(render(pageWith(words))).toContain(words.replace('…', '...'))
    })

    it.each([...pages])('finds no mistake in %s', (_, page) => {
      expect(run('groff', ['-man', '-Tutf8', '-ww', '-z'], page)).toMatchObject({ status: 0, stderr: '' })
    })
  })

  describeWith('mandoc', () => {
    it.each([...pages])('finds no mistake in %s', (_, page) => {
      const { stdout } = run('mandoc', ['-Tlint', '-Wwarning'], page)
      // Pages have no date, so that builds are reproducible.
      expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([])
    })
  })
})
