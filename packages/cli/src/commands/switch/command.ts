import { defineCommand } from '../../command-line/command.ts'
import { images } from '../../options/arguments.ts'
import { options } from './options.ts'
import type { SwitchName } from './run.ts'

/** A command that makes a thing so of images, or no longer so. */
const switching = (name: SwitchName, summary: string) =>
  defineCommand({
    name,
    group: 'Change:',
    summary,
    arguments: images,
    options,
    examples: [`imago ${name} lab:web`, `imago ${name} lab:web lab:db --dry-run`],
    run: async (given, chosen) => {
      const [{ runWriteCommand }, { flip }] = await Promise.all([
        import('../../writing/write-context.ts'),
        import('./run.ts'),
      ])
      return runWriteCommand(chosen, (context) => flip(name, given.images, chosen, context))
    },
  })

export const protect = switching('protect', 'protect images against deletion')
export const unprotect = switching('unprotect', 'lift the protection against deletion')
export const hide = switching('hide', 'hide images from default lists')
export const unhide = switching('unhide', 'show images in default lists again')
export const deactivate = switching('deactivate', 'withhold the data of images')
export const reactivate = switching('reactivate', 'make the data of images available again')
