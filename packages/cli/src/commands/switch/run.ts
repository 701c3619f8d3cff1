import { perform, type ImageResult, type Image } from '@imago/core'
import type { ExitCode } from '../../exit-code.ts'
import { describeImage, type FoundImage } from '../../resolve-image.ts'
import { changeEach } from '../../writing/change-each.ts'
import type { WriteContext } from '../../writing/write-context.ts'
import type { SwitchOptions } from './options.ts'

/** The state after each command. */
const NOW: Readonly<Record<SwitchName, string>> = {
  protect: 'is protected',
  unprotect: 'is no longer protected',
  hide: 'is hidden',
  unhide: 'is no longer hidden',
  deactivate: 'is deactivated',
  reactivate: 'is active',
}

type Switch = (found: FoundImage, context: WriteContext) => ImageResult<Image>

/** The commands that turn a property of an image on or off, in pairs. */
export const SWITCHES = {
  protect: ({ source, image }, { signal }) => perform(source, 'protect', image.ref.id, true, { signal }),
  unprotect: ({ source, image }, { signal }) => perform(source, 'protect', image.ref.id, false, { signal }),
  hide: ({ source, image }, { signal }) => perform(source, 'hide', image.ref.id, true, { signal }),
  unhide: ({ source, image }, { signal }) => perform(source, 'hide', image.ref.id, false, { signal }),
  deactivate: ({ source, image }, { signal }) => perform(source, 'deactivate', image.ref.id, true, { signal }),
  reactivate: ({ source, image }, { signal }) => perform(source, 'deactivate', image.ref.id, false, { signal }),
} satisfies Readonly<Record<string, Switch>>

export type SwitchName = keyof typeof SWITCHES

/** `imago protect`, `unprotect`, `hide`, `unhide`, `deactivate`, `reactivate`. */
export const flip = (
  name: SwitchName,
  words: readonly string[],
  options: SwitchOptions,
  context: WriteContext,
): Promise<ExitCode> =>
  changeEach(
    context,
    words,
    options,
    (found) => [SWITCHES[name](found, context)],
    (image) => `${describeImage(image)} ${NOW[name]}`,
    name === 'unhide' ? { hidden: 'only' } : undefined,
  )
