import { Option, type Command } from 'commander'
import { format, renamedOption, several, severalOf } from './command-options.ts'
import type { ExitCode } from './exit-code.ts'
import { withLiveOptions } from './live-command.ts'

const many = (flags: string, description: string): Option => several(flags, `${description} (may be given several times)`)
/** For scripts that give it to all that writes: these commands do not ask. */
const withoutAsking = (): Option => new Option('-y, --yes', 'do it: as it does without').hideHelp()
const withFields = (): Option => new Option('--fields', 'of several images too, tell each field and step')
const plainFormat = (): Option => format(['table', 'json'])

/** What a user may wish of the new image. */
const withWishes = (command: Command): Command =>
  command
    .addOption(new Option('--name <name>', 'the name of the new image; the one it has, unless said'))
    .addOption(new Option('--description <text>', 'its description'))
    .addOption(new Option('--disk-format <format>', 'what it is to be: converted by qemu-img if it is something else'))
    .addOption(new Option('--source-format <format>', 'what a file or URL is; it is inspected all the same'))
    .addOption(new Option('--compression <kind>', 'how a file or URL is compressed').choices(['gzip', 'xz', 'zstd', 'bzip2', 'none']))
    .addOption(new Option('--archive <kind>', 'whether to take the disk out of an archive; default: as the bytes of the source tell').choices(['tar', 'none']))
    .addOption(new Option('--member <name>', 'file in the archive that is the disk; needed only if there are several'))
    .addOption(new Option('--arch <name>', 'tells images of one name apart; the architecture of a file, of a URL, and of an image that does not say it'))
    .addOption(new Option('--visibility <who>', 'who can see it').choices(['public', 'private', 'shared', 'community']))
    .addOption(new Option('--protect', 'protect it against deletion'))
    .addOption(many('--label <key=value>', 'a label besides those that are carried'))
    .addOption(many('--tag <tag>', 'a tag besides those that are carried'))
    .addOption(many('--property <key=value>', 'a property besides those that are carried'))
    .addOption(new Option('--min-disk <size>', 'the disk it needs: 10GiB'))
    .addOption(new Option('--min-ram <size>', 'the memory it needs: 512MiB'))
    .addOption(new Option('--store <name>', 'the store of the target to keep it in'))

/** What the publisher says of the source. */
const withSourceDigests = (command: Command): Command =>
  command
    .addOption(many('--digest <algorithm:hex>', 'check the source against its publisher\'s digest, before it is unpacked'))
    .addOption(many('--digest-file <file>', 'check the source against a file or URL of digests: SHA256SUMS, CHECKSUM …'))

/** Which images of a cloud are meant with `--all`. */
const withSelection = (command: Command): Command =>
  command
    .addOption(new Option('--all', 'the sources are clouds: all of their images that fit'))
    .addOption(many('--except <image>', 'with --all: but not this one, by its id or name'))
    .addOption(new Option('--os <id>', 'with --all: distribution'))
    .addOption(new Option('--os-version <version>', 'with --all: its version'))
    .addOption(new Option('--status <word>', 'with --all: available, pending …'))
    .addOption(new Option('--kind <word>', 'with --all: system, snapshot, image …'))
    .addOption(new Option('--owner <project>', 'with --all: owned by this project'))
    .addOption(new Option('--older-than <age>', 'with --all: made before: 30d, 12h, or a date'))
    .addOption(new Option('--text <text>', 'with --all: with this somewhere in id, name or description'))

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

const loaded = () => Promise.all([import('./live-command.ts'), import('./moving/urls.ts')])

/** Adds the commands that move images. */
export const addMovingCommands = (program: Command, exit: (code: ExitCode) => void): void => {
  const command = (name: string, description: string): Command => withLiveOptions(program.command(name).description(description))

  withSelection(withSourceDigests(withWishes(command('plan', 'tell what a move would keep, translate and lose, take and cost').argument('<from-and-to...>', ENDS))))
    .addOption(allowOption())
    .addOption(withFields())
    .addOption(plainFormat())
    .action(async (words: string[], options) => {
      const [[{ runLiveCommand }, { createUrls }], { plan }] = await Promise.all([loaded(), import('./commands/plan.ts')])
      exit(await runLiveCommand({ options }, (live) => plan(words, options, live, createUrls(live, words))))
    })

  withMoving(withSelection(withSourceDigests(withWishes(command('copy', 'move images between clouds, files and URLs: shows the plan, and with --yes does it').argument('<from-and-to...>', ENDS)))))
    .addOption(new Option('-y, --yes', 'do it'))
    .addOption(withFields())
    .addOption(plainFormat())
    .action(async (words: string[], options) => {
      const [[{ runLiveCommand }, { createUrls }], { copy }] = await Promise.all([loaded(), import('./commands/copy.ts')])
      exit(
        await runLiveCommand({ options }, (live) => copy(words, options, live, createUrls(live, words), process.env)),
      )
    })

  withMoving(withSourceDigests(command('download', 'write the data of an image to a file')).argument('<image>', 'an image, as [provider/]cloud[@region]:image'))
    .addOption(new Option('-O, --file <file>', 'the file').makeOptionMandatory())
    .addOption(withoutAsking())
    .addOption(new Option('--arch <name>', 'tells images of one name apart: x86_64, aarch64 …'))
    .addOption(new Option('--disk-format <format>', 'convert it by qemu-img'))
    .addOption(plainFormat())
    .action(async (word: string, options) => {
      const [[{ runLiveCommand }, { createUrls }], { copy }, { fileWord }] = await Promise.all([loaded(), import('./commands/copy.ts'), import('./moving/ends.ts')])
      exit(
        await runLiveCommand({ options }, (live) => copy([word, fileWord(options.file)], { ...options, yes: true }, live, createUrls(live, []), process.env)),
      )
    })

  withMoving(withSourceDigests(withWishes(command('upload', 'make an image of a file').argument('<file>', 'the file').argument('<cloud:>', 'the cloud, as cloud: or cloud:name'))))
    .addOption(withoutAsking())
    .addOption(plainFormat())
    .action(async (file: string, cloud: string, options) => {
      const [[{ runLiveCommand }, { createUrls }], { copy }, { fileWord }] = await Promise.all([loaded(), import('./commands/copy.ts'), import('./moving/ends.ts')])
      exit(
        await runLiveCommand({ options }, (live) => copy([fileWord(file), cloud], { ...options, yes: true }, live, createUrls(live, []), process.env)),
      )
    })

  withMoving(command('apply', 'do what imago plan -o json has planned').argument('<plans...>', 'files; - is standard input'))
    .addOption(many('--url <url>', 'a URL of a plan, with its secrets: plans hold none'))
    .addOption(plainFormat())
    .action(async (files: string[], options) => {
      const [[{ runLiveCommand }, { createUrls }], { apply }] = await Promise.all([loaded(), import('./commands/apply.ts')])
      exit(await runLiveCommand({ options }, (live) => apply(files, options, live, createUrls(live, options.url ?? []).open, process)))
    })

  withMoving(command('resume', 'go on with moves that were interrupted').argument('[runs...]', 'their ids, or the beginnings of them; all, unless said'))
    .addOption(new Option('--list', 'only tell which there are, but for those that are done'))
    .addOption(new Option('--all', 'with --list: those that are done, too'))
    .addOption(new Option('--forget', 'drop the runs that are named, and what waits of them in the spool').conflicts('list'))
    .addOption(many('--url <url>', 'a URL of a plan, with its secrets: plans hold none'))
    .addOption(plainFormat())
    .action(async (runs: string[], options) => {
      const [[{ runLiveCommand }, { createUrls }], { resume }] = await Promise.all([loaded(), import('./commands/resume.ts')])
      exit(await runLiveCommand({ options }, (live) => resume(runs, options, live, createUrls(live, options.url ?? []).open, process.env)))
    })

  command('cleanup', 'find what killed moves left in clouds, and remove it')
    .argument('[clouds...]', '[provider/]cloud[@region]; all that are configured, unless said')
    .addOption(new Option('--run <id>', 'only what this run left'))
    .addOption(new Option('-y, --yes', 'do not ask'))
    .addOption(plainFormat())
    .action(async (clouds: string[], options) => {
      const [{ runLiveCommand }, { cleanup }, { terminalConfirm }] = await Promise.all([import('./live-command.ts'), import('./commands/cleanup.ts'), import('./writing/confirm.ts')])
      exit(await runLiveCommand({ options }, (live) => cleanup(clouds, options, live, terminalConfirm(process))))
    })
}
