import { describe, expect, it } from '@jest/globals'
import { ansibleResults, isAnsibleOutput } from '../../src/input/ansible-output.ts'

const values = async (text: string): Promise<unknown> =>
  (await ansibleResults(text)).map(({ value, line, problem }) => (problem === null ? [line, value] : [line, problem]))

describe('ansibleResults', () => {
  it.each<[string, string, unknown]>([
    [
      'ad hoc',
      'localhost | SUCCESS => {\n    "changed": false,\n    "images": []\n}\n',
      [[1, { changed: false, images: [] }]],
    ],
    [
      'ad hoc, one line each',
      'a | SUCCESS => {"changed": false}\nb | CHANGED => {"changed": true}\n',
      [
        [1, { changed: false }],
        [2, { changed: true }],
      ],
    ],
    [
      'ad hoc, failed',
      'a | FAILED! => {\n    "msg": "no"\n}\nb | UNREACHABLE! => {"unreachable": true}\n',
      [
        [1, { msg: 'no' }],
        [4, { unreachable: true }],
      ],
    ],
    [
      'a playbook with -v',
      'Using /etc/ansible/ansible.cfg as config file\n\nPLAY [x] ****\n\nTASK [list] ****\nok: [localhost] => {"changed": false, "images": []}\n\nTASK [debug] ****\nok: [localhost] => {\n    "r": 1\n}\n\nPLAY RECAP ****\nlocalhost                  : ok=2    changed=0\n',
      [
        [6, { changed: false, images: [] }],
        [9, { r: 1 }],
      ],
    ],
    [
      'a loop',
      'TASK [list] ****\nok: [localhost] => (item=ubuntu) => {"changed": false}\nfailed: [localhost] (item=x) => {"failed": true, "msg": "m"}\n',
      [
        [2, { changed: false }],
        [3, { failed: true, msg: 'm' }],
      ],
    ],
    [
      'a result in YAML',
      'TASK [list] ****\nok: [localhost] => \n    changed: false\n    name: 09\n\nPLAY RECAP ****\n',
      [[2, { changed: false, name: '09' }]],
    ],
    [
      'colours',
      '\u001b[0;32mlocalhost | SUCCESS => {\u001b[0m\n\u001b[0;32m    "changed": false\u001b[0m\n\u001b[0;32m}\u001b[0m\n',
      [[1, { changed: false }]],
    ],
    [
      'a result that was cut',
      'localhost | SUCCESS => {\n    "changed": fal',
      [[1, 'the JSON that Ansible printed is incomplete']],
    ],
  ])('reads %s', async (_, text, expected) => expect(await values(text)).toEqual(expected))

  it.each(['{"changed": false}', 'id: a\nname: b\n', 'a | b', 'ok: [x]\n', ''])('returns no results for %j', (text) =>
    expect(isAnsibleOutput(text)).toBe(false),
  )
})
