const count = { type: 'integer', minimum: 0 }
const status = { type: 'integer', minimum: 100, maximum: 599 }

const kind = (
  name: string,
  properties: Readonly<Record<string, unknown>> = {},
  optional: readonly string[] = [],
): unknown => ({
  type: 'object',
  properties: { kind: { const: name }, ...properties },
  required: ['kind', ...Object.keys(properties).filter((key) => !optional.includes(key))],
  additionalProperties: false,
})

/** The JSON Schema of a `FaultRule`, for rules sent over HTTP. */
export const faultRuleSchema = {
  type: 'object',
  properties: {
    method: { type: 'string' },
    path: { type: 'string' },
    times: count,
    after: count,
    fault: {
      type: 'object',
      required: ['kind'],
      oneOf: [
        kind('latency', { ms: count }),
        kind('reset', { atByte: count }),
        kind('stall', { atByte: count }),
        kind('slow', { bytesPerSecond: { type: 'integer', minimum: 1 } }),
        kind('truncate', { atByte: count }),
        kind('oversize', { bytes: count }),
        kind('content-type', { value: { type: 'string' } }),
        kind(
          'status',
          { status, body: { type: 'string' }, headers: { type: 'object', additionalProperties: { type: 'string' } } },
          ['body', 'headers'],
        ),
        kind('html', { status }),
        kind('redirect', { location: { type: 'string' }, status }, ['status']),
        kind('gateway', { status, atByte: count }, ['atByte']),
        kind('cut', { atByte: count }, ['atByte']),
        kind('saving', { ms: count, fails: { type: 'boolean' } }, ['fails']),
        kind('silence'),
        kind('expire-token'),
        kind('host-key'),
        kind('loop'),
        kind('duplicate'),
        kind('odd-records'),
        kind('terminal-escapes'),
        kind('foreign-link', { origin: { type: 'string' } }),
      ],
    },
  },
  required: ['fault'],
  additionalProperties: false,
}
