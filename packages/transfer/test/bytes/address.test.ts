import { describe, expect, it } from '@jest/globals'
import { parseAddress, findScope, type Scope } from '../../src/bytes/address.ts'

describe('parseAddress and findScope', () => {
  it.each<[Scope, string]>([
    ['public', '1.1.1.1'],
    ['public', '172.32.0.1'],
    ['public', '2606:4700:4700::1111'],
    ['public', '::ffff:8.8.8.8'],
    ['public', '64:ff9b::808:808'],
    ['private', '10.1.2.3'],
    ['private', '172.31.255.255'],
    ['private', '192.168.0.1'],
    ['private', '100.64.0.1'],
    ['private', '224.0.0.1'],
    ['private', '255.255.255.255'],
    ['private', 'fd00::1'],
    ['private', 'ff02::1'],
    ['private', '::ffff:10.0.0.1'],
    ['private', '2002:a00:1::'],
    ['link-local', '169.254.169.254'],
    ['link-local', 'fe80::1%eth0'],
    ['link-local', '::ffff:a9fe:a9fe'],
    ['link-local', '64:ff9b::169.254.169.254'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.0.1'],
    ['loopback', '0.0.0.0'],
    ['loopback', '::1'],
    ['loopback', '::'],
    ['loopback', '0:0:0:0:0:0:0:1'],
    ['loopback', '::ffff:127.0.0.1'],
    ['loopback', '::127.0.0.1'],
    ['loopback', '::ffff:0:127.0.0.1'],
    ['loopback', '64:ff9b:1::7f00:1'],
  ])('returns %s for %s', (scope, address) => {
    expect(findScope(address)).toBe(scope)
  })

  it.each([
    'http://0x7f000001/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0::1]/',
  ])('recognizes an IP address in the notation %s', (text) => {
    const address = parseAddress(new URL(text).hostname)
    expect(address === null ? null : findScope(address)).toBe('loopback')
  })

  it('returns null for a name', () => {
    expect(parseAddress('localhost')).toBeNull()
    expect(parseAddress('127.0.0.1.example.org')).toBeNull()
  })
})
