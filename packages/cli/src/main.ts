import { EXIT } from './exit-code.ts'
import { visible } from './output/visible.ts'
import { fileProblem, Problem } from './problem.ts'

// A closed pipe (`imago … | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.done)
  process.stderr.write(`imago: ${fileProblem('write', 'standard output', error).message}\n`)
  process.exit(EXIT.error)
})

// A closed standard error does not end the command.
process.stderr.on('error', () => undefined)

const fail = async (error: unknown): Promise<void> => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
  // Loaded only for errors, to keep the start fast.
  const { maskSecrets } = await import('./output/mask.ts')
  const message =
    error instanceof Problem
      ? visible(maskSecrets(error.message))
      : `${maskSecrets((error as Error).stack ?? String(error))}\nThis is a bug in imago. Please report it with the lines above`
  const lines =
    error instanceof Problem && error.lines !== null
      ? error.lines.split('\n').map((line) => `  ${visible(maskSecrets(line))}\n`)
      : []
  if (error instanceof Problem && error.exitCode === EXIT.usage) {
    const { usageHint } = await import('./program.ts')
    lines.push(`${usageHint(process.argv.slice(2))}\n`)
  }
  process.stderr.write(`imago: ${message}\n${lines.join('')}`)
  process.exitCode = error instanceof Problem ? error.exitCode : EXIT.error
}

const run = async (): Promise<void> => {
  const { createProgram } = await import('./program.ts')
  const program = createProgram((code) => {
    process.exitCode = code
  }, process.argv.slice(2))
  const usage = (command: typeof program): void => {
    command.exitOverride((error) => {
      process.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage)
    })
    for (const one of command.commands) usage(one)
  }
  usage(program)
  if (process.argv.length <= 2) {
    program.outputHelp()
    return
  }
  await program.parseAsync()
}

void run().catch(fail)
