import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import { describeWith } from '../installed.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, execute, imago } from './imago.ts'

beforeAll(assertBuilt)
// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const folder = temporaryFolder()

const ask = async (shell: string, line: string): Promise<readonly string[]> => {
  const words = line.split(' ')
  const { stdout } = await imago(['completion-server', '--', ...words], {
    env: { COMP_CWORD: String(words.length - 1), COMP_LINE: line, COMP_POINT: String(line.length), SHELL: shell },
  })
  return stdout.split('\n').slice(0, -1)
}

describe('completion', () => {
  for (const [shell, option] of [
    ['bash', '-n'],
    ['zsh', '-n'],
    ['fish', '--no-execute'],
  ] as const) {
    describeWith(shell, () => {
      it('accepts the script', async () => {
        const { stdout } = await imago(['completion', shell])
        expect(stdout).toContain('imago')
        const { code, stderr } = await execute(shell, [option, folder.file(`completion.${shell}`, stdout)])
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      })
    })
  }

  it.each(['bash', 'zsh', 'fish'])('responds to %s', async (shell) => {
    expect(await ask(shell, 'imago ')).toContain('normalize')
    expect(await ask(shell, 'imago normalize -o ')).toEqual(['table', 'json', 'ndjson', 'yaml', 'csv', 'value'])
    expect(await ask(shell, 'imago schema ')).toContain('crosswalk')
  })

  it('works in bash', async () => {
    const { stdout: script } = await imago(['completion', 'bash'])
    const functions = `imago() { "${process.execPath}" "${require.resolve('../../bin/imago.js')}" "$@"; }`
    const type = `COMP_LINE="imago exp"; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=(imago exp); COMP_CWORD=1; _imago_completion; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout } = await execute('bash', ['--norc', '-c', `${functions}\n${script}\n${type}`])
    expect(stdout).toBe('expiring\nexplain\nexport\n')
  })

  it('lets the shell complete files', async () => {
    expect(await ask('bash', 'imago normalize ')).toEqual(['__tabtab_complete_files__'])
  })

  it('prints nothing outside of a shell', async () => {
    expect(await imago(['completion-server'])).toMatchObject({ code: 2, stdout: '' })
  })
})
