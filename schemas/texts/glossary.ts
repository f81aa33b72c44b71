/** A term of the field: how users see it in both languages, and what it means here. */
export interface Term {
  readonly zh: string
  readonly en: string
  readonly meaning: string
}

type Terms = Readonly<Record<string, Term>>

/** The five stages (五横) and the five streams (五纵). Which they are is 按公开材料推定: no public text defines them. */
const axes: Terms = {
  generation: {
    zh: '产生',
    en: 'generation',
    meaning: 'Stage 1: waste comes to be, at a facility of the unit that generates it',
  },
  classification: {
    zh: '分类',
    en: 'classification',
    meaning: 'Stage 2: its code, hazards and form are settled and its package is labelled',
  },
  collection: {
    zh: '收集',
    en: 'collection',
    meaning: 'Stage 3: it lies in a store of its holder; the finer legal step 贮存 rolls up to it',
  },
  transport: {
    zh: '运输',
    en: 'transport',
    meaning: 'Stage 4: it is with a carrier, refused loads that await their return included',
  },
  disposal: {
    zh: '处置利用',
    en: 'disposal and recovery',
    meaning: 'Stage 5: the receiver accepted it; law keeps 利用 and 处置 apart, the method tells which',
  },
  industrial: {
    zh: '一般工业固废',
    en: 'general industrial waste',
    meaning: 'Industrial waste that is not hazardous; kept in pools by unit and code (公告2021年第82号)',
  },
  hazardous: {
    zh: '危险废物',
    en: 'hazardous waste',
    meaning: 'Waste of the 国家危险废物名录, medical waste included; kept in lots by package',
  },
  municipal: { zh: '生活垃圾', en: 'municipal waste', meaning: 'Waste of daily life, sorted by kind' },
  construction: {
    zh: '建筑垃圾',
    en: 'construction waste',
    meaning: 'Spoil, slurry, construction, demolition and decoration waste',
  },
  sludge: {
    zh: '城镇污水污泥',
    en: 'sewage sludge',
    meaning: 'Sludge of municipal wastewater plants; wet and dry mass side by side',
  },
}

/** Who acts. */
const parties: Terms = {
  producer: { zh: '产生单位', en: 'producer', meaning: 'The unit that generates waste' },
  collector: {
    zh: '收集单位',
    en: 'collector',
    meaning: 'A unit that collects waste of others and hands it on; consignor of its own outbound transfers',
  },
  recycler: { zh: '利用单位', en: 'recycler', meaning: 'A facility that recovers waste' },
  disposer: { zh: '处置单位', en: 'disposer', meaning: 'A facility that disposes of waste under its licence' },
  consignor: { zh: '移出人', en: 'consignor', meaning: 'The unit from which a transfer starts (令第23号 art 31)' },
  carrier: { zh: '承运人', en: 'carrier', meaning: 'The unit that transports one leg of a transfer' },
  driver: { zh: '驾驶员', en: 'driver', meaning: 'Whoever drives the vehicle of a leg, by permit' },
  receiver: { zh: '接受人', en: 'receiver', meaning: 'The unit at which a transfer ends' },
  shipper: {
    zh: '托运人',
    en: 'shipper',
    meaning: 'Who engages the carrier: the consignor or the receiver, nobody else',
  },
  holder: { zh: '持有单位', en: 'holder', meaning: 'The unit in whose place a lot lies' },
  bureau: { zh: '主管部门', en: 'bureau', meaning: 'Officials who read and audit' },
  admin: {
    zh: '园区台账管理员',
    en: 'book-keeper of the park',
    meaning: 'Keeps master data and imports; may act in every unit’s name',
  },
}

/** Things that are recorded. */
const things: Terms = {
  unit: { zh: '单位', en: 'unit', meaning: 'A registered body, by its 统一社会信用代码' },
  site: { zh: '场所', en: 'site', meaning: 'A place of a unit' },
  facility: {
    zh: '设施',
    en: 'facility',
    meaning: 'Equipment at a site: MF#### production, TS### storage and treatment',
  },
  vehicle: { zh: '车辆', en: 'vehicle', meaning: 'By its plate, with its permit of road transport' },
  licence: {
    zh: '危险废物经营许可证',
    en: 'operating licence',
    meaning: 'What hazardous waste a unit may collect, store, recover or dispose of, how, and how much a year',
  },
  plan: {
    zh: '危险废物管理计划',
    en: 'management plan',
    meaning: 'What a unit expects to transfer in a year, to whom and for which method (HJ 1259 A.7)',
  },
  contract: { zh: '合同', en: 'contract', meaning: 'Written agreement of producer and receiver that names the waste' },
  lot: { zh: '批次', en: 'lot', meaning: 'An amount of one waste under one history' },
  pool: { zh: '归集批', en: 'pool', meaning: 'The lot of all general waste of one unit and code; first in, first out' },
  batch: {
    zh: '批次编码',
    en: 'batch code',
    meaning: 'The code of one step of a lot in the books: HWCS generation, HWRK in, HWCK out',
  },
  label: { zh: '标签', en: 'label', meaning: 'The mark on a package with its 37-character code (HJ 1276)' },
  package: { zh: '容器', en: 'package', meaning: 'A container of a lot' },
  manifest: {
    zh: '转移联单',
    en: 'manifest',
    meaning: 'The document of one transfer: consignor, carriers, receiver, lines',
  },
  'transfer-manifest': {
    zh: '危险废物转移联单',
    en: 'hazardous waste transfer manifest',
    meaning: 'The form of 令第23号',
  },
  'out-record': {
    zh: '出厂环节记录表',
    en: 'out-record',
    meaning: '附表3 of 公告2021年第82号: general industrial waste leaves its site',
  },
  line: { zh: '联单明细', en: 'line', meaning: 'One waste on a manifest' },
  leg: { zh: '承运段', en: 'leg', meaning: 'One carrier’s part of a trip' },
  residue: { zh: '残渣', en: 'residue', meaning: 'New waste of the treater out of a treatment' },
  product: { zh: '产物', en: 'product', meaning: 'What a treatment made that is no waste any more' },
  loss: { zh: '损失', en: 'loss', meaning: 'Mass that a treatment turned into gas, water or heat' },
  landfilled: { zh: '填埋', en: 'landfilled', meaning: 'Mass that stays in a landfill' },
  void: { zh: '作废', en: 'void', meaning: 'A lot that was recorded by mistake and never was' },
  variance: { zh: '过磅差异', en: 'variance', meaning: 'What arrived less what was shipped' },
  finding: {
    zh: '异常',
    en: 'finding',
    meaning: 'A rule’s verdict that did not stop the command, or that a timer or projection found',
  },
}

/** Fields of documents, as rules point at them. */
const fields: Terms = {
  trailer: { zh: '挂车号牌', en: 'plate of the trailer', meaning: 'Of the trailer beside the tractor of a leg' },
  plate: { zh: '车牌', en: 'number plate', meaning: 'Of the vehicle or vessel of a leg' },
  emergencyPhone: { zh: '应急联系电话', en: 'emergency phone', meaning: 'Of the consignor, part one of the manifest' },
  hazards: {
    zh: '危险特性',
    en: 'hazards',
    meaning: 'T toxic, C corrosive, I ignitable, R reactive, In infectious (名录 art 5)',
  },
  harmful: { zh: '有害成分名称', en: 'harmful components', meaning: 'Part one of the manifest' },
  packageCount: { zh: '包装数量', en: 'number of packages', meaning: 'Part one of the manifest' },
  'in-province': { zh: '省内', en: 'in the province', meaning: '转移类型 of HJ 1259 A.7' },
  'cross-province': {
    zh: '跨省',
    en: 'to another province',
    meaning: '转移类型; needs an approval (令第23号 arts 21-28)',
  },
  abroad: { zh: '境外', en: 'abroad', meaning: '转移类型; needs an export approval' },
}

/** What may be done, and how far a manifest has come. */
const steps: Terms = {
  'attach-number': {
    zh: '登记联单编号',
    en: 'attaching the official number',
    meaning: 'The national number is given from outside and stored',
  },
  pickup: { zh: '交付装车', en: 'pickup', meaning: 'Labels scanned and weights read as the carrier takes over' },
  departure: { zh: '起运', en: 'departure', meaning: 'The vehicle leaves the consignor' },
  arrival: { zh: '到达', en: 'arrival', meaning: 'The vehicle is at the named receiver' },
  weighing: { zh: '过磅', en: 'weighing', meaning: 'The receiver reads gross and tare of the vehicle' },
  acceptance: { zh: '接受', en: 'acceptance', meaning: 'The receiver decides line by line' },
  refusal: { zh: '拒收', en: 'refusal', meaning: 'The receiver takes nothing' },
  return: { zh: '退回', en: 'return', meaning: 'Refused mass comes back to the consignor’s store' },
  treatment: { zh: '利用处置', en: 'treatment', meaning: 'What a facility did to accepted mass, by method' },
  sorting: {
    zh: '分拣',
    en: 'sorting',
    meaning: 'What was received is separated into fractions, each with a code of its own',
  },
  cancellation: { zh: '作废', en: 'cancellation', meaning: 'A manifest is void; before departure only' },
  filing: { zh: '填写联单', en: 'filing', meaning: 'The consignor files a manifest; mass is reserved on its lots' },
  trip: {
    zh: '过磅运输',
    en: 'weighed trip',
    meaning: 'One weighbridge slip of municipal, construction or sludge waste, from source to treatment',
  },
  'storage-in': { zh: '入库', en: 'storage in', meaning: 'A lot is weighed into a store (HJ 1259 B.2)' },
  'storage-out': {
    zh: '出库',
    en: 'storage out',
    meaning: 'A lot leaves its store and waits for pickup (HJ 1259 B.3)',
  },
  mixed: { zh: '混合', en: 'mixed', meaning: 'Several lots became one' },
  split: { zh: '拆分', en: 'split', meaning: 'A part of a lot becomes a lot of its own' },
  'stock-take': { zh: '盘点', en: 'stock-take', meaning: 'What was counted against what the books say' },
  filed: { zh: '申报', en: 'filed', meaning: 'The manifest stands; its mass is reserved' },
  loaded: { zh: '已装车', en: 'loaded', meaning: 'Picked up, not yet under way' },
  handover: { zh: '交接', en: 'handover', meaning: 'The moment at which waste passes from one hand to the next' },
  departed: { zh: '起运', en: 'departed', meaning: 'Under way' },
  arrived: { zh: '到达', en: 'arrived', meaning: 'At the receiver’s gate' },
  weighed: { zh: '过磅', en: 'weighed', meaning: 'The receiver’s own weighing is done' },
  accepted: { zh: '接受', en: 'accepted', meaning: 'Decided by the receiver, wholly or for a part' },
  'partly-accepted': { zh: '部分接受', en: 'partly accepted', meaning: 'A part stays, the rest is refused' },
  refused: { zh: '拒收', en: 'refused', meaning: 'Not taken; lies with the carrier until it is returned' },
  treated: { zh: '利用处置', en: 'treated', meaning: 'A treatment is done' },
  completed: { zh: '办结', en: 'completed', meaning: 'Every line is decided' },
  cancelled: { zh: '已作废', en: 'cancelled', meaning: 'Void before departure' },
  abandoned: { zh: '未成立', en: 'abandoned', meaning: 'A filing that never came to be' },
  generated: { zh: '产生', en: 'generated', meaning: 'The moment at which waste came to be' },
  classified: { zh: '分类', en: 'classified', meaning: 'The moment at which code and hazards were settled' },
  labelled: { zh: '贴标', en: 'labelled', meaning: 'The moment at which the label was put on' },
  'taken-out': { zh: '出库', en: 'taken out', meaning: 'The moment of storage out' },
  counted: { zh: '盘点', en: 'counted', meaning: 'The moment of a stock-take' },
  returned: { zh: '退回', en: 'returned', meaning: 'Refused mass is back with its consignor' },
  stored: { zh: '入库', en: 'stored', meaning: 'The moment of storage in' },
  recorded: { zh: '记录', en: 'recorded', meaning: 'The server’s own time' },
  previous: { zh: '上一环节', en: 'the step before', meaning: 'The last thing that happened to the lot or manifest' },
  occurred: { zh: '发生', en: 'occurred', meaning: 'The time that whoever acted claims' },
}

/** 是否存在重大差异: in what a load differs from its manifest. */
const differences: Terms = {
  none: { zh: '无', en: 'none', meaning: 'The load is what the manifest says' },
  quantity: { zh: '数量', en: 'quantity', meaning: 'Another mass or another number of packages' },
  packaging: { zh: '包装', en: 'packaging', meaning: 'Another kind of package' },
  form: { zh: '形态', en: 'form', meaning: 'Solid, semi-solid, liquid or gas, other than stated' },
  nature: { zh: '性质', en: 'nature', meaning: 'Other hazards than stated' },
  name: { zh: '名称', en: 'name', meaning: 'Another waste' },
  other: { zh: '其他', en: 'other', meaning: 'Anything else; the note says what' },
}

/** What indicators count. */
const measures: Terms = {
  recovery: { zh: '利用', en: 'recovery', meaning: 'Methods R*, C2, C3, GR-*' },
  transfer: { zh: '收集贮存', en: 'transfer', meaning: 'Methods that only collect or store' },
  'recycling-rate': {
    zh: '综合利用率',
    en: 'recycling rate',
    meaning: 'Recovered / (generated + recovered from stock of earlier years)',
  },
  'prior-year-stock': { zh: '往年贮存', en: 'prior-year stock', meaning: 'Lots generated in an earlier year' },
  'inside-park': {
    zh: '园区内',
    en: 'inside the park',
    meaning: 'Of a unit that lay in the park when the waste came to be; intake of others never raises the park’s rate',
  },
}

/** Why something does not fit, as facts of rules say it. */
const reasons: Terms = {
  'no-such-class': {
    zh: '没有该类别',
    en: 'there is no such class',
    meaning: 'R05: the code is malformed or its class is in no list',
  },
  'class-of-another-stream': {
    zh: '属于另一类固体废物',
    en: 'its class belongs to another stream',
    meaning: 'R05: for example a municipal code on an industrial record',
  },
  'class-known-code-not-loaded': {
    zh: '类别存在，但该代码未在已载入的部分目录中',
    en: 'the class exists, but the loaded part of the list lacks the code',
    meaning: 'R05: our copy of the list of 2024 is incomplete',
  },
  'credit-code-form': {
    zh: '应为 18 位数字或大写字母（不用 I、O、S、V、Z）',
    en: 'it must have 18 digits or capital letters, none of them I, O, S, V or Z',
    meaning: 'R01: not the form of GB 32100-2015',
  },
  'credit-code-department': {
    zh: '首位不是登记管理部门代码（1 至 9、A、N、Y）',
    en: 'its first character is no registering department, which are 1 to 9, A, N and Y',
    meaning: 'R01: GB 32100-2015 table 1',
  },
  'credit-code-check': {
    zh: '第 18 位校验码不符，请核对证照',
    en: 'the check digit, its 18th character, is wrong, compare the certificate',
    meaning: 'R01: the check digit of GB 32100-2015',
  },
  'organisation-check': {
    zh: '第 17 位（组织机构代码校验码）不符，请核对证照',
    en: 'the check digit of the organisation code, its 17th character, is wrong, compare the certificate',
    meaning: 'R01 as a warning: the check digit of GB 11714-1997, which some lawful codes lack',
  },
  'batch-of-another-step': {
    zh: '前缀是另一环节的编码',
    en: 'its prefix is that of another step',
    meaning: 'R25: a form of HJ 1259-2022 annex B, used at another step than it is meant for',
  },
  'batch-of-another-day': {
    zh: '日期与该环节的日期不同',
    en: 'its date is not that of the step',
    meaning: 'R25: a form of HJ 1259-2022 annex B with another day in it',
  },
  'erased-person': {
    zh: '已删除的人员',
    en: 'a person whose data was erased',
    meaning: 'A person whose key was deleted (PIPL art 47): nobody can read the name any more',
  },
  'another-driver': {
    zh: '另一名驾驶员',
    en: 'another driver',
    meaning: 'R57: the driver at the pickup, where the reader may not know the name',
  },
  'filed-driver': {
    zh: '填报联单时登记的驾驶员',
    en: 'the driver named when the manifest was filed',
    meaning: 'R57: the driver that was filed, where the reader may not know the name',
  },
  'never-filed': { zh: '联单未成立', en: 'the manifest was never filed', meaning: 'Why a reservation was released' },
  'never-recorded': {
    zh: '利用处置未登记',
    en: 'the treatment was never recorded',
    meaning: 'Why what was set aside for a treatment is free again',
  },
  'not-on-manifest': {
    zh: '不在联单上',
    en: 'not on the manifest',
    meaning: 'R55: a label was scanned that no line names',
  },
  'package-count': {
    zh: '标签数与包装数量不同',
    en: 'labels and number of packages differ',
    meaning: 'R55: every container has a label of its own',
  },
  'not-scanned': { zh: '未扫描', en: 'not scanned', meaning: 'R55: a package of the line was not scanned' },
  'not-given': { zh: '未说明', en: 'not given', meaning: 'No reason was stated' },
}

/** The words of the field that code uses and users see. A fact of a refusal whose value stands here is shown by its term. */
export const glossary: Terms = {
  ...axes,
  ...parties,
  ...things,
  ...fields,
  ...steps,
  ...differences,
  ...measures,
  ...reasons,
}
