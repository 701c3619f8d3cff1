import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { createLock, EMPTY_LOCK, printHandOver } from '../src/index.ts'
import { createPin } from './pins.ts'

const lock = createLock([
  createPin({ image: 'web', id: '161547270' }),
  createPin({ image: 'web', id: 'b742a9fc', provider: 'openstack', cloud: 'demo', region: 'RegionOne' }),
  createPin({ image: 'my-db', id: `a"\${b}%{c}'d` }),
])

describe('printHandOver', () => {
  it('prints variables of Terraform and Packer without expressions in IDs', () => {
    const text =
      'image_ids = {\n  "my-db" = {\n    "hetzner/production" = "a\\"$${b}%%{c}\'d"\n  }\n  "web" = {\n    "hetzner/production" = "161547270"\n    "openstack/demo@RegionOne" = "b742a9fc"\n  }\n}\n'
    expect(printHandOver(lock, 'tfvars')).toEqual(E.right(text))
    expect(printHandOver(lock, 'pkrvars')).toEqual(E.right(text))
  })

  it('prints variables of Ansible', () =>
    expect(printHandOver(lock, 'ansible')).toEqual(
      E.right(
        'image_ids:\n  "my-db":\n    "hetzner/production": "a\\"${b}%{c}\'d"\n  "web":\n    "hetzner/production": "161547270"\n    "openstack/demo@RegionOne": "b742a9fc"\n',
      ),
    ))

  it('prints variables of a shell without commands in IDs', () =>
    expect(printHandOver(lock, 'env')).toEqual(
      E.right(
        "IMAGE_MY_DB_HETZNER_PRODUCTION='a\"${b}%{c}'\\''d'\nIMAGE_WEB_HETZNER_PRODUCTION=161547270\nIMAGE_WEB_OPENSTACK_DEMO_REGIONONE=b742a9fc\n",
      ),
    ))

  it('refuses names with the same shell variable', () => {
    const both = createLock([createPin({ image: 'my-db' }), createPin({ image: 'my_db' })])
    expect(printHandOver(both, 'env')).toMatchObject(E.left(expect.stringMatching(/would both be the variable/)))
  })

  it('prints an empty lock', () => {
    expect(printHandOver(EMPTY_LOCK, 'tfvars')).toEqual(E.right('image_ids = {\n}\n'))
    expect(printHandOver(EMPTY_LOCK, 'ansible')).toEqual(E.right('image_ids: {}\n'))
    expect(printHandOver(EMPTY_LOCK, 'env')).toEqual(E.right(''))
  })
})
