// Validates the Hetzner simulator's responses, success and error, against a given official OpenAPI document.
// Hetzner publishes it at https://docs.hetzner.cloud/cloud.spec.json; the project does not keep a copy.
import { readFileSync } from 'node:fs'
import { createHetznerSimulator, createManualClock } from '@imago/simulator'
import { readDocument } from './openapi/answer-schemas.mjs'
import { exceptions } from './openapi/hetzner-exceptions.mjs'
import { collectAnswers } from './openapi/hetzner-scenario.mjs'

const say = (line) => process.stdout.write(`${line}\n`)
const refuse = (message) => {
  process.stderr.write(`check:hetzner-openapi: ${message}\n`)
  process.exit(2)
}

const [file, ...more] = process.argv.slice(2)
if (file === undefined || more.length > 0)
  refuse(
    'name one file: npm run check:hetzner-openapi -- FILE (Hetzner serves it at https://docs.hetzner.cloud/cloud.spec.json)',
  )

const open = () => {
  try {
    return readDocument(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    return refuse(`${file}: ${error.message}`)
  }
}
const document = open()

const checked = new Set()
const undescribed = new Set()
const spoken = new Set()
const succeeded = new Set()
const used = new Map()
const failures = new Set()
let count = 0

for (const era of ['2026', '2024']) {
  const clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'))
  const simulator = await createHetznerSimulator({ clock: clock.now, era })
  const answers = await collectAnswers(simulator, clock.advance, era)
  await simulator.close()
  for (const operation of simulator.operations) spoken.add(operation)
  for (const { operation, what } of answers) if (what === 'success') succeeded.add(operation)
  for (const { operation, what, status, body } of answers) {
    if (!document.operations.includes(operation)) {
      undescribed.add(operation)
      continue
    }
    checked.add(operation)
    count++
    for (const error of document.check(operation, status, body)) {
      const exception = exceptions.find(({ fits }) => fits(error))
      if (exception === undefined)
        failures.add(
          `${operation}, ${what} (${status}, ${era}): ${error.instancePath.replaceAll(/\/\d+(?=\/|$)/g, '/*') || '/'} ${error.message}${error.params === undefined ? '' : ` ${JSON.stringify(error.params)}`}`,
        )
      else used.set(exception.name, (used.get(exception.name) ?? 0) + 1)
    }
  }
}

for (const { name, reason } of exceptions)
  if (used.has(name)) say(`exception, ${used.get(name)} times: ${name}: ${reason}`)
if (undescribed.size > 0) say(`not in this document: ${[...undescribed].join(', ')}`)
for (const failure of failures) process.stderr.write(`differs: ${failure}\n`)
// The simulator has no volumes: at Hetzner, they are never created from an image.
const CANNOT_SUCCEED = 'GET /volumes/{id}'
const untried = [...spoken].filter((operation) => !succeeded.has(operation) && operation !== CANNOT_SUCCEED)
for (const operation of untried) process.stderr.write(`never succeeded: ${operation}\n`)
if (count === 0) process.stderr.write('the document describes nothing that the simulator speaks\n')
say(`${count} answers of ${checked.size} operations checked, ${failures.size} differences`)
process.exit(failures.size + untried.length > 0 || count === 0 ? 1 : 0)
