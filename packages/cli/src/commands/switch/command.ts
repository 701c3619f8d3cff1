import { defineCommand } from '../../command-line/command.ts'
import { namedImages } from '../../options/arguments.ts'
import { options } from './options.ts'
import type { SwitchName } from './run.ts'

/** A command that turns one property of images on or off. */
const switching = (name: SwitchName, summary: string) =>
  defineCommand({
    name,
    group: 'Change images:',
    summary,
    arguments: namedImages,
    options,
    examples: [
      `imago ${name} lab:web`,
      `imago ${name} lab:web lab:db --dry-run`,
      `imago ${name} --cloud lab --tag golden`,
    ],
    run: async (given, chosen) => {
      const [{ runWriteCommand }, { flip }] = await Promise.all([
        import('../../writing/write-context.ts'),
        import('./run.ts'),
      ])
      return runWriteCommand(chosen, (context) => flip(name, given.images, chosen, context))
    },
  })

export const protect = switching('protect', 'protect images against deletion')
export const unprotect = switching('unprotect', 'allow protected images to be deleted')
export const hide = switching('hide', 'hide images from default listings')
export const unhide = switching('unhide', 'show hidden images in default listings again')
export const deactivate = switching('deactivate', 'deactivate images, so that their data cannot be downloaded')
export const reactivate = switching('reactivate', 'reactivate images, so that their data can be downloaded again')
