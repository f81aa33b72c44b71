import type {
  MassBalance as MassBalanceAnswer,
  MethodMass as MethodMassAnswer,
} from '../../../../projections/journal/queries/mass-balance.ts'
import { builder } from '../builder.ts'

const MethodMass = builder.objectRef<MethodMassAnswer>('MethodMass')
MethodMass.implement({
  fields: (t) => ({
    method: t.exposeString('method', { description: '利用处置方式代码。' }),
    recovery: t.exposeBoolean('recovery', { description: 'Whether it is 利用; every other treatment is 处置.' }),
    grams: t.expose('grams', { type: 'Grams' }),
    priorYear: t.expose('priorYear', { type: 'Grams', description: '其中往年贮存。' }),
  }),
})

/** Words of the park's books, in the order of the contract. */
const words = {
  openingStock: '期初贮存量。',
  generated: '产生量，含残渣。',
  residueGenerated: '其中处置残渣。',
  storedIn: '入库量。',
  shipped: '移出量。',
  handedOn: '接受后再转出量：转出既不是利用也不是处置。',
  accepted: '接受量。',
  refused: '拒收量。',
  returned: '拒收后退回量。',
  variance: '到达与移出两次称重之差，带符号。',
  stockAdjusted: '盘盈盘亏，带符号。',
  reclassified: '接受后经分拣、混合换为本类废物的净量，带符号。',
  treated: '利用处置量。',
  selfTreated: '其中产废单位自行利用处置量。',
  product: '产物。',
  residue: '残渣。',
  loss: '损失。',
  landfilled: '填埋。',
  recovered: '利用量。',
  recoveredPriorYear: '其中往年贮存。',
  disposed: '处置量。',
  producerStockEnd: '产废单位期末贮存量。',
  facilityStockEnd: '处置单位期末贮存量。',
  residueStockEnd: '残渣期末贮存量。',
} as const satisfies Partial<Record<keyof MassBalanceAnswer, string>>

export const MassBalance = builder.objectRef<MassBalanceAnswer>('MassBalance')
MassBalance.implement({
  description: '物料平衡。 What a period did with one stream of waste.',
  fields: (t) => {
    const grams = (name: keyof typeof words) => t.expose(name, { type: 'Grams', description: words[name] })
    return {
      openingStock: grams('openingStock'),
      generated: grams('generated'),
      residueGenerated: grams('residueGenerated'),
      storedIn: grams('storedIn'),
      shipped: grams('shipped'),
      handedOn: grams('handedOn'),
      accepted: grams('accepted'),
      refused: grams('refused'),
      returned: grams('returned'),
      variance: grams('variance'),
      stockAdjusted: grams('stockAdjusted'),
      reclassified: grams('reclassified'),
      treated: grams('treated'),
      selfTreated: grams('selfTreated'),
      product: grams('product'),
      residue: grams('residue'),
      loss: grams('loss'),
      landfilled: grams('landfilled'),
      recovered: grams('recovered'),
      recoveredPriorYear: grams('recoveredPriorYear'),
      disposed: grams('disposed'),
      producerStockEnd: grams('producerStockEnd'),
      facilityStockEnd: grams('facilityStockEnd'),
      residueStockEnd: grams('residueStockEnd'),
      byMethod: t.field({ type: [MethodMass], resolve: ({ byMethod }) => [...byMethod] }),
      balanced: t.exposeBoolean('balanced'),
      position: t.expose('position', { type: 'Position' }),
    }
  },
})
