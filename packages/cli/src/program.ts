import { Argument, Command, Option } from 'commander'
import { EXIT, type ExitCode } from './exit-code.ts'
import { createOutput } from './output/stream.ts'
import { runLiveCommand, withLiveOptions } from './live-command.ts'
import { addCloudCommands, addReadingCommands } from './reading-commands.ts'
import { version } from './version.ts'
import { addWritingCommands } from './writing-program.ts'

// The names stand here so that --help and completion need load nothing else; a test holds them against what the commands know.
const PROVIDERS = ['hetzner', 'openstack']
const FORMATS = ['table', 'json', 'ndjson', 'yaml', 'csv']
const SCHEMAS = ['image', 'images', 'drift', 'explanation', 'fields', 'clouds', 'check', 'capabilities', 'requests', 'shares', 'operations', 'crosswalk']
const SHELLS = ['bash', 'zsh', 'fish']

const provider = (): Option => new Option('--provider <name>', 'read every record as this provider’s').choices(PROVIDERS)
const cloud = (): Option => new Option('--cloud <name>', 'the name to give to the cloud the images come from')
const region = (): Option => new Option('--region <name>', 'the region to give to the images')
const format = (choices: readonly string[]): Option => new Option('-o, --output <format>', 'how to print').choices(choices).default('table')
const showSecrets = (): Option => new Option('--show-secrets', 'print URLs with the credentials in them')

const INPUT = 'saved images: JSON, NDJSON or YAML, also gzip or zstd; - is standard input'

const stdout = () => createOutput(process.stdout)
const stderr = () => createOutput(process.stderr)

/** Nobody types a dump by hand: with no file and a terminal for input, say what is missing. */
const needsInput = (command: Command, files: readonly string[]): void => {
  if (files.length === 0 && process.stdin.isTTY) command.error('error: name a file of saved images, or pipe them in (see --help)', { exitCode: EXIT.usage })
}

/** The command line. Each command loads what it needs when it runs. `exit` takes its exit code. */
export const createProgram = (exit: (code: ExitCode) => void): Command => {
  const program = new Command('imago')
    .description('One typed, lossless, explainable shape for the machine images of every cloud')
    .version(version(), '-V, --version')
    .showHelpAfterError('(imago --help tells what there is)')
    .addHelpText(
      'after',
      `
Examples:
  imago list --os ubuntu --arch arm64
  imago find --cloud prod --os debian --newest
  imago show prod:ubuntu-24.04 lab@RegionOne:debian-12
  hcloud image list -o json | imago normalize
  openstack image show -f json debian-12 | imago explain
  imago normalize hetzner.json glance.json -o ndjson > images.ndjson
  imago drift dumps/*.json

Exit codes: 0 done, 1 error, 2 usage, 3 not found or ambiguous, 4 records rejected or drift found, 5 temporary, 6 refused`,
    )

  addReadingCommands(program, exit)

  program
    .command('normalize')
    .description('turn saved images of any provider into normalized images')
    .argument('[files...]', INPUT)
    .addOption(format(FORMATS))
    .addOption(new Option('--columns <names>', 'columns of a table or CSV, by comma: id,name,os.distro,…'))
    .addOption(provider())
    .addOption(cloud())
    .addOption(region())
    .addOption(new Option('--evidence', 'tell of each field how far it can be relied on'))
    .addOption(new Option('--strict', 'reject records that say something unexpected'))
    .addOption(new Option('--drift <file>', 'write what was unexpected to a file, and exit with 4 if there was any'))
    .addOption(showSecrets())
    .addOption(new Option('--raw-csv', 'leave CSV cells as they are, also those that a spreadsheet would run'))
    .addOption(new Option('-q, --quiet', 'no summary'))
    .action(async (files: string[], options, command: Command) => {
      needsInput(command, files)
      const { normalize } = await import('./commands/normalize.ts')
      exit(await normalize(files, options, stdout(), stderr()))
    })

  withLiveOptions(program.command('explain'))
    .description('tell of each field its value, its evidence, where it comes from, and by which rule')
    .argument('[file]', `${INPUT}; or an image of a cloud: [provider/]cloud[@region]:image`)
    .addOption(new Option('--id <id>', 'only the image with this id'))
    .addOption(new Option('--field <name>', 'only this field (imago fields lists them)'))
    .addOption(format(['table', 'json']))
    .addOption(provider())
    .addOption(cloud())
    .addOption(region())
    .addOption(showSecrets())
    .action(async (file: string | undefined, options, command: Command) => {
      needsInput(command, file === undefined ? [] : [file])
      if (file !== undefined && (await import('./parse-place.ts')).isPlaceOfImage(file)) {
        exit(await runLiveCommand({ options }, async (live) => (await import('./commands/explain-live.ts')).explainLive(file, options, live)))
        return
      }
      const { explain } = await import('./commands/explain.ts')
      exit(await explain(file, options, stdout(), stderr()))
    })

  program
    .command('drift')
    .description('tell what the records say that imago did not expect: new words, new keys, wrong types')
    .argument('[files...]', INPUT)
    .addOption(format(['table', 'json']))
    .addOption(provider())
    .action(async (files: string[], options, command: Command) => {
      needsInput(command, files)
      const { drift } = await import('./commands/drift.ts')
      exit(await drift(files, options, stdout(), stderr()))
    })

  addCloudCommands(program, exit)

  addWritingCommands(program, exit)

  program
    .command('simulate')
    .description('run Hetzner Cloud and OpenStack on this machine, to try things on')
    .addOption(new Option('--hetzner-port <port>', 'any free one unless said'))
    .addOption(new Option('--openstack-port <port>', 'any free one unless said'))
    .addOption(new Option('--images <number>', 'this many images more in each cloud'))
    .addOption(new Option('--config-dir <directory>', 'write the configuration for imago, hcloud and openstack here, and leave it'))
    .addOption(format(['table', 'json']))
    .action(async (options) => {
      const { simulate } = await import('./commands/simulate.ts')
      const stopped = new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
      })
      exit(await simulate(options, stdout(), () => stopped))
    })

  program
    .command('fields')
    .description('list the fields of an image, and how each provider fills them')
    .addOption(new Option('--provider <name>', 'only this provider').choices(PROVIDERS))
    .addOption(format(['table', 'json', 'markdown']))
    .action(async (options) => {
      const { fields } = await import('./commands/fields.ts')
      exit(await fields(options, stdout()))
    })

  program
    .command('schema')
    .description('print the JSON Schema of what imago prints, or the crosswalk of OS and architecture words')
    .addArgument(new Argument('[name]', 'without a name: lists them').choices(SCHEMAS))
    .action(async (name: string | undefined) => {
      const { schema } = await import('./commands/schema.ts')
      exit(await schema(name, stdout()))
    })

  program
    .command('completion')
    .description('print a completion script: source <(imago completion bash)')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completion } = await import('./commands/completion.ts')
      exit(await completion(shell, stdout()))
    })

  program
    .command('completion-server', { hidden: true })
    .allowUnknownOption()
    .argument('[words...]')
    .action(async () => {
      const [{ surroundingsOf }, { completionServer }] = await Promise.all([import('@imago/config'), import('./commands/completion.ts')])
      exit(completionServer(program, surroundingsOf(process)))
    })

  return program
}
