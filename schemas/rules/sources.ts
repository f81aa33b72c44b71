import type { Text } from '../texts/fill.ts'
import type { Edition, Severity } from './row.ts'

/** The Code is in force from here on and repeals the law on solid waste of 2020 (生态环境法典 第1242条). */
const CODE = '2026-08-15'
const LAST_OF_2020 = '2026-08-14'

/** From the first day of the calendar: what is no law of a day but a matter of form, of counting, or of what is true at all. */
export const ALWAYS = '0001-01-01'
/** 危险废物转移管理办法 (令第23号), HJ 1259-2022, HJ 1276-2022, the catalogue of 1998, 经营许可证管理办法. */
export const TRANSFER_ORDER = '2022-01-01'
export const LEDGER_STANDARD = '2022-10-01'
export const LABEL_STANDARD = '2023-07-01'
export const FIRST_CATALOGUE = '1998-07-01'
export const LICENCE_DECREE = '2004-07-01'

interface AcrossTheCode {
  readonly from: string
  readonly severity: Severity
  /** Sources up to 2026-08-14, and from 2026-08-15. */
  readonly source: readonly [law2020: string, code: string]
  readonly penalty?: readonly [law2020: Text, code: Text]
}

/** The editions of a rule that the Code has moved to another article, with another fine. */
export function acrossTheCode({ from, severity, source, penalty }: AcrossTheCode): readonly [Edition, Edition] {
  const [before, since] = source
  return [
    { from, to: LAST_OF_2020, source: before, severity, ...(penalty ? { penalty: penalty[0] } : {}) },
    { from: CODE, source: since, severity, ...(penalty ? { penalty: penalty[1] } : {}) },
  ]
}

type Fines = readonly [law2020: Text, code: Text]

/** Marks, plan, declaration, ledger, storage, mixing, manifest: 固废法 第112条 and 法典 第1175条. */
export const hazardousDuties: Fines = [
  {
    zh: '固废法第112条：处10万元以上100万元以下罚款',
    en: 'Solid waste law of 2020, art. 112: fine of CNY 100,000 to 1,000,000',
  },
  {
    zh: '法典第1175条：处5万元以上20万元以下罚款；拒不改正的，处20万元以上100万元以下罚款',
    en: 'Code, art. 1175: fine of CNY 50,000 to 200,000; CNY 200,000 to 1,000,000 where it is not corrected',
  },
]

/** Hazardous waste given to a unit without licence, or moved without approval. */
export const givenToUnlicensed: Fines = [
  {
    zh: '固废法第112条：处所需处置费用3倍以上5倍以下罚款，所需费用不足20万元的按20万元计算',
    en: 'Solid waste law of 2020, art. 112: fine of 3 to 5 times the cost of disposal, counted as CNY 200,000 at least',
  },
  {
    zh: '法典第1175条：处20万元以上200万元以下罚款；情节严重的，依第1179条处拘留',
    en: 'Code, art. 1175: fine of CNY 200,000 to 2,000,000; detention in grave cases (art. 1179)',
  },
]

/** 不按照许可证规定. */
export const outsideTheLicence: Fines = [
  {
    zh: '固废法第114条：处50万元以上200万元以下罚款，情节严重的吊销许可证',
    en: 'Solid waste law of 2020, art. 114: fine of CNY 500,000 to 2,000,000; in grave cases the licence is revoked',
  },
  {
    zh: '法典第1178条：收集、贮存处10万元以上50万元以下罚款，利用、处置处50万元以上200万元以下罚款，情节严重的吊销许可证',
    en: 'Code, art. 1178: fine of CNY 100,000 to 500,000 (collecting, storing) or 500,000 to 2,000,000 (recovery, disposal); in grave cases the licence is revoked',
  },
]

/** Sewage sludge that is not tracked. */
export const sludgeTracking: Fines = [
  {
    zh: '固废法第108条：未按规定跟踪、记录污泥去向的，警告；造成严重后果的，处10万元以上20万元以下罚款',
    en: 'Solid waste law of 2020, art. 108: warning; fine of CNY 100,000 to 200,000 where the effects are grave',
  },
  {
    zh: '法典第1172条：警告；造成严重后果的，处10万元以上20万元以下罚款',
    en: 'Code, art. 1172: warning; fine of CNY 100,000 to 200,000 where the effects are grave',
  },
]

/** A rule of 令第23号 about the manifest: its base is 固废法 第82条, then 法典 第536条. */
export const ofTheManifest = (articles: string, severity: Severity = 'BLOCK'): readonly [Edition, Edition] =>
  acrossTheCode({
    from: TRANSFER_ORDER,
    severity,
    source: [`令第23号 ${articles}；固废法 第82条`, `令第23号 ${articles}；生态环境法典 第536条`],
    penalty: hazardousDuties,
  })
