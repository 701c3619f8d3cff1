import { toSafeText } from '@imago/core/provider'
import type { GlanceTask } from '@imago/schema-openstack'

type WireRecord = Readonly<Record<string, unknown>>

/** A failed import. */
export interface ImportFailure {
  /** The message, without a trailing period. */
  readonly error: string
  /** Where to find the cause; `null` if Glance reported it. */
  readonly hint: string | null
}

/** Glance's message for failures without a specific cause. glance: glance/async_/taskflow_executor.py, TaskExecutor._run. */
const IS_GENERIC = /^Task failed due to Internal Error\.?$/

/** A progress message, which is not a cause. glance: glance/async_/flows/api_image_import.py, ImportActionWrapper. */
const IS_PROGRESS = /^Copied \d{1,12} MiB$/

const readText = (record: unknown, key: string): string | null => {
  const value =
    typeof record === 'object' && record !== null && Object.hasOwn(record, key)
      ? (record as WireRecord)[key]
      : undefined
  return typeof value === 'string' && value !== '' ? value : null
}

const getFieldValue = (record: unknown, key: string): unknown =>
  typeof record === 'object' && record !== null && Object.hasOwn(record, key) ? (record as WireRecord)[key] : undefined

/** Only the host, because path and query of a URL may contain a secret. */
const findHost = (uri: string | null): string | null => {
  try {
    return uri === null ? null : new URL(uri).host
  } catch {
    return null
  }
}

/** An import method with its usual causes of failure. */
interface ImportDescription {
  readonly what: string
  readonly look: string
}

const ANY: ImportDescription = { what: 'the import', look: 'whether the store has room' }

const describeImport = (input: unknown): ImportDescription => {
  const method = getFieldValue(getFieldValue(input, 'import_req'), 'method')
  switch (readText(method, 'name')) {
    case 'web-download': {
      const host = findHost(readText(method, 'uri'))
      // Glance 25 fails if the server sends no Content-Length.
      return {
        what: `web-download${host === null ? '' : ` from ${host}`}`,
        look: `whether the hosts of Glance can reach ${host ?? 'the address'}, and whether it returns 200 with a Content-Length`,
      }
    }
    case 'glance-download': {
      const region = readText(method, 'glance_region')
      return {
        what: `glance-download of image ${readText(method, 'glance_image_id') ?? 'unknown'}${region === null ? '' : ` from region ${region}`}`,
        look: `whether ${region === null ? 'the region' : `region ${region}`} exists and has this image, and whether the hosts of Glance can reach its Glance`,
      }
    }
    case 'copy-image':
      return { what: 'copy-image', look: 'whether the store is writable and has room' }
    case 'glance-direct':
      return {
        what: 'the import of the staged data',
        look: 'whether the host that runs the import can reach the host with the staged data, and whether the store has room',
      }
    default:
      return ANY
  }
}

const parseList = (text: string | null): readonly string[] =>
  text === null
    ? []
    : text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '')

const formatStores = (names: readonly string[]): string => `store${names.length === 1 ? '' : 's'} ${names.join(', ')}`

const imageNow = (record: WireRecord): string | null => {
  switch (record['status']) {
    case 'queued':
      return 'the image is queued and waits for data'
    case 'active':
    case undefined:
      return null
    default:
      return `the image is ${String(record['status'])}`
  }
}

/**
 * Describes a failed import; Glance rarely reports the cause.
 * `task`: `null` before API 2.12. `failed`: stores without data, from the record. `isPart`: the task itself succeeded.
 */
export const importFailure = (
  task: Pick<GlanceTask, 'message' | 'input' | 'request_id' | 'request-id'> | null,
  record: WireRecord,
  failed: string | null,
  isPart = false,
): ImportFailure => {
  const { what, look } = task === null ? ANY : describeImport(task.input)
  const message = (task?.message ?? '').trim()
  const isNamed = !isPart && message !== '' && !IS_GENERIC.test(message) && !IS_PROGRESS.test(message)
  const without = parseList(failed)
  const within = parseList(readText(record, 'stores')).filter((store) => !without.includes(store))
  const now = imageNow(record)
  const facts = [
    ...(isNamed
      ? [`${what} failed: ${message}`]
      : [
          `${what} failed${isPart ? ' in part' : ''}, and Glance reports no cause${IS_GENERIC.test(message) ? ` (“${message}”)` : ''}`,
        ]),
    ...(without.length === 0 ? [] : [`${formatStores(without)} got no data`]),
    ...(within.length === 0 ? [] : [`${formatStores(within)} ${within.length === 1 ? 'has' : 'have'} the data`]),
    ...(now === null ? [] : [now]),
  ]
  const request = task?.request_id ?? task?.['request-id'] ?? null
  const log = `Ask the operator of the cloud to look up ${request === null ? 'the cause' : `request ${request}`} in the log of glance-api`
  return { error: toSafeText(facts.join('; ')), hint: isNamed ? null : toSafeText(`${log}, and check ${look}`) }
}
