import { Option, type Command } from 'commander'
import { format, several } from './command-options.ts'
import type { ExitCode } from './exit-code.ts'
import { withConnectionOptions, withLiveOptions } from './live-command.ts'

const PLACE = 'images, each as [provider/]cloud[@region]:image'
const VISIBILITIES = ['public', 'private', 'shared', 'community']


const arch = (): Option => new Option('--arch <name>', 'tells images of one name apart: x86_64, aarch64 …')
const dryRun = (): Option => new Option('--dry-run', 'show what would be sent, and change nothing')
const imageFormat = (): Option => format(['table', 'json', 'ndjson', 'yaml'])
const plainFormat = (): Option => format(['table', 'json'])
const many = (flags: string, description: string): Option => several(flags, `${description} (may be given several times)`)
const timeout = (): Option => new Option('--timeout <time>', 'how long to wait: 90s, 10m, 2h').default('60m')
const interval = (): Option => new Option('--interval <time>', 'between two looks').default('2s')

const SWITCHES = {
  protect: 'protect images against deletion',
  unprotect: 'lift the protection against deletion',
  hide: 'leave images out of default lists',
  unhide: 'bring images back into default lists',
  deactivate: 'withhold the data of images',
  reactivate: 'give out the data of images again',
} as const

const SHARES = {
  share: 'share an image with projects, or list those it is shared with',
  unshare: 'end the sharing of an image with projects',
  accept: 'accept an image that is shared with this project',
  reject: 'decline an image that is shared with this project',
} as const

const adding = (program: Command) => (name: string, description: string): Command => withLiveOptions(program.command(name).description(description))

/** Adds the commands that change images. */
export const addWritingCommands = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = adding(program)

  command('create', 'make the record of a new image, without data')
    .argument('<cloud:name>', 'the cloud, and the name of the new image')
    .addOption(new Option('--disk-format <format>', 'qcow2, raw, vmdk …').makeOptionMandatory())
    .addOption(new Option('--container-format <format>', 'bare unless said'))
    .addOption(new Option('--arch <name>', 'x86_64, aarch64 …'))
    .addOption(new Option('--visibility <who>', 'who can see it').choices(VISIBILITIES))
    .addOption(new Option('--description <text>', 'what it is'))
    .addOption(many('--label <key=value>', 'a label'))
    .addOption(many('--tag <tag>', 'a tag'))
    .addOption(many('--property <key=value>', 'a property'))
    .addOption(new Option('--min-disk <size>', 'the disk it needs: 10GiB'))
    .addOption(new Option('--min-ram <size>', 'the memory it needs: 512MiB'))
    .addOption(imageFormat())
    .addOption(dryRun())
    .action(async (word: string, options) => {
      const [{ runWriteCommand }, { create }] = await Promise.all([import('./writing/write-context.ts'), import('./commands/create/run.ts')])
      exit(await runWriteCommand(options, (context) => create(word, options, context)))
    })

  command('set', 'change what users may say of images')
    .argument('<images...>', PLACE)
    .addOption(new Option('--name <name>', 'the new name'))
    .addOption(new Option('--description <text>', 'the new description'))
    .addOption(new Option('--kind <kind>', 'makes a backup a snapshot, for good').choices(['snapshot']))
    .addOption(many('--label <key=value>', 'sets a label; the others stay'))
    .addOption(many('--remove-label <key>', 'removes a label'))
    .addOption(many('--tag <tag>', 'adds a tag; the others stay'))
    .addOption(many('--remove-tag <tag>', 'removes a tag'))
    .addOption(many('--property <key=value>', 'sets a property; the others stay'))
    .addOption(many('--remove-property <key>', 'removes a property'))
    .addOption(new Option('--min-disk <size>', 'the disk it needs: 10GiB'))
    .addOption(new Option('--min-ram <size>', 'the memory it needs: 512MiB'))
    .addOption(new Option('--visibility <who>', 'who can see it').choices(VISIBILITIES))
    .addOption(arch())
    .addOption(imageFormat())
    .addOption(dryRun())
    .action(async (words: string[], options) => {
      const [{ runWriteCommand }, { set }] = await Promise.all([import('./writing/write-context.ts'), import('./commands/set/run.ts')])
      exit(await runWriteCommand(options, (context) => set(words, options, context)))
    })

  for (const [name, description] of Object.entries(SWITCHES) as [keyof typeof SWITCHES, string][]) {
    command(name, description)
      .argument('<images...>', PLACE)
      .addOption(arch())
      .addOption(imageFormat())
      .addOption(dryRun())
      .action(async (words: string[], options) => {
        const [{ runWriteCommand }, { flip }] = await Promise.all([import('./writing/write-context.ts'), import('./commands/switch/run.ts')])
        exit(await runWriteCommand(options, (context) => flip(name, words, options, context)))
      })
  }

  for (const [name, description] of Object.entries(SHARES) as [keyof typeof SHARES, string][]) {
    const one = command(name, description).argument('<image>', 'an image, as [provider/]cloud[@region]:image')
    if (name === 'share' || name === 'unshare') one.addOption(many('--with <project>', 'a project, by ID or name'))
    one
      .addOption(arch())
      .addOption(plainFormat())
      .addOption(dryRun())
      .action(async (word: string, options) => {
        const [{ runWriteCommand }, { share }] = await Promise.all([import('./writing/write-context.ts'), import('./commands/share/run.ts')])
        exit(await runWriteCommand(options, (context) => share(name, word, options, context)))
      })
  }

  command('delete', 'delete images; asks first')
    .argument('<images...>', PLACE)
    .addOption(new Option('-y, --yes', 'do not ask'))
    .addOption(arch())
    .addOption(plainFormat())
    .addOption(dryRun())
    .action(async (words: string[], options) => {
      const [{ runWriteCommand }, { remove }, { terminalConfirm }] = await Promise.all([import('./writing/write-context.ts'), import('./commands/delete/run.ts'), import('./writing/confirm.ts')])
      exit(await runWriteCommand(options, (context) => remove(words, options, context, terminalConfirm(process))))
    })

  withConnectionOptions(program.command('snapshot').description('make an image from the disk of a server'))
    .argument('<server>', 'a server, as [provider/]cloud[@region]:server, by id or name')
    .addOption(new Option('--name <name>', 'the name of the image, where images have one'))
    .addOption(new Option('--description <text>', 'what it is'))
    .addOption(new Option('--kind <kind>', 'snapshot unless said').choices(['snapshot', 'backup']))
    .addOption(many('--label <key=value>', 'a label'))
    .addOption(new Option('--no-wait', 'return once the work has begun'))
    .addOption(timeout())
    .addOption(interval())
    .addOption(imageFormat())
    .addOption(dryRun())
    .action(async (word: string, options) => {
      const [{ runWriteCommand }, { snapshot }] = await Promise.all([import('./writing/write-context.ts'), import('./commands/snapshot/run.ts')])
      exit(await runWriteCommand(options, (context) => snapshot(word, options, context)))
    })
}

/** Adds the commands that follow long-running work. */
export const addFollowingCommands = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = adding(program)

  command('operations', 'list the work that the provider knows of for an image')
    .argument('<image>', 'an image, as [provider/]cloud[@region]:image')
    .addOption(arch())
    .addOption(plainFormat())
    .action(async (word: string, options) => {
      const [{ runLiveCommand }, { operations }] = await Promise.all([import('./live-command.ts'), import('./commands/operations/run.ts')])
      exit(await runLiveCommand({ options }, (live) => operations(word, options, live)))
    })

  withConnectionOptions(program.command('wait').description('wait until images are no longer pending'))
    .argument('<images...>', PLACE)
    .addOption(timeout())
    .addOption(interval())
    .addOption(arch())
    .addOption(imageFormat())
    .action(async (words: string[], options) => {
      const [{ runWriteCommand }, { wait }] = await Promise.all([import('./writing/write-context.ts'), import('./commands/wait/run.ts')])
      exit(await runWriteCommand({ ...options, onlyWaits: true }, (context) => wait(words, options, context)))
    })
}
