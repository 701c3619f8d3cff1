import { describe, afterEach, beforeEach, expect, test } from '@jest/globals'
import { createHetznerSimulator, type Era, type HetznerSimulator } from '../../src/index.ts'
import { pythonHcloud, release } from './run.ts'

let simulator: HetznerSimulator
beforeEach(async () => {
  simulator = await createHetznerSimulator({ extraSnapshots: 120, actionMs: 300 })
})
afterEach(() => simulator.close())

describe('python-hcloud at the simulator', () => {
  test('get_all reads every page, filters and sorts', async () => {
    const script = `
images = client.images.get_all(include_deprecated=True)
show({
  'all': [image.id for image in images],
  'backups': [image.type for image in client.images.get_all(type=['backup'])],
  'bound': len(client.images.get_all(bound_to=[str(client.servers.get_by_name('web-1').id)])),
  'selected': [image.description for image in client.images.get_all(label_selector='role in (db,ci),!keep')],
  'newest': client.images.get_all(type=['snapshot'], label_selector='batch', sort=['created:desc'])[0].description,
  'page': [client.images.get_list(per_page=7, page=2).meta.pagination.next_page, len(client.images.get_list(per_page=7, page=2).images)],
})`
    const answer = (await pythonHcloud(simulator, script)) as { readonly all: readonly number[] }
    expect(new Set(answer.all).size).toBe(answer.all.length)
    expect(answer.all.length).toBeGreaterThan(150)
    expect(answer).toMatchObject({
      backups: ['backup', 'backup', 'backup', 'backup'],
      bound: 3,
      selected: ['ci runner'],
      newest: 'nightly 0',
      page: [3, 7],
    })
  })

  test.each<Era>(['2024', '2026'])('reads an image of %s', async (era) => {
    const other = await createHetznerSimulator({ era })
    const script = `
image = client.images.get_by_name('debian-11')
image = image or client.images.get_list(name='debian-11', include_deprecated=True).images[0]
show([image.name, image.created.isoformat(), image.deprecated is not None, image.os_flavor, image.created_from])`
    // hcloud 1.18 reads `deprecated`, which the current API has removed; 2.27 reads only its successor, `deprecation`.
    const isDeprecated = (era === '2024') === (release === 'debian')
    expect(await pythonHcloud(other, script)).toEqual([
      'debian-11',
      '2021-08-16T11:12:01+00:00',
      isDeprecated,
      'debian',
      null,
    ])
    await other.close()
  })

  test('updates, protects and deletes an image', async () => {
    const script = `
image = client.images.get_by_id(350000002)
image.update(description='by python', labels={'only': 'this'})
image.change_protection(delete=True).wait_until_finished()
try:
  image.delete()
except APIException as error:
  refused = [error.code, error.message]
client.images.get_by_id(350000002).change_protection(delete=False).wait_until_finished()
changed = client.images.get_by_id(350000002)
image.delete()
try:
  client.images.get_by_id(350000002)
except APIException as error:
  gone = error.code
show([refused, changed.description, changed.labels, changed.protection, gone, [action.command for action in client.images.get_by_id(350000001).get_actions()]])`
    expect(await pythonHcloud(simulator, script)).toEqual([
      ['protected', 'image is protected'],
      'by python',
      { only: 'this' },
      { delete: false },
      'not_found',
      [],
    ])
  })

  test('creates a snapshot, a server from it, and a rescue system', async () => {
    const script = `
server = client.servers.get_by_name('web-1')
made = server.create_image(description='by python', labels={'a': 'b'})
before = made.image.status
made.action.wait_until_finished()
image = client.images.get_by_id(made.image.id)
from hcloud.server_types.domain import ServerType
from hcloud.locations.domain import Location
new = client.servers.create(name='new', server_type=ServerType(name='cx33'), image=image, location=Location(name='nbg1'), ssh_keys=client.ssh_keys.get_all())
new.action.wait_until_finished()
for action in new.next_actions: action.wait_until_finished()
rescue = new.server.enable_rescue(type='linux64')
rescue.action.wait_until_finished()
again = client.servers.get_by_id(new.server.id)
again.attach_iso(client.isos.get_by_name('netboot.xyz.iso')).wait_until_finished()
rebuild = again.rebuild(client.images.get_by_name('fedora-43'))
getattr(rebuild, 'action', rebuild).wait_until_finished()
rebuilt = client.servers.get_by_id(new.server.id)
# hcloud 1.18 knows the location of a server by its datacenter alone, which the API no longer names.
location = getattr(rebuilt, 'location', None)
show([before, image.status, image.created_from.name, again.status, again.rescue_enabled, again.image.id == image.id, len(rescue.root_password), rebuilt.image.name, rebuilt.iso.name, location and location.name, new.root_password])`
    expect(await pythonHcloud(simulator, script)).toEqual([
      'creating',
      'available',
      'web-1',
      'running',
      true,
      true,
      20,
      'fedora-43',
      'netboot.xyz.iso',
      release === 'debian' ? null : 'nbg1',
      null,
    ])
  })

  test('reports a failed action and a wrong token', async () => {
    simulator.projects[0]?.failNextAction('create_image')
    const script = `
from hcloud.actions.domain import ActionFailedException
try:
  client.servers.get_by_name('web-1').create_image().action.wait_until_finished()
except ActionFailedException as error:
  show(error.action.error)`
    expect(await pythonHcloud(simulator, script)).toEqual({ code: 'action_failed', message: 'Action failed' })
    expect(
      await pythonHcloud(
        simulator,
        '\ntry:\n  client.images.get_all()\nexcept APIException as error:\n  show(error.code)',
        'wrong',
      ),
    ).toBe('unauthorized')
  })
})
