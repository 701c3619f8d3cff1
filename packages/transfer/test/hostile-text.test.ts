import { describe, it } from '@jest/globals'
import { expectLinear } from '../../../tools/jest/linear-time.ts'
import { parseAddress } from '../src/bytes/address.ts'
import { maskUrl } from '../src/bytes/mask-url.ts'
import {
  fromLabelKey,
  fromLabelValue,
  fromPropertyName,
  isLabel,
  toLabelKey,
  toLabelValue,
  toPropertyName,
} from '../src/metadata/label-text.ts'
import { parseDigestFile } from '../src/digests/digest-file.ts'
import { parseExpectedDigest } from '../src/digests/expected-digest.ts'
import { parseJournal } from '../src/journal/lines.ts'
import { parseJson } from '../src/plan/parse-json.ts'

/** Parsers of text from files, servers and other tenants. */
const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  parseAddress,
  maskUrl,
  'maskedUrl of what is not a URL': (text) => maskUrl(`x:${text}`),
  isLabel: (text) => isLabel(text, text),
  toLabelValue,
  fromLabelValue,
  toLabelKey: (text) => toLabelKey('property', text),
  fromLabelKey: (text) => fromLabelKey(`imago.property/${text}`),
  toPropertyName,
  fromPropertyName: (text) => fromPropertyName(`imago_label_${text}`),
  parseDigestFile: (text) => parseDigestFile(Buffer.from(text), 'SHA256SUMS'),
  parseExpectedDigest,
  parseJournalLines: (text) => parseJournal('00000000-0000-5000-8000-000000000000', Buffer.from(text)),
  parseJson,
}

describe('parsers of untrusted text', () => {
  it.each(Object.keys(FUNCTIONS))('%s takes linear time for repeated text', (name) => {
    expectLinear(FUNCTIONS[name] ?? (() => undefined))
  })
})
