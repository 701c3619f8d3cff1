import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { bareImage, createMemorySource } from '@imago/testkit'
import { parseImageAddress } from '../src/resolve-image.ts'
import { imageNotFound } from '../src/suggest-image.ts'
import { hetznerCloud, memoryLive } from './live.ts'

const prod = hetznerCloud('prod')

const images = [
  bareImage('7', { name: 'golden-app' }),
  bareImage('8', { name: null, description: 'before the upgrade' }),
]

const live = memoryLive({
  clouds: [prod],
  open: (target: ProviderCloud) => createMemorySource({ cloud: toIdentity(target), images }),
})

const message = (text: string, options?: Parameters<typeof imageNotFound>[3]): Promise<string> =>
  imageNotFound(live, [prod], parseImageAddress(text), options)

describe('imageNotFound', () => {
  it.each([
    ['prod:golden-ap', 'image not found: prod:golden-ap. Did you mean golden-app?'],
    ['prod:name:golden-ap', 'image not found: prod:name:golden-ap. Did you mean golden-app?'],
    ['prod:before the upgrad', 'image not found: prod:before the upgrad. Did you mean before the upgrade?'],
  ])('suggests a similar name or description for %s', async (text, expected) => {
    expect(await message(text)).toBe(expected)
  })

  it('returns the hint if no name is similar, or the address has an ID', async () => {
    const hint = 'Check the ID or name, the project and the region'
    expect(await message('prod:windows')).toBe(`image not found: prod:windows. ${hint}`)
    expect(await message('prod:id:golden-ap')).toBe(`image not found: prod:id:golden-ap. ${hint}`)
  })

  it('does not suggest a name that other options exclude', async () => {
    expect(await message('prod:golden-app', { detail: ' for aarch64', advice: 'Change --arch' })).toBe(
      'image not found: prod:golden-app for aarch64. Change --arch',
    )
  })

  it('returns the hint if the cloud cannot be listed', async () => {
    const fails = memoryLive({
      clouds: [prod],
      open: () => unavailable(createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'listPage'), { what: 'down' }),
    })
    expect(await imageNotFound(fails, [prod], parseImageAddress('prod:golden-ap'), { advice: 'Retry' })).toBe(
      'image not found: prod:golden-ap. Retry',
    )
  })
})
