import { findLtsNode, runPsql, startPostgres, type LabPostgres } from '@imago/lab'
import { afterAll, afterEach, beforeAll, jest } from '@jest/globals'
import { movingScene, type MovingScene, type Started } from './transfer-scene.ts'

/** Simulated clouds and a PostgreSQL server for the fleets of a file of tests. */
export interface FleetScene {
  readonly scene: MovingScene
  /** Creates a database, and returns its URL. */
  readonly createDatabase: (name: string) => string
  /** Starts a worker of a database, which the end of the test kills. */
  readonly startWorker: (database: string, args: readonly string[]) => Started
}

/** Starts the clouds and PostgreSQL before the tests of a file, and stops them after them. The tests may take four minutes: a lost worker is noticed only after its heartbeat is overdue. */
export const setUpFleets = (): FleetScene => {
  jest.setTimeout(240_000)
  let server: LabPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  const scene = movingScene({ node: findLtsNode() })
  const workers: Started[] = []
  afterEach(async () => {
    scene.openstack().faults.clear()
    for (const worker of workers.splice(0)) {
      worker.signal('SIGCONT')
      worker.signal('SIGKILL')
      await worker.ended
    }
  })

  return {
    scene,
    createDatabase: (name) => {
      runPsql(server.url, `CREATE DATABASE ${name}`)
      const url = new URL(server.url)
      url.pathname = name
      return url.href
    },
    startWorker: (database, args) => {
      const worker = scene.start(['fleet', 'worker', ...args, '--database', database])
      workers.push(worker)
      return worker
    },
  }
}
