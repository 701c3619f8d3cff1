import { describe, expect, it } from '@jest/globals'
import type { CloudObservation } from '@imago/core'
import { parseHTML } from 'linkedom'
import { compareStates } from '../../src/compare-states.ts'
import { readFacts } from '../../src/image-facts.ts'
import type { EarlierState } from '../../src/index.ts'
import { renderSummary } from '../../src/sections/summary.ts'
import { cutOff, NO_PRICES, NO_USAGE, observeCloud, snapshot, supportData } from '../observed.ts'

/** The tiles by label: `2 (1 in use)`. */
const readTiles = (clouds: readonly CloudObservation[], earlier?: EarlierState): Readonly<Record<string, string>> => {
  const observation = { at: '2026-11-30T00:00:00Z', clouds }
  const changes = earlier === undefined ? null : compareStates(observation, earlier)
  const { document } = parseHTML(renderSummary(readFacts({ observation, supportData }), clouds, changes).text)
  return Object.fromEntries(
    [...document.querySelectorAll('.tile')].map((tile) => {
      const [value, label, note] = ['strong', 'span', 'small'].map((name) => tile.querySelector(name)?.textContent)
      return [label ?? '', `${value} (${note})`]
    }),
  )
}

const IMAGES = [snapshot('used'), snapshot('unused')]
const UNKNOWN_SYSTEM = { os: { distro: null, version: null } }

describe('renderSummary', () => {
  it('shows unknown usage as unknown, with the list that was not read', () => {
    const tiles = readTiles([observeCloud(IMAGES, { usage: NO_USAGE })])
    expect(tiles['expired']).toBe('2 (usage is unknown)')
    expect(tiles['can be deleted']).toBe('– (usage is unknown (servers of prod: not allowed))')
  })

  it('shows usage that was not saved as unknown', () => {
    const usage = { ...NO_USAGE, sources: [] }
    expect(readTiles([observeCloud(IMAGES, { usage })])['can be deleted']).toBe(
      '– (usage is unknown (usage of prod: not available))',
    )
  })

  it('shows 0 deletable images if all are known to be used', () => {
    expect(readTiles([observeCloud([snapshot('used')])])['can be deleted']).toBe('0 (no unused images)')
  })

  it('counts the images of unknown usage beside deletable ones', () => {
    const other = { ...observeCloud([snapshot('1')]), usage: NO_USAGE }
    expect(readTiles([observeCloud(IMAGES), other])['can be deleted']).toBe(
      '1 (saves 0.10 EUR a month net; usage of 1 other image unknown)',
    )
  })

  it('shows no cost without prices', () => {
    expect(readTiles([observeCloud(IMAGES, { prices: NO_PRICES })])['a month']).toBe('– (prices are unknown)')
  })

  it('shows no cost if no size is known', () => {
    const images = [snapshot('1', { size: { stored: null } })]
    expect(readTiles([observeCloud(images)])['a month']).toBe('– (net; cost of 1 image unknown)')
  })

  it('shows a cost of 0 if prices are known and nothing is stored', () => {
    expect(readTiles([observeCloud([])])['a month']).toBe('0.00 EUR (net)')
  })

  it('shows of how many clouds prices are known', () => {
    const tiles = readTiles([observeCloud(IMAGES), observeCloud(IMAGES, { prices: NO_PRICES })])
    expect(tiles['a month']).toBe('0.20 EUR (net; prices of 1 of 2 clouds are known)')
  })

  it('shows gross prices as such if there are no others', () => {
    const { prices } = observeCloud([])
    const gross = { ...prices, prices: prices.prices && { ...prices.prices, perGbMonth: { net: null, gross: '0.02' } } }
    expect(readTiles([observeCloud(IMAGES, { prices: gross })])['a month']).toBe('0.40 EUR gross ()')
  })

  it('shows no number of expired images if no end is known', () => {
    const tiles = readTiles([observeCloud([snapshot('1', UNKNOWN_SYSTEM)])])
    expect(tiles['expired']).toBe('– (no end is known)')
    expect(tiles['expire within 90 days']).toBe('– (no end is known)')
  })

  it('shows lower bounds if a cloud was not listed completely', () => {
    const tiles = readTiles([observeCloud([], { images: cutOff(IMAGES) })])
    expect(tiles['images']).toBe('≥ 2 (in 1 cloud; 18.6 GiB stored as far as known; 1 cloud not listed completely)')
    expect(tiles['expired']).toBe('≥ 2 (1 in use)')
    expect(tiles['expire within 90 days']).toBe('– (not all images were listed)')
  })

  it('shows nothing as 0 if no image was listed', () => {
    const tiles = readTiles([observeCloud([], { images: cutOff([]), prices: NO_PRICES })])
    expect(Object.values(tiles).filter((text) => !text.startsWith('–'))).toEqual([])
  })

  it('counts changes, and shows unknown ones', () => {
    const earlier = { at: '2026-10-01T00:00:00Z', isComplete: true, images: [snapshot('used'), snapshot('gone')] }
    expect(readTiles([observeCloud(IMAGES)], earlier)['changes since 2026-10-01']).toBe(
      '2 (1 added, 1 removed, 0 changed)',
    )
    expect(readTiles([observeCloud([], { images: cutOff([snapshot('used')]) })], earlier)).toMatchObject({
      'changes since 2026-10-01': '– (0 added, 0 removed, 0 changed, 1 unknown)',
    })
  })
})
