import { describe, expect, it } from '@jest/globals'
import { parseListen } from '../../../../src/commands/fleet/worker/run.ts'

describe('parseListen', () => {
  it.each([
    ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
  ])('reads %s', (text, address) => expect(parseListen(text)).toEqual(address))

  it.each(['9464', ':9464', '127.0.0.1', '127.0.0.1:65536', '::1:9464', 'http://127.0.0.1:9464'])(
    'refuses %s',
    (text) =>
      expect(() => parseListen(text)).toThrow(
        `--listen: invalid value "${text}". Use HOST:PORT, such as 127.0.0.1:9464`,
      ),
  )
})
