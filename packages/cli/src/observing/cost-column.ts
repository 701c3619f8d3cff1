import { formatMonthlyCosts, type MonthlyCost } from '@imago/core'
import { column, type Column } from '../output/column.ts'

/** The column of monthly costs. It sorts by amount. */
export const createCostColumn = <Row>(
  getCost: (row: Row) => MonthlyCost,
  more: Pick<Column<Row>, 'isAddition'> = {},
): Column<Row> =>
  column<Row>('cost', 'COST/MONTH', (row) => formatMonthlyCosts([getCost(row)]), {
    ...more,
    align: 'right',
    key: (row) => {
      const { amount } = getCost(row)
      return amount === null ? null : Number(amount.net ?? amount.gross)
    },
  })
