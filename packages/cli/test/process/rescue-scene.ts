import { afterEach, expect } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import type { Ran } from './imago.ts'
import { hasMoved, movingScene, type MovingScene, type Started } from './transfer-scene.ts'

/** A disk that cannot be compressed, so that all of its bytes are transferred. */
export const DISK = Buffer.concat([Buffer.alloc(512, 7), randomBytes(4 * 2 ** 20)])
const HALF = 2 * 2 ** 20

export interface RescueScene extends MovingScene {
  /** Starts an import into `production` that stalls while the disk is written. */
  readonly halfImported: (name: string) => Promise<Started>
  /** Starts an export that stalls while the disk is read. */
  readonly halfExported: (snapshot: string, path: string) => Promise<Started>
  /** Ends a command by a signal, and clears the fault. */
  readonly end: (started: Started, signal: NodeJS.Signals) => Promise<Ran>
  /** The ID of the only interrupted run. */
  readonly stoppedRun: () => Promise<string>
}

/** Simulated clouds whose rescue systems can stall in the middle of an image. */
export const rescueScene = (): RescueScene => {
  const scene = movingScene()
  afterEach(() => scene.hetzner().faults.clear())
  const stalled = async (args: readonly string[], step: string): Promise<Started> => {
    scene.hetzner().faults.add({ method: 'SSH', fault: { kind: 'stall', atByte: HALF } })
    const started = scene.start([...args, '--progress', 'json'])
    await started.told(hasMoved(step, HALF / 2))
    return started
  }
  return {
    ...scene,
    halfImported: (name) =>
      stalled(
        [
          'upload',
          '--yes',
          scene.folder.file(`${name}.raw`, DISK),
          `production:${name}`,
          '--source-format',
          'raw',
          '--set-arch',
          'x86_64',
        ],
        'upload',
      ),
    halfExported: (snapshot, path) =>
      stalled(['download', '--yes', `production:id:${snapshot}`, '-O', path], 'download'),
    end: async (started, signal) => {
      started.signal(signal)
      const ran = await started.ended
      scene.hetzner().faults.clear()
      return ran
    },
    stoppedRun: async () => {
      const stopped = (await scene.runs()).filter(({ state }) => state === 'stopped')
      expect(stopped).toHaveLength(1)
      return stopped[0]?.run ?? ''
    },
  }
}
