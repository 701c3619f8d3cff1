import { describe, expect, it } from '@jest/globals'
import { observeCloud, snapshot } from '../observed.ts'
import { INCOMPLETE, read } from './reading.ts'

describe('the section of notices', () => {
  it('begins with what is missing', () => {
    expect(read([INCOMPLETE], '.notice')).toContain(
      'prod: not all images were listed; usage is unknown or incomplete (servers: not allowed)',
    )
    expect(read([INCOMPLETE], 'header')).toContain('At least 1 image in 1 cloud')
  })

  it('has no notice', () => {
    expect(read([observeCloud([snapshot('1')])], '.notice')).toBeNull()
  })
})
