import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { readPlan } from '../../src/plan/read-plan.ts'
import { GLANCE, leaving, fromGlance, toGlance, toHetzner } from './planned-transfers.ts'

describe('readPlan', () => {
  it('returns DecodeFailed or Rejected for a plan that was changed', () => {
    const plan = planTransfer(fromGlance(), toHetzner())
    expect(
      readPlan({ ...plan, target: { ...plan.target, cloud: { provider: 'hetzner', cloud: 'other', region: null } } }),
    ).toMatchObject({ left: { _tag: 'Rejected' } })
    expect(readPlan({ ...plan, request: { ...plan.request, name: 'other' } })).toMatchObject({
      left: { _tag: 'Rejected' },
    })
    for (const nonsense of [
      null,
      {},
      [],
      { ...plan, $schema: 'urn:imago:schema:plan:99' },
      { ...plan, steps: [{ step: 'fly' }] },
    ])
      expect(readPlan(nonsense)).toMatchObject({ left: { _tag: 'DecodeFailed' } })
    expect(readPlan({ ...plan, $schema: 'urn:imago:schema:plan:1' })).toMatchObject({
      left: { _tag: 'DecodeFailed', what: expect.stringContaining('earlier version'), hint: 'Create a new plan' },
    })
  })

  it.each<readonly [string, (plan: Plan) => Plan]>([
    [
      'without the check that blocks',
      (plan) => ({ ...plan, checks: plan.checks.filter(({ effect }) => effect !== 'blocks') }),
    ],
    ['without its checks', (plan) => ({ ...plan, checks: [] })],
    [
      'without a check that warns',
      (plan) => ({ ...plan, checks: plan.checks.filter(({ effect }) => effect !== 'warns') }),
    ],
    [
      'with a blocking check changed to a warning',
      (plan) => ({ ...plan, checks: plan.checks.map((check) => ({ ...check, effect: 'warns' })) }),
    ],
    ['with a stronger verification', (plan) => ({ ...plan, verification: 'digest-match' })],
    ['with a weaker verification', (plan) => ({ ...plan, verification: 'unverified' })],
    [
      'with lost fields marked as kept',
      (plan) => ({ ...plan, fields: plan.fields.map((field) => ({ ...field, disposition: 'kept' })) }),
    ],
    [
      'with another cost',
      (plan) => ({ ...plan, estimate: { ...plan.estimate, once: [{ amount: '0', currency: 'EUR' }] } }),
    ],
    ['with fewer steps', (plan) => ({ ...plan, steps: plan.steps.filter(({ step }) => step !== 'verify') })],
  ])('refuses a plan %s', (_, change) => {
    const plan = planTransfer(
      fromGlance(),
      toGlance({ capabilities: { ...GLANCE, digests: [] }, limits: leaving(1000) }),
    )
    expect(plan.verification).toBe('digest-declared')
    expect(readPlan(plan)).toEqual(E.right(plan))
    expect(readPlan(change(plan))).toMatchObject({
      left: { _tag: 'Rejected', what: expect.stringContaining('was changed after it was created') },
    })
  })
})
