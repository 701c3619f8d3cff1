import { describe, expect, it } from '@jest/globals'
import type { CloudIdentity, CloudObservation, Image } from '@imago/core'
import { bareImage } from '@imago/testkit'
import { compareStates, sortEntries } from '../src/compare-states.ts'
import { cutOff, observeCloud } from './observed.ts'

const PROD: CloudIdentity = { provider: 'memory', cloud: 'prod', region: null }
const DEMO: CloudIdentity = { provider: 'memory', cloud: 'demo', region: null }
const UNNAMED: CloudIdentity = { provider: 'memory', cloud: null, region: null }

const image = (cloud: CloudIdentity, id: string): Image => bareImage(id, {}, cloud)

const observeIn = (cloud: CloudIdentity, ids: readonly string[], isComplete = true): CloudObservation => {
  const images = ids.map((id) => image(cloud, id))
  return { ...observeCloud(images), cloud, ...(isComplete ? {} : { images: cutOff(images) }) }
}

const compare = (
  clouds: readonly CloudObservation[],
  images: readonly Image[],
  earlierClouds?: readonly CloudIdentity[],
) =>
  compareStates(
    { at: '2026-11-30T00:00:00Z', clouds },
    { at: null, isComplete: true, images, ...(earlierClouds === undefined ? {} : { clouds: earlierClouds }) },
  )

describe('compareStates', () => {
  it('leaves only the changes of an incomplete cloud unknown', () => {
    const { counts } = compare([observeIn(PROD, []), observeIn(DEMO, [], false)], [image(PROD, '1'), image(DEMO, '1')])
    expect(counts).toEqual({ added: 0, removed: 1, changed: 0, unknown: 1 })
  })

  it('reports no image of a cloud that is not observed as removed', () => {
    const { counts, unobserved } = compare([observeIn(PROD, ['1'])], [image(PROD, '1'), image(DEMO, '1')])
    expect(counts.removed).toBe(0)
    expect(unobserved).toBe(1)
  })

  it('reports no image of a cloud without an earlier state as added', () => {
    const { counts, notCompared, compared } = compare(
      [observeIn(PROD, ['1']), observeIn(DEMO, ['1'])],
      [image(PROD, '1')],
    )
    expect(counts.added).toBe(0)
    expect(notCompared).toEqual([DEMO])
    expect(compared).toBe(1)
  })

  it('compares with a cloud that had no images', () => {
    expect(compare([observeIn(DEMO, ['1'])], [], [DEMO]).counts.added).toBe(1)
  })

  it.each([
    ['named', PROD],
    ['unnamed', UNNAMED],
  ])('reports an image of a %s cloud that is no longer selected as changed', (_, cloud) => {
    const renamed = bareImage('1', { name: 'renamed' }, cloud)
    const earlier = { at: null, isComplete: true, images: [image(cloud, '1')] }
    const { counts } = compareStates({ at: '2026-11-30T00:00:00Z', clouds: [observeIn(cloud, [])] }, earlier, [renamed])
    expect(counts).toEqual({ added: 0, removed: 0, changed: 1, unknown: 0 })
  })

  it('reports an image that was not selected earlier as changed', () => {
    const now = { at: '2026-11-30T00:00:00Z', clouds: [observeIn(PROD, ['1'])] }
    const unselected = [bareImage('1', { name: 'earlier' }, PROD)]
    const { counts } = compareStates(now, { at: null, isComplete: true, images: [], unselected, clouds: [PROD] })
    expect(counts).toEqual({ added: 0, removed: 0, changed: 1, unknown: 0 })
  })

  it('compares with saved images that do not name their cloud', () => {
    const { counts } = compare([observeIn(PROD, ['1'])], [image(UNNAMED, '1'), image(UNNAMED, '2')])
    expect(counts).toEqual({ added: 0, removed: 1, changed: 0, unknown: 0 })
  })
})

describe('sortEntries', () => {
  it('returns removed images first, and unknown ones last', () => {
    const { entries } = compare(
      [observeIn(DEMO, [], false), observeIn(PROD, ['new'])],
      [image(DEMO, '1'), image(PROD, 'old')],
    )
    expect(sortEntries(entries).map(({ state }) => state)).toEqual(['removed', 'added', 'unknown'])
  })
})
