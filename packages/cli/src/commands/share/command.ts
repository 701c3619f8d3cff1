import { defineCommand } from '../../command-line/command.ts'
import type { ExitCode } from '../../exit-code.ts'
import { image } from '../../options/arguments.ts'
import { memberOptions, options, type ShareOptions } from './options.ts'
import type { ShareCommand } from './run.ts'

const running = async (name: ShareCommand, word: string, chosen: ShareOptions): Promise<ExitCode> => {
  const [{ runWriteCommand }, { share: run }] = await Promise.all([
    import('../../writing/write-context.ts'),
    import('./run.ts'),
  ])
  return runWriteCommand(chosen, (context) => run(name, word, chosen, context))
}

const common = { group: 'Change images:', arguments: image } as const

export const share = defineCommand({
  ...common,
  name: 'share',
  summary: 'share an image with projects, or list its shares',
  options,
  examples: ['imago share lab:web', 'imago share lab:web --with other-project'],
  run: (given, chosen) => running('share', given.image, chosen),
})

export const unshare = defineCommand({
  ...common,
  name: 'unshare',
  summary: 'stop sharing an image with projects',
  options,
  examples: ['imago unshare lab:web --with other-project', 'imago unshare lab:web --with one --with two --dry-run'],
  run: (given, chosen) => running('unshare', given.image, chosen),
})

export const accept = defineCommand({
  ...common,
  name: 'accept',
  summary: 'accept an image that is shared with this project',
  options: memberOptions,
  examples: ['imago accept lab:web', 'imago accept lab:web --dry-run'],
  run: (given, chosen) => running('accept', given.image, chosen),
})

export const reject = defineCommand({
  ...common,
  name: 'reject',
  summary: 'reject an image that is shared with this project',
  options: memberOptions,
  examples: ['imago reject lab:web', 'imago reject lab:web --dry-run'],
  run: (given, chosen) => running('reject', given.image, chosen),
})
