import { Option, type Command } from 'commander'
import { EXIT, type ExitCode } from './exit-code.ts'
import { runLiveCommand, withLiveOptions } from './live-command.ts'
import { createOutput, createTalk } from './output/stream.ts'

// The names stand here so that --help and completion need load nothing else; a test holds them against what the commands know.
const PROVIDERS = ['hetzner', 'openstack']
const FORMATS = ['table', 'json', 'ndjson', 'yaml', 'csv', 'value']

const provider = (): Option => new Option('--provider <name>', 'read every record as this provider’s').choices(PROVIDERS)
const cloud = (): Option => new Option('--cloud <name>', 'the name to give to the cloud the images come from')
const region = (): Option => new Option('--region <name>', 'the region to give to the images')
const format = (choices: readonly string[]): Option => new Option('-o, --output <format>', 'how to print').choices(choices).default('table')
const showSecrets = (): Option => new Option('--show-secrets', 'print URLs with the credentials in them')

const INPUT = 'saved images: JSON, NDJSON or YAML, also gzip or zstd; - is standard input'

const stdout = () => createOutput(process.stdout)
const stderr = () => createTalk(process.stderr)

/** Nobody types a dump by hand: with no file and a terminal for input, say what is missing. */
const needsInput = (command: Command, files: readonly string[]): void => {
  if (files.length === 0 && process.stdin.isTTY) command.error('error: name a file of saved images, or pipe them in (see --help)', { exitCode: EXIT.usage })
}

/** Adds `explain`, which takes saved images and those of a cloud. */
export const addExplain = (program: Command, exit: (code: ExitCode) => void): void => {
  withLiveOptions(program.command('explain'))
    .description('tell of each field its value, its evidence, where it comes from, and by which rule')
    .argument('[file]', `${INPUT}; or an image of a cloud: [provider/]cloud[@region]:image`)
    .addOption(new Option('--id <id>', 'only the image with this id'))
    .addOption(new Option('--field <name>', 'only this field (imago fields lists them)'))
    .addOption(new Option('--arch <word>', 'of a cloud’s images of one name, the one for this architecture'))
    .addOption(format(['table', 'json']))
    .addOption(provider())
    .addOption(cloud())
    .addOption(region())
    .addOption(showSecrets())
    .action(async (file: string | undefined, options, command: Command) => {
      needsInput(command, file === undefined ? [] : [file])
      if (file !== undefined && (await import('./parse-place.ts')).isPlaceOfImage(file)) {
        exit(await runLiveCommand({ options }, async (live) => (await import('./commands/explain/run-live.ts')).explainLive(file, options, live)))
        return
      }
      const { explain } = await import('./commands/explain/run.ts')
      exit(await explain(file, options, stdout(), stderr()))
    })
}

/** Adds the commands that read saved images, and ask no cloud. */
export const addSavedCommands = (program: Command, exit: (code: ExitCode) => void): void => {
  program
    .command('normalize')
    .description('turn saved images of any provider into normalized images')
    .argument('[files...]', INPUT)
    .addOption(format(FORMATS))
    .addOption(new Option('--columns <names>', 'columns of table, csv and value, by comma: id,name,os.distro,labels.KEY …'))
    .addOption(new Option('--no-header', 'leave out the line of headings'))
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
      const { normalize } = await import('./commands/normalize/run.ts')
      exit(await normalize(files, options, stdout(), stderr()))
    })

  program
    .command('drift')
    .description('tell what the records say that imago did not expect: new words, new keys, wrong types')
    .argument('[files...]', INPUT)
    .addOption(format(['table', 'json']))
    .addOption(provider())
    .action(async (files: string[], options, command: Command) => {
      needsInput(command, files)
      const { drift } = await import('./commands/drift/run.ts')
      exit(await drift(files, options, stdout(), stderr()))
    })
}
