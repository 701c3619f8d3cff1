// @ts-check
// Reads a document record by record. Each result is an Either, so clean, drifted and rejected records are separated without loops and exceptions.
import { formatIssue } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as J from 'fp-ts/lib/Json.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { readers, readRecord, findRecords } from 'imago'
import { readFile } from 'node:fs/promises'

/** @type {(file: URL) => TE.TaskEither<string, string>} */
const readText = (file) =>
  TE.tryCatch(
    () => readFile(file, 'utf8'),
    (error) => `cannot read the file: ${String(error)}`,
  )

/** @type {(text: string) => E.Either<string, J.Json>} */
const parse = (text) =>
  pipe(
    J.parse(text),
    E.mapLeft((error) => `the file is not JSON: ${String(error)}`),
  )

/** @param {unknown} document */
const read = (document) =>
  pipe(
    findRecords(document),
    RA.partitionMap(({ record, pointer }) => readRecord(record, pointer, { readers })),
    ({ left: rejected, right: readings }) => ({ rejected, ...splitByDrift(readings) }),
  )

/** @param {readonly import('imago').ReadResult[]} readings */
const splitByDrift = (readings) =>
  pipe(
    readings,
    RA.partition(({ drift }) => drift.length > 0),
    ({ left: clean, right: drifted }) => ({ clean, drifted }),
  )

/** @param {ReturnType<typeof read>} parts */
const report = ({ clean, drifted, rejected }) => [
  ...clean.map(({ image }) => `clean     ${image.ref.id} ${image.architecture}`),
  ...drifted.map(
    ({ image, drift }) => `drifted   ${image.ref.id} ${drift.map((one) => `${one.kind} at ${one.pointer}`).join(', ')}`,
  ),
  ...rejected.map(({ issues }) => `rejected  ${issues.map(formatIssue).join(', ')}`),
]

const main = pipe(
  readText(new URL('../images.json', import.meta.url)),
  TE.flatMapEither(parse),
  TE.map((document) => report(read(document)).join('\n')),
  TE.getOrElse((problem) => async () => problem),
)

console.log(await main())
