import { Command } from 'commander'
import { EXIT, type ExitCode } from './exit-code.ts'
import { addMovingCommands } from './moving-commands.ts'
import { addCloudCommands, addReadingCommands } from './reading-commands.ts'
import { addExplain, addSavedCommands } from './saved-commands.ts'
import { addReferenceCommands, addSimulate } from './tool-commands.ts'
import { didYouMean } from './suggest.ts'
import { VERSION } from './version.ts'
import { addFollowingCommands, addWritingCommands } from './writing-commands.ts'

/** The command line. Each command loads what it needs when it runs. `exit` takes its exit code. */
export const createProgram = (exit: (code: ExitCode) => void): Command => {
  const program = new Command('imago')
    .description('One typed, lossless, explainable shape for the machine images of every cloud')
    .version(VERSION, '-V, --version')
    .showHelpAfterError('(imago --help tells what there is)')
    .addHelpText(
      'after',
      `
Examples:
  imago list --os ubuntu --arch arm64
  imago find --cloud prod --os debian --newest
  imago show prod:ubuntu-24.04 lab@RegionOne:debian-12
  imago snapshot prod:web-1 --description nightly --dry-run
  imago copy lab:debian-12 prod:
  hcloud image list -o json | imago normalize
  openstack image show -f json debian-12 | imago explain
  imago normalize hetzner.json glance.json -o ndjson > images.ndjson
  imago drift dumps/*.json

Exit codes: 0 done, 1 error, 2 usage, 3 not found or ambiguous, 4 records rejected or drift found, 5 temporary, 6 refused`,
    )

  program.commandsGroup('Look:')
  addReadingCommands(program, exit)
  addExplain(program, exit)
  addFollowingCommands(program, exit)

  program.commandsGroup('Change:')
  addWritingCommands(program, exit)

  program.commandsGroup('Move:')
  addMovingCommands(program, exit)

  program.commandsGroup('Clouds:')
  addCloudCommands(program, exit)
  addSimulate(program, exit)

  program.commandsGroup('Saved images:')
  addSavedCommands(program, exit)

  program.commandsGroup('Reference:')
  addReferenceCommands(program, exit)
  program.helpCommand(false)
  program
    .command('help')
    .description('show how a command is used')
    .argument('[command]')
    .action((name: string | undefined) => {
      const command = name === undefined ? program : program.commands.find((one) => one.name() === name)
      if (command !== undefined) return command.outputHelp()
      const suggestion = didYouMean(name ?? '', program.commands.map((one) => one.name()))
      return program.error(`error: unknown command '${name ?? ''}'${suggestion === '' ? '' : `\n(${suggestion.trim()})`}`, { exitCode: EXIT.usage })
    })

  return program
}
