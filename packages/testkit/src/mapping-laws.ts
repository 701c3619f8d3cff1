import assert from 'node:assert/strict'
import { toIssues, type Pointer } from '@imago/codec'
import {
  getEmptyValue,
  FIELD_NAMES,
  getFieldValue,
  FIELDS,
  Image,
  isJsonObject,
  OTHER_KEYS,
  type Dialect,
  type FieldName,
  type ImageReader,
  type JsonObject,
  type RecordLocation,
} from '@imago/core/provider'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type { TestRunner } from './codec-laws.ts'
import {
  without,
  formatValue,
  isPlainJson,
  cloneValue,
  mustEqual,
  findDifference,
  lookUp,
  only,
} from './json-values.ts'

/** Options of `mappingLaws`. */
export interface MappingLawsOptions {
  /** The dialect of the records. Default: that of the API. */
  readonly dialect?: Dialect | undefined
  /** The number of records per law. */
  readonly numRuns?: number | undefined
}

const PLACE: RecordLocation = { cloud: 'lab', region: 'R1', pointer: '/images/3' }

/** The key of the ID in the API, and its name in a dialect. */
const idKeys = (reader: ImageReader, dialect: Dialect | undefined): readonly string[] => {
  const wire = reader.fields.find(({ field }) => field === 'ref.id')?.steps[0]?.reads[0] ?? 'id'
  return [wire, ...[...(dialect?.translation?.rename ?? [])].filter(([, to]) => to === wire).map(([from]) => from)]
}

/** Returns `record` without its ID, wherever the dialect keeps it. */
const withoutId = (record: JsonObject, keys: readonly string[], dialect: Dialect | undefined): JsonObject => {
  const isId = (key: string): boolean => keys.includes(key)
  const lifted = Object.entries(without(record, isId)).map(([key, value]) => [
    key,
    dialect?.translation?.lift?.has(key) === true && isJsonObject(value) ? without(value, isId) : value,
  ])
  return Object.fromEntries(lifted)
}

/**
 * Registers tests of the laws of an adapter's offline half, for any record: it never throws; a record with an ID gives an image; `raw` holds the
 * full, unchanged record; `explain` agrees with `read` on every field; every drift entry points at existing data; records do not affect each other.
 *
 * @example mappingLaws({ describe, test }, openstackReader, recordArbitrary(GlanceImage))
 */
export const mappingLaws = (
  { describe, test }: TestRunner,
  reader: ImageReader,
  records: fc.Arbitrary<JsonObject>,
  { dialect, numRuns = 200 }: MappingLawsOptions = {},
): void => {
  const holds = (law: (record: JsonObject) => void, runs = numRuns): void =>
    fc.assert(fc.property(records, law), { numRuns: runs, includeErrorInReport: true })
  const read = (record: unknown): ReturnType<ImageReader['read']> => reader.read(record, PLACE, dialect)
  const explain = (record: unknown): ReturnType<ImageReader['explain']> => reader.explain(record, PLACE, dialect)
  const ids = idKeys(reader, dialect)
  const reference = new Map(reader.fields.map((field) => [field.field, field]))

  /** Formats a field for a failure message: the values from `read` and `explain`, and the part of the record that the field is read from. */
  const formatField = (record: JsonObject, image: Image, field: FieldName): string => {
    const explained = explain(record)
    const found = E.isLeft(explained) ? undefined : explained.right.fields.find((one) => one.field === field)
    const sources = (found?.sources ?? []).map(({ wire, pointer, value }) =>
      pointer === null ? `no ${wire}` : `${formatValue(value)} at ${pointer}`,
    )
    return `field ${field}: normalize gave ${formatValue(getFieldValue(image, field))}; explain gave ${found === undefined ? 'nothing' : formatValue(found.value)}; the record has ${sources.length === 0 ? 'nothing of it' : sources.join(', ')}`
  }

  /** Throws for the first field whose value is invalid in an `Image` of plain JSON. */
  const mustBeImage = (record: JsonObject, image: Image): void => {
    const decoded = Image.decode(image)
    const issues = E.isLeft(decoded) ? toIssues(decoded.left) : []
    const isAbout = (field: FieldName, pointer: Pointer): boolean =>
      `${pointer}/`.startsWith(`/${field.replace('.', '/')}/`)
    for (const field of FIELD_NAMES) {
      const issue = issues.find(({ pointer }) => isAbout(field, pointer))
      if (issue !== undefined) assert.fail(`${formatField(record, image, field)}. An Image has ${issue.expected} there`)
      if (!isPlainJson(getFieldValue(image, field)))
        assert.fail(`${formatField(record, image, field)}. That is not plain JSON`)
    }
    assert.deepEqual(issues, [], 'it is an Image')
    assert.ok(isPlainJson({ ...image, raw: null }), 'it is plain JSON')
  }

  describe(`laws of reading ${reader.title}, dialect ${dialect?.name ?? 'api'}`, () => {
    test('a record is converted to an Image of plain JSON, or rejected with a reason', () => {
      holds((record) => {
        const result = read(record)
        if (E.isLeft(result)) {
          assert.ok(result.left.issues.length > 0, 'a rejection has a reason')
          assert.ok(
            result.left.issues.every(({ pointer }) => pointer.startsWith(PLACE.pointer)),
            'issues point from the root of the document',
          )
          assert.deepEqual([result.left.provider, result.left.pointer], [reader.provider, PLACE.pointer])
          assert.equal(result.left.raw, record)
          return
        }
        const { image } = result.right
        mustBeImage(record, image)
        assert.deepEqual(
          [image.ref.provider, image.ref.cloud, image.ref.region],
          [reader.provider, PLACE.cloud, PLACE.region],
        )
        assert.notEqual(image.ref.id, undefined)
      })
    })

    test('any JSON value is read, explained or rejected without exceptions', () => {
      fc.assert(
        fc.property(fc.oneof(records, fc.jsonValue()), (u) => {
          assert.equal(E.isLeft(read(u)), E.isLeft(explain(u)))
          const recognition = reader.recognize(u)
          assert.notEqual(recognition.reason, '')
          if (recognition.known) assert.ok(reader.dialects.includes(recognition.dialect))
        }),
        { numRuns, includeErrorInReport: true },
      )
    })

    test('raw is the full, unchanged record', () => {
      holds((record) => {
        const before = cloneValue(record) as JsonObject
        const text = JSON.stringify(record)
        const result = read(record)
        const raw = E.isRight(result) ? result.right.image.raw : result.left.raw
        assert.equal(raw, record)
        mustEqual(raw, before, 'raw')
        assert.equal(JSON.stringify(raw), text, 'its keys are in the same order')
        assert.ok(
          Object.keys(before).every((key) => Object.hasOwn(raw as object, key)),
          'every key of the record is in raw',
        )
      })
    })

    test('explain agrees with read on every field', () => {
      holds((record) => {
        const result = read(record)
        const explained = explain(record)
        if (E.isLeft(result)) return mustEqual(explained, result, 'the rejection by explain')
        assert.ok(E.isRight(explained), 'what can be read can be explained')
        assert.deepEqual(explained.right.ref, result.right.image.ref)
        assert.equal(explained.right.dialect, (dialect ?? reader.dialects[0])?.name)
        assert.deepEqual(
          explained.right.fields.map(({ field }) => field),
          FIELD_NAMES,
        )
        for (const { field, value, evidence } of explained.right.fields) {
          if (findDifference(value, getFieldValue(result.right.image, field)) !== null)
            assert.fail(formatField(record, result.right.image, field))
          assert.equal(
            evidence === 'unsupported',
            reference.get(field)?.steps.length === 0,
            `${field}: the evidence is unsupported if, and only if, the field has no rule`,
          )
          if (evidence === 'unknown' || evidence === 'unsupported')
            assert.deepEqual(
              value,
              getEmptyValue(field),
              `${field}: a field with the evidence ${evidence} has no value`,
            )
        }
      })
    })

    test('the source of a field alone gives the same value', () => {
      holds(
        (record) => {
          const explained = explain(record)
          if (E.isLeft(explained)) return
          const [id] = explained.right.fields.flatMap(({ field, sources }) => (field === 'ref.id' ? sources : []))
          for (const { field, value, evidence, why, sources } of explained.right.fields) {
            const { steps = [] } = reference.get(field) ?? {}
            assert.notEqual(why, '')
            for (const { wire, pointer, value: said } of sources) {
              assert.ok(
                steps.some(({ reads }) => reads.includes(wire)),
                `${field} reads ${wire}`,
              )
              assert.deepEqual(
                pointer === null ? { value: null } : lookUp(record, pointer),
                { value: said },
                `field ${field}: the value at ${pointer}`,
              )
            }
            if (
              evidence === 'unknown' ||
              evidence === 'unsupported' ||
              steps.some(({ reads }) => reads.includes(OTHER_KEYS))
            )
              continue
            const pointers = [id, ...sources].flatMap((source) => source?.pointer ?? [])
            const reread = read(only(record, pointers))
            const alone = E.isRight(reread) ? getFieldValue(reread.right.image, field) : undefined
            if (findDifference(alone, value) !== null)
              assert.fail(
                `field ${field}: ${formatValue(value)} from the whole record, ${E.isRight(reread) ? formatValue(alone) : 'a rejection'} from the values at ${pointers.join(', ')} alone: its rule reads keys that it does not declare`,
              )
          }
          // Reads each record about thirty times.
        },
        Math.ceil(numRuns / 4),
      )
    })

    test('drift points at existing data', () => {
      holds((record) => {
        const result = read(record)
        if (E.isLeft(result)) return
        const { image, drift } = result.right
        for (const one of drift) {
          const found = lookUp(record, one.path)
          assert.ok(found !== null, `${one.kind} at ${one.path}`)
          if (one.kind === 'unknown-word') assert.equal(found.value, one.word)
          assert.deepEqual(
            [one.pointer, one.provider, one.id],
            [PLACE.pointer + one.path, reader.provider, image.ref.id],
          )
        }
        assert.equal(
          new Set(drift.map(({ kind, path }) => `${kind} ${path}`)).size,
          drift.length,
          'each drift entry is reported once',
        )
      })
    })

    test('a record without an ID is rejected because of its ID', () => {
      holds((record) => {
        const result = read(withoutId(record, ids, dialect))
        assert.ok(E.isLeft(result), 'it is rejected')
        assert.deepEqual(
          result.left.issues.map(({ pointer, got }) => ({
            isId: ids.some((key) => pointer === `${PLACE.pointer}/${key}`),
            got,
          })),
          [{ isId: true, got: 'nothing' }],
        )
      })
    })

    test('records do not affect each other', () => {
      fc.assert(
        fc.property(records, records, (record, other) => {
          const first = read(record)
          read(other)
          mustEqual(read(record), first, 'a second reading')
          mustEqual(read(cloneValue(record)), first, 'the reading of a copy')
        }),
        { numRuns, includeErrorInReport: true },
      )
    })

    test('the laws ran on clean, drifting and rejected records', () => {
      const results = fc.sample(records, { numRuns: 300, seed: 1 }).map((record) => read(record))
      const drifting = results.filter((result) => E.isRight(result) && result.right.drift.length > 0).length
      const clean = results.filter((result) => E.isRight(result) && result.right.drift.length === 0).length
      const counts = { clean, drifting, rejected: results.length - drifting - clean }
      assert.ok(clean >= 10 && drifting >= 10 && counts.rejected >= 1 && counts.rejected < 150, JSON.stringify(counts))
    })
  })

  test(`the field reference of ${reader.title} has every field once, and an allowed class for each rule`, () => {
    assert.deepEqual(
      reader.fields.map(({ field }) => field),
      FIELD_NAMES,
    )
    for (const { field, provider, class: fieldClass, steps } of reader.fields) {
      assert.equal(provider, reader.provider)
      assert.equal(fieldClass === null, steps.length === 0, field)
      const atMost = FIELDS[field].class
      assert.ok(
        fieldClass === null || fieldClass === atMost || (atMost === 'writable' && fieldClass === 'read-only'),
        `${field}: it is ${atMost} at most, and ${fieldClass} here`,
      )
      assert.ok(
        steps.every(({ why }) => why !== ''),
        `${field}: every step has a reason`,
      )
    }
  })
}
