import { describe, expect, it, test } from '@jest/globals'
import * as t from 'io-ts'
import { wireCodecLaws } from '@imago/testkit'
import * as schema from '../src/index.ts'

const codecs = Object.entries<unknown>(schema).filter((entry): entry is [string, t.Mixed] => entry[1] instanceof t.Type)

describe('laws of the Hetzner codecs', () => {
  it('every codec has the name of its export', () => {
    expect(codecs.length).toBeGreaterThan(25)
    expect(codecs.map(([, codec]) => codec.name)).toEqual(codecs.map(([name]) => name))
  })

  for (const [name, codec] of codecs) wireCodecLaws({ describe, test }, name, codec)
})
