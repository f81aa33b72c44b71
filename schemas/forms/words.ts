/** Words of the official forms and the values that they stand for. */
export const words = {
  roles: { 产生单位: 'producer', 收集单位: 'collector', 承运人: 'carrier', 利用单位: 'recycler', 处置单位: 'disposer' },
  inside: { 是: true, 否: false },
  management: { 重点: 'key', 简化: 'simplified', 登记: 'registered' },
  facility: {
    生产设施: 'production',
    贮存库: 'warehouse',
    贮存场: 'yard',
    贮存池: 'pool',
    贮存罐区: 'tank-farm',
    贮存点: 'storage-point',
    利用处置设施: 'treatment',
  },
  licence: { 综合: 'comprehensive', 收集: 'collection' },
  destination: { 省内: 'in-province', 跨省: 'cross-province', 境外: 'abroad' },
  flow: { 省内转移: 'in-province', 跨省转移: 'cross-province', 越境转移: 'abroad' },
  measure: { 吨: 1 },
  form: { S: 'S', SS: 'SS', L: 'L', G: 'G' },
  difference: {
    无: 'none',
    数量: 'quantity',
    包装: 'packaging',
    形态: 'form',
    性质: 'nature',
    名称: 'name',
    其他: 'other',
  },
  decision: { 接受: 'accepted', 部分接受: 'partly-accepted', 拒收: 'refused' },
  stream: { 生活垃圾: 'municipal', 建筑垃圾: 'construction', 城镇污水污泥: 'sludge' },
} as const

/** Books copy the sign of the list (`T/I/R`, `C,T`) or write their own comma between hazards. */
export const HAZARD_SIGNS = /[/,，、]/

/** The signs of 危险特性: toxic, corrosive, ignitable, reactive, infectious. */
export const HAZARDS: readonly string[] = ['T', 'C', 'I', 'R', 'In']
