import { formatError, type ImageError } from '@imago/core'
import type { Settlement, WorkerEvent } from '@imago/fleet'
import { printMessage } from '../../../message.ts'
import { count } from '../../../output/count.ts'
import { maskSecrets } from '../../../output/mask.ts'
import type { Output } from '../../../output/stream.ts'
import { visibleJson } from '../../../output/visible.ts'

/** How serious an event is, in the terms of most log systems. */
type Level = 'info' | 'warn' | 'error'

/** An event for people, and its details for programs. */
interface LogEntry {
  readonly level: Level
  readonly message: string
  readonly details: Readonly<Record<string, string | number | boolean>>
}

const describeError = ({ _tag, cloud }: ImageError): LogEntry['details'] =>
  cloud === null ? { reason: _tag } : { reason: _tag, cloud }

const describeSettlement = (run: string, settlement: Settlement): LogEntry => {
  const details = { run, result: settlement.to }
  switch (settlement.to) {
    case 'done':
      return { level: 'info', message: `run ${run}: done`, details: { ...details, bytes: settlement.outcome.size } }
    case 'failed':
      return {
        level: 'error',
        message: `run ${run}: failed: ${formatError(settlement.error)}`,
        details: { ...details, ...describeError(settlement.error) },
      }
    case 'retry':
      return {
        level: 'warn',
        message: `run ${run}: ${formatError(settlement.error)}; next attempt in ${settlement.seconds} s`,
        details: { ...details, ...describeError(settlement.error), retryAfterSeconds: settlement.seconds },
      }
    case 'handover':
      return { level: 'info', message: `run ${run}: handed over`, details }
    case 'leave':
      return { level: 'warn', message: `run ${run}: left to another worker`, details }
  }
}

const describeEvent = (event: WorkerEvent): LogEntry => {
  switch (event.event) {
    case 'listening':
      return { level: 'info', message: `health and metrics at ${event.url}`, details: { url: event.url } }
    case 'started':
      return { level: 'info', message: `worker ${event.worker} started`, details: {} }
    case 'begun': {
      const { run, attempt } = event
      return { level: 'info', message: `run ${run}: started (attempt ${attempt})`, details: { run, attempt } }
    }
    case 'lost': {
      const { run } = event
      return {
        level: 'warn',
        message: `run ${run}: stopped, because it was cancelled or another worker has it`,
        details: { run },
      }
    }
    case 'observed': {
      const { cloud } = event
      const { images, reason } = event.outcome
      const message = `inventory of ${cloud}: ${count(images, 'image')}`
      return reason === null
        ? { level: 'info', message, details: { cloud, images } }
        : { level: 'error', message: `${message} (incomplete): ${reason}`, details: { cloud, images, reason } }
    }
    case 'unobserved': {
      const { cloud, message } = event
      return { level: 'warn', message: `inventory of ${cloud}: ${message}; trying again`, details: { cloud } }
    }
    case 'trouble':
      return { level: 'warn', message: `${event.message}; trying again`, details: {} }
    case 'stopping': {
      const { running } = event
      return {
        level: 'info',
        message: running === 0 ? 'stopping' : `stopping; ${running} in progress`,
        details: { running },
      }
    }
    case 'settled':
      return describeSettlement(event.run, event.settlement)
  }
}

/** Masks secrets before JSON escapes characters in them. */
const maskStrings = (_: string, value: unknown): unknown => (typeof value === 'string' ? maskSecrets(value) : value)

/**
 * Returns a function that writes each event at once: as a line for people, or as a JSON object in a line with `time`, `level`, `event`, `worker`, `message`
 * and details such as `run`, `attempt`, `result` and `reason`. Secrets are masked in both.
 */
export const createEventLog = (
  format: 'text' | 'json',
  messages: Output,
  now: () => Date,
): ((event: WorkerEvent) => void) => {
  let worker: string | null = null
  const writeJson = (event: WorkerEvent): void => {
    const { level, message, details } = describeEvent(event)
    const entry = { time: now().toISOString(), level, event: event.event, worker, message, ...details }
    messages.write(`${visibleJson(JSON.stringify(entry, maskStrings))}\n`)
  }
  return (event) => {
    if (event.event === 'started') ({ worker } = event)
    if (format === 'json') writeJson(event)
    else printMessage(messages, `imago: ${describeEvent(event).message}`)
    void messages.end()
  }
}
