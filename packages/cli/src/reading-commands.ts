import { Option, type Command } from 'commander'
import { format, several } from './command-options.ts'
import type { ExitCode } from './exit-code.ts'
import { runLiveCommand, withLiveOptions } from './live-command.ts'
import { createOutput, createTalk } from './output/stream.ts'
import { withSelection } from './selection-options.ts'

const arch = (): Option => new Option('--arch <word>', 'architecture: x86_64, aarch64, or a provider’s name of it, as amd64')

const showSecrets = (): Option => new Option('--show-secrets', 'print URLs with the credentials in them')

const addList = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = program
    .command('list')
    .description('list the images of all configured clouds, or of those that are named')
    .argument('[clouds...]', '[provider/]cloud[@region]')
  withLiveOptions(withSelection(command))
    .addOption(new Option('--sort <columns>', 'sort by columns: name, or createdAt:desc,name'))
    .addOption(new Option('--limit <count>', 'the first of them'))
    .addOption(format(['table', 'json', 'ndjson', 'yaml', 'csv', 'value'], 'table'))
    .addOption(new Option('--columns <names>', 'columns of table, csv and value, by comma: id,name,os.distro,labels.KEY …'))
    .addOption(new Option('--no-header', 'leave out the line of headings'))
    .addOption(new Option('--evidence', 'tell of each field how far it can be relied on'))
    .addOption(showSecrets())
    .addOption(new Option('--raw-csv', 'leave CSV cells as they are, also those that a spreadsheet would run'))
    .addOption(new Option('-q, --quiet', 'no summary'))
    .action(async (clouds: string[], options) => {
      exit(await runLiveCommand({ options }, async (live) => (await import('./commands/list/run.ts')).list(clouds, options, live)))
    })
}

const addShow = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = program.command('show').description('show all that is known of images').argument('<images...>', '[provider/]cloud[@region]:image, where image is an id or a name')
  withLiveOptions(command)
    .addOption(arch())
    .addOption(format(['table', 'json', 'ndjson', 'yaml'], 'table'))
    .addOption(new Option('--evidence', 'tell of each field how far it can be relied on'))
    .addOption(showSecrets())
    .action(async (places: string[], options) => {
      exit(await runLiveCommand({ options }, async (live) => (await import('./commands/show/run.ts')).show(places, options, live)))
    })
}

const addFind = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = program.command('find').description('print the id of the one image that is meant').argument('[image]', '[provider/]cloud[@region]:image; or use the options to say which')
  withLiveOptions(withSelection(command))
    .addOption(several('--cloud <name>', 'look in this cloud, not in all; may be repeated'))
    .addOption(new Option('--newest', 'of several, the newest that is available, of kind system, app or image; --kind and --status say otherwise'))
    .addOption(new Option('--first', 'of several, the first of the listing'))
    .addOption(new Option('--all', 'all that fit'))
    .addOption(format(['id', 'place', 'json', 'ndjson', 'yaml'], 'id'))
    .addOption(showSecrets())
    .action(async (place: string | undefined, options) => {
      exit(await runLiveCommand({ options }, async (live) => (await import('./commands/find/run.ts')).find(place, options, live)))
    })
}

/** Adds the commands that are about images. */
export const addReadingCommands = (program: Command, exit: (code: ExitCode) => void): void => {
  addList(program, exit)
  addShow(program, exit)
  addFind(program, exit)
}

const addClouds = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = program
    .command('clouds')
    .description('list the clouds that are configured, and where: hcloud contexts, clouds.yaml, environment')
    .argument('[clouds...]', 'only these: [provider/]cloud[@region]')
  withLiveOptions(command)
    .addOption(new Option('--check', 'log in to them, and say what works'))
    .addOption(format(['table', 'json'], 'table'))
    .action(async (names: string[], options) => {
      if (options.check === true) {
        exit(await runLiveCommand({ options }, async (live) => (await import('./commands/check-clouds.ts')).checkClouds(names, options, live)))
        return
      }
      const [{ surroundingsOf }, { clouds }] = await Promise.all([import('@imago/config'), import('./commands/clouds.ts')])
      exit(await clouds(names, options, surroundingsOf(process), createOutput(process.stdout), createTalk(process.stderr)))
    })
}

const addCapabilities = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = program
    .command('capabilities')
    .description('tell what can be done: by each provider, or at the clouds that are named')
    .argument('[clouds...]', '[provider/]cloud[@region]')
  withLiveOptions(command)
    .addOption(new Option('--probe', 'ask the clouds what they allow these credentials'))
    .addOption(format(['table', 'json', 'markdown'], 'table'))
    .action(async (names: string[], options) => {
      exit(await runLiveCommand({ options }, async (live) => (await import('./commands/capabilities/run.ts')).capabilities(names, options, live)))
    })
}

const addApi = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = program
    .command('api')
    .description('send one request to the API of a cloud, as its user, and print the answer')
    .argument('<cloud>', '[provider/]cloud[@region]')
    .argument('<request...>', '[METHOD] PATH: GET unless said; as /images at Hetzner, /v2/images at Glance')
  withLiveOptions(command)
    .addOption(several('-f, --raw-field <key=value>', 'of the query, or of the JSON body where the method has one; may be repeated'))
    .addOption(several('-F, --field <key=value>', 'the same with a type: true, false, null, a whole number, or @file for what a file holds'))
    .addOption(new Option('--input <file>', 'the body; - is standard input'))
    .addOption(several('-H, --header <name:value>', 'a header; may be repeated'))
    .addOption(new Option('--service <name>', 'which service of OpenStack; image unless said').choices(['image', 'compute', 'identity']))
    .addOption(new Option('-i, --include', 'print the status and the headers of the answer too'))
    .addOption(new Option('--dry-run', 'print the request, and send nothing'))
    .addOption(showSecrets())
    .action(async (cloud: string, words: string[], options) => {
      exit(await runLiveCommand({ options }, async (live) => (await import('./commands/api.ts')).api(cloud, words, options, live)))
    })
}

/** Adds the commands that are about the clouds themselves. */
export const addCloudCommands = (program: Command, exit: (code: ExitCode) => void): void => {
  addClouds(program, exit)
  addCapabilities(program, exit)
  addApi(program, exit)
}
