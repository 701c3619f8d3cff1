import { expect, it } from '@jest/globals'
import { addMoney } from '../../src/transfer/money.ts'

const eur = (amount: string) => ({ amount, currency: 'EUR' })

it.each([
  [[], []],
  [[eur('0.0047916667')], [eur('0.0047916667')]],
  [[eur('0.1'), eur('0.2')], [eur('0.3')]],
  [[eur('0.0047916667'), eur('0.000720896'), eur('12')], [eur('12.0055125627')]],
  [[eur('9007199254740993'), eur('1')], [eur('9007199254740994')]],
  [
    [eur('1.5'), { amount: '2', currency: 'USD' }, eur('1.50')],
    [eur('3.00'), { amount: '2', currency: 'USD' }],
  ],
])('addMoney adds %j to %j', (sums, sum) => expect(addMoney(sums)).toEqual(sum))
