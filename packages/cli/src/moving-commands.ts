import { Option, type Command } from 'commander'
import { format, renamedOption, several, severalOf } from './command-options.ts'
import type { ExitCode } from './exit-code.ts'
import { withLiveOptions } from './live-command.ts'
import { withSelection } from './selection-options.ts'

const many = (flags: string, description: string): Option => several(flags, `${description} (may be given several times)`)
const withYes = (command: Command): Command =>
  command.addOption(new Option('-y, --yes', 'do not ask before money is spent')).addOption(new Option('--dry-run', 'show the plan, and change nothing'))
const withFields = (): Option => new Option('--fields', 'show each field and step of several images too')
const plainFormat = (): Option => format(['table', 'json'])

/** What a user may set of the new image. */
const withOverrides = (command: Command): Command => {
  command.optionsGroup('New image:')
  command
    .addOption(new Option('--set-name <name>', 'its name; default: that of the source'))
    .addOption(new Option('--set-description <text>', 'its description'))
    .addOption(new Option('--set-arch <name>', 'its architecture, where the source does not have it'))
    .addOption(new Option('--set-visibility <who>', 'who can see it').choices(['public', 'private', 'shared', 'community']))
    .addOption(many('--set-label <key=value>', 'a label besides those that are kept'))
    .addOption(many('--set-tag <tag>', 'a tag besides those that are kept'))
    .addOption(many('--set-property <key=value>', 'a property besides those that are kept'))
    .addOption(new Option('--protect', 'protect it against deletion'))
    .addOption(new Option('--min-disk <size>', 'the disk it needs: 10GiB'))
    .addOption(new Option('--min-ram <size>', 'the memory it needs: 512MiB'))
    .addOption(new Option('--disk-format <format>', 'its disk format; converted by qemu-img'))
    .addOption(new Option('--store <name>', 'the store of the target to keep it in'))
  return command.optionsGroup('Options:')
}

/** What a user knows of the source. */
const withSource = (command: Command): Command =>
  command
    .addOption(new Option('--source-format <format>', 'disk format of a file or URL; it is inspected all the same'))
    .addOption(new Option('--compression <kind>', 'how a file or URL is compressed').choices(['gzip', 'xz', 'zstd', 'bzip2', 'none']))
    .addOption(new Option('--archive <kind>', 'whether to take the disk out of an archive; default: as the bytes of the source tell').choices(['tar', 'none']))
    .addOption(new Option('--member <name>', 'file in the archive that is the disk; needed only if there are several'))

/** Where no images are selected, these set what `--set-…` sets now. */
const withRenamed = (command: Command): Command =>
  command
    .addOption(renamedOption('--name <name>', '--set-name'))
    .addOption(renamedOption('--description <text>', '--set-description'))
    .addOption(renamedOption('--arch <name>', '--set-arch'))
    .addOption(renamedOption('--visibility <who>', '--set-visibility'))
    .addOption(renamedOption('--label <key=value>', '--set-label'))
    .addOption(renamedOption('--tag <tag>', '--set-tag'))
    .addOption(renamedOption('--property <key=value>', '--set-property'))

/** What the publisher says of the source. */
const withSourceDigests = (command: Command): Command =>
  command
    .addOption(many('--digest <algorithm:hex>', 'check the source against its publisher\'s digest, before it is unpacked'))
    .addOption(many('--digest-file <file>', 'check the source against a file or URL of digests: SHA256SUMS, CHECKSUM …'))

/** Which images of a cloud are meant with `--all`. */
const withAll = (command: Command): Command =>
  withSelection(
    command.addOption(new Option('--all', 'the sources are clouds: copy all of their images that are selected')).addOption(many('--except <image>', 'with --all: but not this one, by ID or name')),
  )

/** As `ALLOWABLE_CHECKS` of the library, which is loaded when something moves. */
const CHECKS = ['mbr', 'not-a-disk', 'truncated', 'damaged'] as const

const allowOption = (): Option => severalOf('--allow <check>', `move the image although this check fails: ${CHECKS.join(', ')} (may be given several times)`, CHECKS)

/** How a move is done. */
const withMoving = (command: Command): Command =>
  command
    .addOption(new Option('--jobs <number>', 'how many at the same time').default('1'))
    .addOption(new Option('--accept <level>', 'the least surely verified result to keep').choices(['digest-match', 'digest-declared', 'size-match', 'unverified']))
    .addOption(allowOption())
    .addOption(renamedOption('--tolerate <check>', '--allow'))
    .addOption(new Option('--keep-failed', 'keep what a failed run made, for a look at it'))
    .addOption(new Option('--spool <directory>', 'where images wait on their way'))
    .addOption(new Option('--spool-limit <size>', 'the most that may wait there: 100GiB'))
    .addOption(new Option('--progress <kind>', 'how to tell the progress; auto: bars on a terminal, else lines').choices(['auto', 'bar', 'lines', 'json', 'none']).default('auto'))

const ENDS = 'images, each as [provider/]cloud[@region]:image, ./file or https://…; the last: cloud:, cloud:name or ./file'

const loaded = () => Promise.all([import('./live-command.ts'), import('./moving/urls.ts'), import('./writing/confirm.ts')])

/** Adds the commands that move images. */
export const addMovingCommands = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = (name: string, description: string): Command => withLiveOptions(program.command(name).description(description))

  withOverrides(withAll(withSourceDigests(withSource(command('plan', 'show what a transfer would keep, change and drop, and what it costs').argument('<from-and-to...>', ENDS)))))
    .addOption(allowOption())
    .addOption(withFields())
    .addOption(plainFormat())
    .action(async (words: string[], options) => {
      const [[{ runLiveCommand }, { createUrls }], { plan }] = await Promise.all([loaded(), import('./commands/plan/run.ts')])
      exit(await runLiveCommand({ options }, (live) => plan(words, options, live, createUrls(live, words))))
    })

  withYes(withMoving(withOverrides(withAll(withSourceDigests(withSource(command('copy', 'copy images between clouds, files and URLs').argument('<from-and-to...>', ENDS)))))))
    .addOption(withFields())
    .addOption(plainFormat())
    .action(async (words: string[], options) => {
      const [[{ runLiveCommand }, { createUrls }, { terminalConfirm }], { copy }] = await Promise.all([loaded(), import('./commands/copy/run.ts')])
      exit(await runLiveCommand({ options }, (live) => copy(words, options, live, createUrls(live, words), process.env, terminalConfirm(process))))
    })

  withYes(withMoving(withSourceDigests(command('download', 'write the data of an image to a file').argument('<image>', 'an image, as [provider/]cloud[@region]:image'))))
    .addOption(new Option('-O, --file <file>', 'the file').makeOptionMandatory())
    .addOption(new Option('--arch <name>', 'which of the images of one name: x86_64, aarch64 …'))
    .addOption(new Option('--disk-format <format>', 'convert it by qemu-img'))
    .addOption(plainFormat())
    .action(async (word: string, options) => {
      const [[{ runLiveCommand }, { createUrls }, { terminalConfirm }], { copy }, { fileWord }] = await Promise.all([loaded(), import('./commands/copy/run.ts'), import('./moving/ends.ts')])
      exit(await runLiveCommand({ options }, (live) => copy([word, fileWord(options.file)], options, live, createUrls(live, []), process.env, terminalConfirm(process))))
    })

  withRenamed(withYes(withMoving(withOverrides(withSourceDigests(withSource(command('upload', 'make an image of a file').argument('<file>', 'the file').argument('<cloud:>', 'the cloud, as cloud: or cloud:name')))))))
    .addOption(plainFormat())
    .action(async (file: string, cloud: string, options) => {
      const [[{ runLiveCommand }, { createUrls }, { terminalConfirm }], { copy }, { fileWord }] = await Promise.all([loaded(), import('./commands/copy/run.ts'), import('./moving/ends.ts')])
      exit(await runLiveCommand({ options }, (live) => copy([fileWord(file), cloud], options, live, createUrls(live, []), process.env, terminalConfirm(process))))
    })

  withYes(withMoving(command('apply', 'carry out what imago plan -o json printed').argument('<plans...>', 'files; - is standard input')))
    .addOption(many('--url <url>', 'a URL of a plan, with its secrets: plans hold none'))
    .addOption(withFields())
    .addOption(plainFormat())
    .action(async (files: string[], options) => {
      const [[{ runLiveCommand }, { createUrls }, { terminalConfirm }], { apply }] = await Promise.all([loaded(), import('./commands/apply/run.ts')])
      exit(await runLiveCommand({ options }, (live) => apply(files, options, live, createUrls(live, options.url ?? []).open, process, terminalConfirm(process))))
    })

  withYes(withMoving(command('resume', 'continue transfers that were interrupted').argument('[runs...]', 'their IDs, or the beginnings of them; default: all')))
    .addOption(new Option('--list', 'only list those that are not done'))
    .addOption(new Option('--all', 'with --list: those that are done, too'))
    .addOption(new Option('--forget', 'drop the runs that are named, and what waits of them in the spool').conflicts('list'))
    .addOption(many('--url <url>', 'a URL of a plan, with its secrets: plans hold none'))
    .addOption(plainFormat())
    .action(async (runs: string[], options) => {
      const [[{ runLiveCommand }, { createUrls }, { terminalConfirm }], { resume }] = await Promise.all([loaded(), import('./commands/resume/run.ts')])
      exit(await runLiveCommand({ options }, (live) => resume(runs, options, live, createUrls(live, options.url ?? []).open, process.env, terminalConfirm(process))))
    })

  command('cleanup', 'find what killed moves left in clouds, and remove it')
    .argument('[clouds...]', '[provider/]cloud[@region]; all that are configured, unless said')
    .addOption(new Option('--run <id>', 'only what this run left'))
    .addOption(new Option('-y, --yes', 'do not ask'))
    .addOption(new Option('--dry-run', 'list it, and remove nothing'))
    .addOption(plainFormat())
    .action(async (clouds: string[], options) => {
      const [{ runLiveCommand }, { cleanup }, { terminalConfirm }] = await Promise.all([import('./live-command.ts'), import('./commands/cleanup/run.ts'), import('./writing/confirm.ts')])
      exit(await runLiveCommand({ options }, (live) => cleanup(clouds, options, live, terminalConfirm(process))))
    })
}
