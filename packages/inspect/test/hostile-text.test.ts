import { describe, test } from '@jest/globals'
import { expectLinear } from '../../../tools/jest/linear-time.ts'
import { descriptorFailures, hasType, isTextAtFirst, isWhole, parentFailures, startsAsDescriptor } from '../src/vmdk-descriptor.ts'

const DESCRIPTOR = '# Disk DescriptorFile\nversion=1\nCID=123a681f\nparentCID=ffffffff\ncreateType="monolithicSparse"\n'

/** Whoever made the image wrote these texts. */
const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = { isWhole, hasType, startsAsDescriptor, isTextAtFirst, parentFailures, descriptorFailures }

describe('takes linear time, whatever the text repeats', () => {
  test.each(Object.keys(FUNCTIONS))('%s', (name) => {
    expectLinear((text) => FUNCTIONS[name]?.(DESCRIPTOR + text))
  })
})
