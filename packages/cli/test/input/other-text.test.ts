import { describe, expect, it } from '@jest/globals'
import { isPythonNotation, refuseOtherText } from '../../src/input/other-text.ts'

const refused = (text: string): string | null => {
  try {
    refuseOtherText(Buffer.from(text))
    return null
  } catch (error) {
    return (error as Error).message
  }
}

describe('refuseOtherText', () => {
  it.each<[string, string, RegExp]>([
    ['a dict', "{'id': 'a', 'name': None}", /^it is Python’s notation.*json\.dumps/],
    ['a list of dicts, by pprint', "[{'id': 'a',\n  'tags': []},\n", /Python/],
    ['a dict of Python 2', "{u'id': u'a'}", /Python/],
    ['a tuple', "({'id': 'a'},)", /Python/],
    ['a Munch', "Munch({'id': 'a'})", /Python/],
    ['an OrderedDict', "OrderedDict([('id', 'a')])", /Python/],
    ['an object of openstacksdk', 'openstack.image.v2.image.Image(id=a, name=b)', /Python/],
    ['a list of such', '[openstack.image.v2.image.Image(id=a, name=b)]', /Python/],
    ['an object', '<openstack.image.v2.image.Image object at 0x7f>', /Python/],
    ['a list of objects', '[<hcloud.images.client.BoundImage object at 0x7f>]', /Python/],
    ['an object of hcloud', "Image(id=1, name='x')", /Python/],
    ['HTML', '<!doctype html>', /HTML or XML/],
    ['HTML with an id', '<div id="x">', /HTML or XML/],
    ['XML', '<?xml version="1.0"?>', /HTML or XML/],
    ['a table', '+----+\n| ID |', /it is a table/],
    ['a table of hcloud', 'ID          TYPE       NAME\n15512617    system     ubuntu-20.04\n', /it is a table/],
    [
      'hcloud image describe',
      'ID:\t\t350000001\nType:\t\tsnapshot\nLabels:\n  keep: true\n',
      /it is the text output of hcloud … describe: .*-o json/,
    ],
    [
      'newer hcloud image describe',
      'ID:            350000001\nType:          snapshot\n',
      /it is the text output of hcloud … describe/,
    ],
    ['an error of hcloud', 'hcloud: invalid output option: yaml\n', /error message of the client/],
    ['CSV', '"ID","Name"\n"a","b"\n', /it is CSV/],
    ['CSV of one column', '"ID"\n"a"\n', /it is CSV/],
    ['shell variables', 'id="a"\nname="b"\n', /shell variables/],
    ['values of a list', '1c0a3c5e-0000-4000-8000-000000000004 jammy active\n', /-f value/],
    ['values of an image', '0123456789abcdef0123456789abcdef\nbare\n', /-f value/],
    ['cloud-init', '#cloud-config\npackages: [a]\n', /cloud-init/],
    [
      'terraform show',
      '# data.openstack_images_image_v2.a:\ndata "openstack_images_image_v2" "a" {\n',
      /terraform show -json/,
    ],
    ['Terraform’s code', 'resource "hcloud_server" "web" {\n', /terraform show -json/],
    ['terraform output', 'image = {\n  "id" = "a"\n}\n', /terraform output -json/],
  ])('reports %s', (_, text, reason) => expect(refused(text)).toMatch(reason))

  it.each([
    ['JSON', '{"id": "a"}'],
    ['a list', '[{"id": "a"}]'],
    ['YAML', 'id: a\nname: b\n'],
    ['a YAML list', '- ID: a\n'],
    ['YAML of a call-like name', 'f(x): a\n'],
    ['a YAML flow mapping', '{id: a}'],
    ['a byte order mark', '\ufeff- ID: a\n'],
    ['blank lines', '\n\n'],
    ['comments', '# saved on Monday\nid: a\n'],
  ])('accepts %s', (_, text) => expect(refused(text)).toBeNull())

  it('takes linear time for any text', () => {
    for (const text of [
      '[{'.repeat(50_000),
      `${'a.'.repeat(50_000)}(`,
      `<${'a.'.repeat(50_000)}`,
      'a,'.repeat(50_000),
      `${' '.repeat(100_000)}{`,
    ]) {
      const start = performance.now()
      refused(text)
      isPythonNotation(text)
      expect(performance.now() - start).toBeLessThan(500)
    }
  })
})

describe('input that is not JSON', () => {
  it.each([
    ['{"id": None}', true],
    ['{"a": [True, 1]}', true],
    ["{'id': 'a'}", true],
    ['{"when": datetime.datetime(2026, 1, 1)}', true],
    ['{"id": 1,}', false],
    ['{"name": "None"}', false],
  ])('%s is in Python’s notation: %p', (text, expected) => expect(isPythonNotation(text)).toBe(expected))
})
