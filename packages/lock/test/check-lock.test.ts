import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { checkLock, createLock, findPins, printLock, readWantedImages, type WantedImages } from '../src/index.ts'
import { createPin } from './pins.ts'

const wanted = (document: unknown): WantedImages => {
  const read = readWantedImages(document)
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left))
  return read.right
}
const WEB = { want: 'ubuntu@24.04/amd64', on: ['production', 'staging'] }
const pin = createPin({ image: 'web' })
const staging = createPin({ image: 'web', on: 'staging', cloud: 'staging' })
const lock = createLock([pin, staging])

describe('checkLock', () => {
  it('finds nothing if each requirement has its pins', () =>
    expect(checkLock(wanted({ images: { web: WEB } }), lock, printLock(lock))).toEqual([]))

  it.each([
    [
      'a missing pin',
      { images: { web: { ...WEB, on: ['production', 'staging', 'demo'] } } },
      [{ kind: 'missing', image: 'web', on: 'demo' }],
    ],
    [
      'a pin of no requirement',
      { images: { web: { ...WEB, on: ['production'] } } },
      [{ kind: 'unwanted', pin: staging }],
    ],
    [
      'another want',
      { images: { web: { ...WEB, want: 'ubuntu@22.04/amd64' } } },
      [
        { kind: 'outdated', pin },
        { kind: 'outdated', pin: staging },
      ],
    ],
    [
      'another option',
      { images: { web: { ...WEB, livesAtLeast: '90d' } } },
      [
        { kind: 'outdated', pin },
        { kind: 'outdated', pin: staging },
      ],
    ],
    ['a denied image', { images: { web: WEB }, deny: ['staging:id:161547269'] }, [{ kind: 'denied', pin: staging }]],
  ])('finds %s', (_, document, findings) =>
    expect(checkLock(wanted(document), lock, printLock(lock))).toEqual(findings),
  )

  it('finds a file that imago did not write', () =>
    expect(checkLock(wanted({ images: { web: WEB } }), lock, `${printLock(lock)}\n`)).toEqual([{ kind: 'format' }]))
})

describe('findPins', () => {
  it.each([
    ['staging', [staging]],
    ['hetzner/staging', [staging]],
    ['demo', []],
  ])('finds the pins on %s', (cloud, found) => expect(findPins(lock, 'web', cloud)).toEqual(found))
})
