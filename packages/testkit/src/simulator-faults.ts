import type { ServerFault, FaultPort } from './fault-port.ts'

/** A fault of the simulators, as far as this module uses it. */
export type SimulatorFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'reset' | 'truncate'; readonly atByte: number }
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'silence' | 'odd-records' }

/** The controls of a simulator: both simulators of `@imago/simulator` have them. */
export interface SimulatorControls {
  readonly faults: {
    readonly add: (rule: { readonly fault: SimulatorFault }) => number
    readonly remove: (id: number) => boolean
  }
  readonly requests: { readonly all: () => readonly unknown[] }
}

/** Less than the length of the shortest body: `{"tasks":[]}`. */
const AT_BYTE = 5

const toSimulatorFaults = (fault: ServerFault): readonly SimulatorFault[] => {
  switch (fault.kind) {
    case 'status': {
      const { status, retryAfterS } = fault
      return [
        {
          kind: 'status',
          status,
          ...(retryAfterS === undefined ? {} : { headers: { 'retry-after': String(retryAfterS) } }),
        },
      ]
    }
    case 'cut':
      return [{ kind: 'reset', atByte: AT_BYTE }]
    case 'garbled':
      return [{ kind: 'truncate', atByte: AT_BYTE }]
    case 'slow':
      return [{ kind: 'latency', ms: fault.ms }]
    case 'silent':
      return [{ kind: 'silence' }]
    case 'odd-records':
      return [{ kind: 'odd-records' }]
  }
}

/** Converts the controls of a simulator to a fault port. */
export const faultsOfSimulator = ({ faults, requests }: SimulatorControls): FaultPort => {
  let standing: readonly number[] = []
  return {
    set: (fault) => {
      for (const id of standing) faults.remove(id)
      standing = fault === null ? [] : toSimulatorFaults(fault).map((one) => faults.add({ fault: one }))
    },
    requests: () => requests.all().length,
  }
}
