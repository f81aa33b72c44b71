import type { Text } from '../texts/fill.ts'
import type { CommandOf, Question } from './questions.ts'

/** The part of a command that a question judges apart, after the colon. */
type PartOf<K extends Question> = K extends `${infer C}:${infer P}` ? (C extends 'projection' ? never : P) : never

const commands: Readonly<Record<CommandOf<Question>, Text>> = {
  RegisterUnit: { zh: '登记单位', en: 'Register a unit' },
  EnterUnit: { zh: '变更单位主数据', en: 'Enter master data of a unit' },
  ConcludeContract: { zh: '登记合同', en: 'Enter a contract' },
  FilePlan: { zh: '备案管理计划', en: 'File a management plan' },
  GenerateLot: { zh: '产生', en: 'Generate a lot' },
  OpenLot: { zh: '录入期初库存', en: 'Enter opening stock' },
  GenerateIntoPool: { zh: '产生（归集批）', en: 'Generate into a pool' },
  ClassifyLot: { zh: '分类', en: 'Classify a lot' },
  LabelLot: { zh: '贴标签', en: 'Label a lot' },
  StoreLot: { zh: '入库', en: 'Take into store' },
  TakeOutLot: { zh: '出库', en: 'Take out of store' },
  SortLot: { zh: '分拣', en: 'Sort a lot' },
  SplitLot: { zh: '分批', en: 'Split a lot' },
  TakeStock: { zh: '盘点', en: 'Take stock' },
  RecordTrip: { zh: '登记车次', en: 'Record a trip' },
  FileManifest: { zh: '填报联单', en: 'File a manifest' },
  AttachNumber: { zh: '补填联单编号', en: 'Attach an official number' },
  PickUp: { zh: '交付装车', en: 'Pick up' },
  Depart: { zh: '起运', en: 'Depart' },
  HandOverLeg: { zh: '换车交接', en: 'Hand over to the next leg' },
  Arrive: { zh: '到达', en: 'Arrive' },
  CancelManifest: { zh: '作废联单', en: 'Cancel a manifest' },
  RecordOutShipment: { zh: '登记一般固废出厂', en: 'Record a shipment of general waste' },
  MoveLot: { zh: '批次随联单流转', en: 'Move mass of a lot by its manifest' },
  WeighLoad: { zh: '过磅', en: 'Weigh the load' },
  AcceptManifest: { zh: '接受', en: 'Accept' },
  RefuseManifest: { zh: '拒绝接受', en: 'Refuse' },
  ReturnRefused: { zh: '退运', en: 'Return what was refused' },
  MixLots: { zh: '混合', en: 'Mix lots' },
  RecordTreatment: { zh: '利用处置', en: 'Treat' },
  CorrectLot: { zh: '更正批次', en: 'Correct a lot' },
  ReadMass: { zh: '读取账册数量', en: 'Read a mass of a book' },
  'projection:rate': { zh: '计算综合利用率', en: 'Show a recycling rate' },
}

const parts: Readonly<Record<PartOf<Question>, Text>> = {
  report: { zh: '鉴别报告', en: 'report of the identification' },
  state: { zh: '当前状态', en: 'its state' },
  moisture: { zh: '含水率', en: 'moisture' },
  lots: { zh: '所列批次', en: 'its lots' },
  number: { zh: '编号', en: 'its number' },
  pool: { zh: '归集批余量', en: 'what the pool holds' },
}

const timer: Text = { zh: '到期自动判定', en: 'A deadline that passes' }

const isWhole = (question: string): question is keyof typeof commands => Object.hasOwn(commands, question)
const isPart = (part: string): part is keyof typeof parts => Object.hasOwn(parts, part)

/** How readers see what asks a rule: a command, the part of it that is judged apart, or the passing of time. A question without a text is its name. */
export function questionText(question: string): Text {
  if (question === 'timer') return timer
  if (isWhole(question)) return commands[question]
  const [command = '', part = ''] = question.split(':')
  if (!isWhole(command) || !isPart(part)) return { zh: question, en: question }
  return { zh: `${commands[command].zh}：${parts[part].zh}`, en: `${commands[command].en}: ${parts[part].en}` }
}
