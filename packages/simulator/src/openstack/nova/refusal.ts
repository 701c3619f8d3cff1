/** An error response of Nova: `{"itemNotFound": {"code": 404, "message": "…"}}`. */
export interface NovaRefusal extends Error {
  readonly status: number
  readonly nova: string
  readonly text: string
}

export const isNovaRefusal = (error: unknown): error is NovaRefusal => error instanceof Error && 'nova' in error

const NAMES: Readonly<Record<number, string>> = {
  400: 'badRequest',
  403: 'forbidden',
  404: 'itemNotFound',
  406: 'computeFault',
  409: 'conflictingRequest',
}

export const refuse = (status: number, text: string): NovaRefusal =>
  Object.assign(new Error(`nova ${status}`), { status, nova: NAMES[status] ?? 'computeFault', text })
