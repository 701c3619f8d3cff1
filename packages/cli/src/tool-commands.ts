import { Argument, Option, type Command } from 'commander'
import type { ExitCode } from './exit-code.ts'
import { createOutput } from './output/stream.ts'

// As in saved-commands.ts: names that a test holds against what the commands know.
const PROVIDERS = ['hetzner', 'openstack']
const SCHEMAS = ['image', 'images', 'drift', 'explanation', 'fields', 'clouds', 'check', 'capabilities', 'requests', 'shares', 'operations', 'plan', 'plans', 'moves', 'runs', 'leftovers', 'crosswalk']
const SHELLS = ['bash', 'zsh', 'fish']

const format = (choices: readonly string[]): Option => new Option('-o, --output <format>', 'how to print').choices(choices).default('table')

const stdout = () => createOutput(process.stdout)

/** Adds `simulate`. */
export const addSimulate = (program: Command, exit: (code: ExitCode) => void): void => {
  program
    .command('simulate')
    .description('run Hetzner Cloud and OpenStack on this machine, to try things on')
    .addOption(new Option('--hetzner-port <port>', 'any free one unless said'))
    .addOption(new Option('--openstack-port <port>', 'any free one unless said'))
    .addOption(new Option('--images <number>', 'this many images more in each cloud'))
    .addOption(new Option('--config-dir <directory>', 'write the configuration for imago, hcloud and openstack here, and leave it'))
    .addOption(format(['table', 'json']))
    .action(async (options) => {
      const { simulate } = await import('./commands/simulate/run.ts')
      const stopped = new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
      })
      exit(await simulate(options, stdout(), () => stopped))
    })
}

/** Adds what tells of imago itself. */
export const addReferenceCommands = (program: Command, exit: (code: ExitCode) => void): void => {
  program
    .command('fields')
    .description('list the fields of an image, and how each provider fills them')
    .addOption(new Option('--provider <name>', 'only this provider').choices(PROVIDERS))
    .addOption(format(['table', 'json', 'markdown']))
    .action(async (options) => {
      const { fields } = await import('./commands/fields/run.ts')
      exit(await fields(options, stdout()))
    })

  program
    .command('schema')
    .description('print the JSON Schema of what imago prints, or the crosswalk of OS and architecture words')
    .addArgument(new Argument('[name]', 'without a name: lists them').choices(SCHEMAS))
    .action(async (name: string | undefined) => {
      const { schema } = await import('./commands/schema/run.ts')
      exit(await schema(name, stdout()))
    })

  program
    .command('completion')
    .description('print a completion script: source <(imago completion bash)')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completion } = await import('./commands/completion/run.ts')
      exit(await completion(shell, stdout()))
    })

  program
    .command('completion-server', { hidden: true })
    .allowUnknownOption()
    .argument('[words...]')
    .action(async () => {
      const [{ surroundingsOf }, { completionServer }] = await Promise.all([import('@imago/config'), import('./commands/completion/run.ts')])
      exit(completionServer(program, surroundingsOf(process)))
    })
}
