import { describe, expect, it } from '@jest/globals'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { operations } from '../../../src/commands/operations/run.ts'
import { stage, JSON_OUTPUT, TABLE, readDocument, problem, createOperation } from '../../writing/stage.ts'

describe('operations', () => {
  it('prints a table and JSON', async () => {
    const list = [
      createOperation({ id: 'b', startedAt: '2026-01-01T00:00:00Z' }),
      createOperation({ id: 'a', status: 'error', error: 'no' }),
    ]
    const { live } = stage({}, { operations: () => TE.right(list) })
    expect(await operations('prod:1', TABLE, live)).toBe(0)
    expect(live.output.lines().map((line) => line.split(/ {2,}/))).toEqual([
      ['ID', 'KIND', 'STATUS', 'PROGRESS', 'STARTED', 'FINISHED', 'ERROR'],
      ['b', 'create_image', 'running', '50 %', '2026-01-01T00:00:00Z', '-', '-'],
      ['a', 'create_image', 'error', '50 %', '-', '-', 'no'],
    ])
    const again = stage({}, { operations: () => TE.right(list) })
    await operations('prod:1', JSON_OUTPUT, again.live)
    expect(readDocument(again.live, 'operations')).toEqual({
      $schema: 'urn:imago:schema:operations:1',
      image: 'hetzner/prod:id:1',
      operations: list,
    })
  })

  it('reports that there are none, and fails if the cloud does not support them', async () => {
    const { live } = stage({}, { operations: () => TE.right([]) })
    expect(await operations('prod:1', TABLE, live)).toBe(0)
    expect(live.output.text()).toBe('')
    expect(live.messages.text()).toBe('imago: no operations on hetzner/prod:id:1\n')
    expect(
      (await problem(() => operations('prod:1', TABLE, stage({ without: ['operations'] }).live))).message,
    ).toContain('operations: the provider does not support this operation')
  })
})
