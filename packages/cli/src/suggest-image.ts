import { pages } from '@imago/core'
import type { ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from './live.ts'
import { formatImageAddress, type ImageAddress } from './parse-address.ts'
import { formatSuggestion } from './format-suggestion.ts'

/** Number of images of each cloud that are compared with a name that was not found. */
const MAX_COMPARED_IMAGES = 1000

/** The hint if no name resembles the address. */
const CHECK_ADDRESS = 'Check the ID or name, the project and the region'

/** The names of images, or the descriptions of those without a name. A cloud that fails has none. */
const listNames = async (live: LiveContext, target: ProviderCloud): Promise<readonly string[]> => {
  const opened = await live.open(target)
  if (E.isLeft(opened)) return []
  const names: string[] = []
  for await (const page of pages(opened.right, {}, { signal: live.signal, limit: MAX_COMPARED_IMAGES })) {
    if (E.isLeft(page)) return names
    for (const { name, description } of page.right.items) {
      const word = name ?? description
      if (word !== null && word !== '') names.push(word)
    }
  }
  return names
}

const toName = ({ image }: ImageAddress): string | null =>
  'idOrName' in image ? image.idOrName : 'name' in image ? image.name : null

/**
 * The message that an image was not found: `image not found: prod:golden-ap. Did you mean golden-app?` Lists the images of the clouds to suggest a name,
 * unless the address has an ID. `detail` follows the address, `advice` replaces the hint if no name is similar.
 */
export const imageNotFound = async (
  live: LiveContext,
  targets: readonly ProviderCloud[],
  address: ImageAddress,
  { detail = '', advice = CHECK_ADDRESS }: { readonly detail?: string; readonly advice?: string | undefined } = {},
): Promise<string> => {
  const what = `image not found: ${formatImageAddress(address)}${detail}`
  const name = toName(address)
  const names = name === null ? [] : (await Promise.all(targets.map((target) => listNames(live, target)))).flat()
  // A name that exists has been excluded by other options.
  const suggestion = name === null || names.includes(name) ? '' : formatSuggestion(name, names)
  return suggestion === '' ? `${what}. ${advice}` : `${what}${suggestion}`
}
