import { toSafeText } from '@imago/core/provider'
import type { GlanceTask } from '@imago/schema-openstack'

type WireRecord = Readonly<Record<string, unknown>>

/** What is known of an import that failed. */
export interface ImportFailure {
  /** In words, without a final stop. */
  readonly error: string
  /** Where to look for the cause; `null`: Glance has named it. */
  readonly hint: string | null
}

/** What Glance writes for every cause. glance: glance/async_/taskflow_executor.py, TaskExecutor._run. */
const SAYS_NOTHING = /^Task failed due to Internal Error\.?$/

/** How far it had come is no cause. glance: glance/async_/flows/api_image_import.py, ImportActionWrapper. */
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

/** Path and query of a URL may hold a secret. */
const findHost = (uri: string | null): string | null => {
  try {
    return uri === null ? null : new URL(uri).host
  } catch {
    return null
  }
}

/** What was asked for, and what may be in its way. */
interface Asked {
  readonly what: string
  readonly look: string
}

const ANY: Asked = { what: 'the import', look: 'whether there is room in the store' }

const describeImport = (input: unknown): Asked => {
  const method = getFieldValue(getFieldValue(input, 'import_req'), 'method')
  switch (readText(method, 'name')) {
    case 'web-download': {
      const host = findHost(readText(method, 'uri'))
      // Glance 25 fails where the server sends no Content-Length.
      return {
        what: `web-download${host === null ? '' : ` from ${host}`}`,
        look: `whether the hosts of Glance reach ${host ?? 'the address'}, and whether it answers 200 with a Content-Length`,
      }
    }
    case 'glance-download': {
      const region = readText(method, 'glance_region')
      return {
        what: `glance-download of image ${readText(method, 'glance_image_id') ?? 'unknown'}${region === null ? '' : ` from region ${region}`}`,
        look: `whether there is a region ${region ?? 'of that name'} with this image, and whether the hosts of Glance reach its Glance`,
      }
    }
    case 'copy-image':
      return { what: 'copy-image', look: 'whether the store can be written to, and has room' }
    case 'glance-direct':
      return {
        what: 'the import of the staged data',
        look: 'whether the host that runs the import reaches the one that has the staged data, and whether the store has room',
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
      return 'the image is queued, and waits for data'
    case 'active':
    case undefined:
      return null
    default:
      return `the image is ${String(record['status'])}`
  }
}

/**
 * Why an import failed, as far as Glance tells: mostly it does not. `task`: `null` where there is none, as before API 2.12. `failed`: the stores that
 * got no data, as the record names them. `isPart`: the task calls itself a success.
 */
export const importFailure = (
  task: Pick<GlanceTask, 'message' | 'input' | 'request_id' | 'request-id'> | null,
  record: WireRecord,
  failed: string | null,
  isPart = false,
): ImportFailure => {
  const { what, look } = task === null ? ANY : describeImport(task.input)
  const said = (task?.message ?? '').trim()
  const isNamed = !isPart && said !== '' && !SAYS_NOTHING.test(said) && !IS_PROGRESS.test(said)
  const without = parseList(failed)
  const within = parseList(readText(record, 'stores')).filter((store) => !without.includes(store))
  const now = imageNow(record)
  const facts = [
    ...(isNamed
      ? [`${what} failed: ${said}`]
      : [
          `${what} failed${isPart ? ' in part' : ''}, and Glance gives no cause${SAYS_NOTHING.test(said) ? ` (“${said}”)` : ''}`,
        ]),
    ...(without.length === 0 ? [] : [`no data came into ${formatStores(without)}`]),
    ...(within.length === 0 ? [] : [`${formatStores(within)} ${within.length === 1 ? 'has' : 'have'} them`]),
    ...(now === null ? [] : [now]),
  ]
  const request = task?.request_id ?? task?.['request-id'] ?? null
  const log = `The operator of the cloud finds the cause in the log of glance-api${request === null ? '' : `, by request ${request}`}`
  return { error: toSafeText(facts.join('; ')), hint: isNamed ? null : toSafeText(`${log}. Look ${look}`) }
}
