import {
  createHetznerSimulator,
  createManualClock,
  type HetznerSimulator,
  type HetznerSimulatorOptions,
  type ManualClock,
} from '../../src/index.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of any type: a test that reads a missing field fails. */
  // oxlint-disable-next-line typescript/no-explicit-any -- see above
  readonly body: any
}

export interface Client {
  readonly simulator: HetznerSimulator
  readonly clock: ManualClock
  readonly ask: (method: string, path: string, body?: unknown, token?: string | null) => Promise<Answer>
  readonly get: (path: string) => Promise<Answer>
}

export const NOON = Date.parse('2026-11-22T12:00:00Z')

/** Starts a simulator with a manual clock at noon, and a client of its first project. */
export const startHetzner = async (options: HetznerSimulatorOptions = {}): Promise<Client> => {
  const clock = createManualClock(NOON)
  const simulator = await createHetznerSimulator({ clock: clock.now, ...options })
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    token: string | null = simulator.token,
  ): Promise<Answer> => {
    const headers = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const response = await fetch(simulator.url + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null }
  }
  return { simulator, clock, ask, get: (path) => ask('GET', path) }
}
