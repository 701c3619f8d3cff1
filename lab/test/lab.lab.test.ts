import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  askLab,
  clientPath,
  type Lab,
  labEnvironment,
  type LabRequest,
  logIn,
  logInWithApplicationCredential,
  runClient,
  runningLabs,
} from '../src/index.ts'

const labs = runningLabs(process.env)
const [lab] = labs
const { demo } = lab.users

const digest = (algorithm: string, content: Uint8Array): string => createHash(algorithm).update(content).digest('hex')

const tokens = { demo: '', reader: '', other: '', admin: '' }
const created: string[] = []

const glance = async (path: string, request: LabRequest = {}) =>
  askLab(`${lab.imageUrl}${path}`, { token: tokens.demo, ...request })
const imageAt = async (id: string) => (await glance(`/v2/images/${id}`)).json() as Readonly<Record<string, unknown>>

const createImage = async (more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const response = await glance('/v2/images', {
    method: 'POST',
    body: { name: `lab-${randomUUID()}`, disk_format: 'raw', container_format: 'bare', ...more },
  })
  expect(response.status).toBe(201)
  const { id } = response.json() as { readonly id: string }
  created.push(id)
  return id
}

/** Uploads an image with these bytes to a store. */
const uploadImage = async (content: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
  const id = await createImage()
  expect((await glance(`/v2/images/${id}/file`, { method: 'PUT', body: content, headers })).status).toBe(204)
  return id
}

/** Waits for an image to match: imports run after their response. Fails with the image's last state. */
const eventually = async (id: string, expected: Readonly<Record<string, unknown>>): Promise<void> => {
  const deadline = performance.now() + 60_000
  for (let image = await imageAt(id); ; image = await imageAt(id)) {
    if (Object.entries(expected).every(([key, value]) => image[key] === value)) return
    if (performance.now() > deadline || (image['os_glance_failed_import'] ?? '') !== '')
      expect(image).toMatchObject(expected)
    await setTimeout(50)
  }
}

const serving = async <A>(content: Uint8Array, use: (url: string) => Promise<A>): Promise<A> => {
  const server = createServer((_, response) => response.setHeader('content-length', content.length).end(content))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/image`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

beforeAll(async () => {
  tokens.demo = (await logIn(lab, demo)).token
  tokens.reader = (await logIn(lab, lab.users['demo-reader'])).token
  tokens.admin = (await logIn(lab, lab.users.admin)).token
  tokens.other = (await logIn(lab, lab.users.other)).token
})

afterAll(async () => {
  for (const id of created) await glance(`/v2/images/${id}`, { method: 'DELETE' })
})

describe('Keystone', () => {
  it('issues a token for a password: project, role and a catalog with Glance', async () => {
    const { token } = (await logIn(lab, demo)).body as { readonly token: Readonly<Record<string, unknown>> }
    expect(token).toMatchObject({
      methods: ['password'],
      user: { id: demo.id, name: 'demo' },
      project: { id: lab.projects.demo, name: 'demo' },
    })
    expect((token['roles'] as readonly { readonly name: string }[]).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['member', 'reader']),
    )
    const catalog = token['catalog'] as readonly {
      readonly type: string
      readonly endpoints: readonly { readonly url: string; readonly interface: string; readonly region: string }[]
    }[]
    const endpoints = catalog
      .find(({ type }) => type === 'image')
      ?.endpoints.map(({ url, region, interface: kind }) => ({ url, region, kind }))
    expect(endpoints).toContainEqual({ url: lab.imageUrl, region: lab.region, kind: 'public' })
  })

  it('refuses a wrong password', async () => {
    await expect(logIn(lab, { ...demo, password: 'wrong' })).rejects.toThrow('401')
  })

  it('issues a token for an application credential', async () => {
    const { token, body } = await logInWithApplicationCredential(lab)
    expect(body).toMatchObject({ token: { methods: ['application_credential'], project: { id: lab.projects.demo } } })
    expect((await glance('/v2/images?limit=1', { token })).status).toBe(200)
  })
})

describe('Glance', () => {
  it('stores an image and returns it, with its size and hashes', async () => {
    const content = randomBytes(300_000)
    const id = await uploadImage(content)
    expect(await imageAt(id)).toMatchObject({
      status: 'active',
      size: content.length,
      checksum: digest('md5', content),
      os_hash_algo: 'sha512',
      os_hash_value: digest('sha512', content),
      owner: lab.projects.demo,
      stores: 'fast',
    })
    const { bytes, status } = await glance(`/v2/images/${id}/file`)
    expect(status).toBe(200)
    expect(digest('sha512', bytes)).toBe(digest('sha512', content))
  })

  it('lists by name and by tag', async () => {
    const tag = `tag-${randomUUID()}`
    const ids = [await createImage({ tags: [tag] }), await createImage({ tags: [tag, 'more'] })]
    const listed = async (query: string) =>
      (
        (await glance(`/v2/images?${query}`)).json() as { readonly images: readonly { readonly id: string }[] }
      ).images.map(({ id }) => id)
    expect((await listed(`tag=${tag}`)).sort()).toEqual([...ids].sort())
    expect(await listed(`tag=${tag}&tag=more`)).toEqual([ids[1]])
    const { name } = await imageAt(ids[0] ?? '')
    expect(await listed(`name=${String(name)}`)).toEqual([ids[0]])
  })

  it('has the stores in lab.json', async () => {
    const { stores } = (await glance('/v2/info/stores')).json() as {
      readonly stores: readonly Readonly<Record<string, unknown>>[]
    }
    expect(new Set(stores.map(({ id }) => id))).toEqual(new Set(lab.stores))
    expect(stores.find(({ default: isDefault }) => isDefault !== undefined)?.['id']).toBe(lab.stores[0])
  })

  it('stores an image in the requested store, and copies it to the other', async () => {
    const id = await uploadImage(randomBytes(1000), { 'x-image-meta-store': 'slow' })
    expect(await imageAt(id)).toMatchObject({ stores: 'slow' })
    const copy = async (token: string) =>
      glance(`/v2/images/${id}/import`, {
        token,
        method: 'POST',
        body: { method: { name: 'copy-image' }, stores: ['fast'] },
      })
    // By Glance's policy, only administrators may copy.
    expect((await copy(tokens.demo)).status).toBe(403)
    expect((await copy(tokens.admin)).status).toBe(202)
    await eventually(id, { stores: 'slow,fast', os_glance_importing_to_stores: '' })
  })

  it('supports every import method', async () => {
    expect((await glance('/v2/info/import')).json()).toMatchObject({
      'import-methods': { value: ['glance-direct', 'web-download', 'copy-image', 'glance-download'] },
    })
  })

  it('imports staged data: glance-direct', async () => {
    const content = randomBytes(2000)
    const id = await createImage()
    expect((await glance(`/v2/images/${id}/stage`, { method: 'PUT', body: content })).status).toBe(204)
    expect(
      (await glance(`/v2/images/${id}/import`, { method: 'POST', body: { method: { name: 'glance-direct' } } })).status,
    ).toBe(202)
    await eventually(id, { status: 'active', size: content.length, os_hash_value: digest('sha512', content) })
  })

  it('imports from a server on loopback: web-download', async () => {
    const content = randomBytes(2000)
    const id = await createImage()
    await serving(content, async (url) => {
      expect(
        (
          await glance(`/v2/images/${id}/import`, {
            method: 'POST',
            body: { method: { name: 'web-download', uri: url } },
          })
        ).status,
      ).toBe(202)
      await eventually(id, { status: 'active', size: content.length, os_hash_value: digest('sha512', content) })
    })
  })

  it('lets a reader only read', async () => {
    const id = await createImage()
    expect((await glance(`/v2/images/${id}`, { token: tokens.reader })).status).toBe(200)
    expect(
      (await glance('/v2/images', { token: tokens.reader, method: 'POST', body: { name: 'refused' } })).status,
    ).toBe(403)
    expect((await glance(`/v2/images/${id}`, { token: tokens.reader, method: 'DELETE' })).status).toBe(403)
  })

  it('hides a private image from another project', async () => {
    const id = await createImage()
    expect((await glance(`/v2/images/${id}`, { token: tokens.other })).status).toBe(404)
  })

  it('refuses requests without a token', async () => {
    expect((await askLab(`${lab.imageUrl}/v2/images`)).status).toBe(401)
  })

  it('has the metadata definitions of its release', async () => {
    const { namespaces } = (await glance('/v2/metadefs/namespaces?limit=100')).json() as {
      readonly namespaces: readonly { readonly namespace: string }[]
    }
    expect(namespaces.map(({ namespace }) => namespace)).toEqual(
      expect.arrayContaining(['OS::Compute::LibvirtImage', 'OS::Software::DBMS']),
    )
  })
})

describe('real clients', () => {
  const printed = async (
    program: string,
    parameters: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<string> => {
    const { exitCode, stdout, stderr } = await runClient(program, parameters, { environment })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    return stdout
  }

  it.each(['demo', 'demo-reader', 'other', 'admin', 'demo-appcred'])(
    'openstack logs in with clouds.yaml as %s',
    async (cloud) => {
      const project = { demo: 'demo', 'demo-reader': 'demo', other: 'other', admin: 'admin', 'demo-appcred': 'demo' }[
        cloud
      ]
      const token = JSON.parse(
        await printed('openstack', ['token', 'issue', '--format', 'json'], labEnvironment(lab, cloud)),
      ) as Readonly<Record<string, unknown>>
      expect(token['project_id']).toBe(lab.projects[project as keyof Lab['projects']])
    },
  )

  it('openstack creates an image from standard input and shows it', async () => {
    const content = randomBytes(5000)
    const name = `lab-${randomUUID()}`
    const environment = labEnvironment(lab, 'demo')
    const run = await runClient('openstack', ['image', 'create', '--disk-format', 'raw', '--format', 'json', name], {
      environment,
      input: content,
    })
    expect(run.exitCode).toBe(0)
    const { id } = JSON.parse(run.stdout) as { readonly id: string }
    created.push(id)
    expect(
      JSON.parse(await printed('openstack', ['image', 'show', '--format', 'json', name], environment)),
    ).toMatchObject({ id, status: 'active', size: content.length, checksum: digest('md5', content) })
  })

  it('openstacksdk lists images', async () => {
    const id = await createImage()
    // On a single page: concurrent deletions would move the start of the next page.
    const script = 'import openstack; print(*(image.id for image in openstack.connect().image.images(limit=1000)))'
    expect((await printed('python3', ['-c', script], labEnvironment(lab, 'demo'))).trim().split(' ')).toContain(id)
  })

  it('glance lists images', async () => {
    const id = await createImage()
    const environment = {
      PATH: clientPath(lab),
      OS_AUTH_URL: lab.authUrl,
      OS_USERNAME: demo.name,
      OS_PASSWORD: demo.password,
      OS_PROJECT_NAME: demo.project,
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_REGION_NAME: lab.region,
    }
    expect(await printed('glance', ['image-list', '--page-size', '1000'], environment)).toContain(id)
  })

  it('hcloud and hcloud-python are installed', async () => {
    expect(await printed('hcloud', ['image', 'list', '--help'], { PATH: clientPath(lab) })).toContain(
      'hcloud image list [F',
    )
    expect(
      await printed('python3', ['-c', 'import hcloud; print(hcloud.Client.__name__)'], { PATH: clientPath(lab) }),
    ).toBe('Client\n')
  })
})

describe('the labs', () => {
  it('have separate servers, state and users', () => {
    expect(labs.length).toBe(3)
    const apart = labs.flatMap(({ authUrl, imageUrl, state, users }) => [authUrl, imageUrl, state, users.demo.id])
    expect(new Set(apart).size).toBe(apart.length)
  })

  it('refuse each other’s tokens', async () => {
    const [, second] = labs
    expect((await askLab(`${second?.imageUrl}/v2/images`, { token: tokens.demo })).status).toBe(401)
  })
})
