import { afterAll, describe, test } from '@jest/globals'
import { runningLabs, type LabUser } from '@imago/lab'
import { createTransport } from '@imago/http'
import { imageSourceSuite } from '@imago/testkit'
import { createOpenstackSource, type OpenstackOptions } from '../src/index.ts'
import { capabilities, filledImage, optionsOf } from './cloud.ts'

const [lab] = runningLabs(process.env)
const transport = createTransport()
afterAll(() => transport.close())

const optionsFor = ({ id, password, project }: LabUser): OpenstackOptions =>
  optionsOf({ authUrl: lab.authUrl, region: lab.region, userId: id, password, project: lab.projects[project as keyof typeof lab.projects] }, transport)

const { demo, other, 'demo-reader': reader } = lab.users
const source = (user: LabUser): ReturnType<typeof createOpenstackSource> => createOpenstackSource(optionsFor(user))
const disposable = (): Promise<string> => filledImage(optionsFor(demo), source(demo))

const NO_NOVA = 'the lab has no Nova'

describe('OpenStack’s source, at the real Glance', () => {
  imageSourceSuite(
    { describe, test },
    {
      capabilities,
      make: () => source(demo),
      disposable,
      other: () => ({ source: source(other), project: lab.projects.other }),
      exceptions: {
        'createFromServer makes an image, pending at first, and its operation says how that goes': NO_NOVA,
      },
    },
  )
})

describe('OpenStack’s source with the role reader, at the real Glance', () => {
  imageSourceSuite(
    { describe, test },
    { capabilities, make: () => source(reader), refused: () => filledImage(optionsFor(demo), source(demo), 'shared'), exceptions: { 'createFromServer is Forbidden to who may only read': NO_NOVA } },
  )
})
