import { describe, expect, it } from '@jest/globals'
import { cutOff, observeCloud, snapshot } from '../observed.ts'
import { read } from './reading.ts'

describe('the section of operating systems', () => {
  it('marks operating systems that may exist in it', () => {
    const other = {
      ...observeCloud([]),
      cloud: { provider: 'memory', cloud: 'down', region: null },
      images: cutOff([]),
    }
    const table = '[aria-labelledby="matrix"] table'
    expect(read([observeCloud([snapshot('1')]), other], table)).toContain('down (incomplete)')
    expect(read([observeCloud([snapshot('1')]), other], `${table} tbody`)).toBe('debian 12 1?')
  })
})
