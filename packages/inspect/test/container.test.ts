import { describe, expect, it } from '@jest/globals'
import { isInContainer } from '../src/index.ts'
import { bytes, padded, TAR, createTar, ZIP } from './contents.ts'
import { inspect, zeros } from './images.ts'

const GZIP = padded(bytes('\x1f\x8b\x08\0'))

describe('isInContainer', () => {
  it.each<readonly [string, string, Uint8Array]>([
    ['an OVA', 'ova', createTar('appliance.ovf')],
    ['an OVA without a descriptor in front', 'ova', TAR],
    ['a Docker image', 'docker', TAR],
    ['a compressed Docker image', 'docker', GZIP],
    ['compressed bytes', 'compressed', GZIP],
    ['an archive in place of compressed bytes', 'compressed', ZIP],
    ['an archive in an unknown container', 'constructor', ZIP],
  ])('accepts %s', (_, container, image) => expect(isInContainer(inspect(image), container)).toBe(true))

  it.each<readonly [string, string, Uint8Array]>([
    ['a raw disk', 'ova', zeros(4096)],
    ['compressed bytes', 'ova', GZIP],
    ['a zip archive', 'docker', ZIP],
    ['a text', 'compressed', bytes('Not Found')],
  ])('refuses %s', (_, container, image) => expect(isInContainer(inspect(image), container)).toBe(false))
})
