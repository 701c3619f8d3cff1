import { BlockList, isIP } from 'node:net'

/** Proxies, as in `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. */
export interface ProxyOptions {
  /** For http targets: `http://[user:password@]host:port`, or https. */
  readonly http: string | null
  /** For https targets, through a tunnel: the proxy sees only the host. */
  readonly https: string | null
  /** Hosts to reach directly, separated by commas or spaces: `*`, `example.org` (with its subdomains), `.example.org`, `host:port`, `10.0.0.0/8`, `::1`. */
  readonly except: string
}

const isInRange = (host: string, range: string): boolean => {
  const [address = '', bits = ''] = range.split('/')
  const [family, of] = [isIP(address), isIP(host)]
  if (family === 0 || family !== of || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(address, Number(bits), kind)
  return list.check(host, kind)
}

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '')

const excepts = (host: string, port: string, entry: string): boolean => {
  if (entry === '*') return true
  if (entry.includes('/')) return isInRange(host, entry)
  const [, name = entry, itsPort] = isIP(entry) > 0 ? [] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? [])
  if (itsPort !== undefined && itsPort !== port) return false
  const wanted = withoutBrackets(name).replace(/^\*?\./, '')
  return wanted !== '' && (host === wanted || (isIP(host) === 0 && host.endsWith(`.${wanted}`)))
}

/** Selects the proxy for a target; `null`: none. */
export const selectProxy = (target: URL, { http, https, except }: ProxyOptions): string | null => {
  const isHttps = target.protocol === 'https:'
  const proxy = isHttps ? https : http
  if (proxy === null || proxy === '') return null
  const host = withoutBrackets(target.hostname)
  const port = target.port === '' ? (isHttps ? '443' : '80') : target.port
  const entries = except
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
  return entries.some((entry) => excepts(host, port, entry)) ? null : proxy
}
