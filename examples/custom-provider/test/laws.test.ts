import { describe, test } from '@jest/globals'
import { mappingLaws, recordArbitrary, wireCodecLaws } from '@imago/testkit'
import { DigitalOceanImage, digitaloceanReader } from '../src/digitalocean.mjs'

wireCodecLaws({ describe, test }, 'DigitalOceanImage', DigitalOceanImage)

const records = recordArbitrary(DigitalOceanImage, {
  words: { slug: ['ubuntu-24-04-x64', 'debian-12-x64'], created_at: ['2024-04-26T14:29:35Z'] },
})

mappingLaws({ describe, test }, digitaloceanReader, records)
