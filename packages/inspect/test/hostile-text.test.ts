import { describe, it } from '@jest/globals'
import { expectLinear } from '../../../tools/jest/linear-time.ts'
import {
  descriptorFailures,
  hasType,
  isTextAtFirst,
  isSingleFile,
  parentFailures,
  startsAsDescriptor,
} from '../src/vmdk-descriptor.ts'

const DESCRIPTOR = '# Disk DescriptorFile\nversion=1\nCID=123a681f\nparentCID=ffffffff\ncreateType="monolithicSparse"\n'

/** Functions on text that the image's author wrote. */
const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  isSingleFile,
  hasType,
  startsAsDescriptor,
  isTextAtFirst,
  parentFailures,
  descriptorFailures,
}

describe('linear time for any text', () => {
  it.each(Object.keys(FUNCTIONS))('%s', (name) => {
    expectLinear((text) => FUNCTIONS[name]?.(DESCRIPTOR + text))
  })
})
