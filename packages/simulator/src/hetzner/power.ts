import type { ApiContext } from './context.ts'
import { change, type Project } from './project.ts'
import type { StoredServer } from './server.ts'

/** The changes of a server at boot. A boot into the rescue system disables it. */
export const BOOTED: Partial<StoredServer> = { status: 'running', rescueUntil: null }

/** Boots a server: into the rescue system if it is enabled, otherwise into an unreachable system. */
export const bootServer = (context: ApiContext, project: Project, id: number, at: number): void => {
  const { rescue } = context
  const server = project.servers.get(id)
  if (server === undefined) return
  change(project.servers, id, BOOTED)
  if (server.rescueUntil === null || at >= server.rescueUntil) return void rescue.stop(id)
  const onPower = (power: 'off' | 'reboot'): void => {
    if (power === 'reboot') return bootServer(context, project, id, context.clock())
    change(project.servers, id, { status: 'off' })
    void rescue.stop(id)
  }
  rescue.boot({ serverId: id, gb: server.type.disk, seed: server.diskSeed, publicKeys: server.rescueKeys, onPower })
}
