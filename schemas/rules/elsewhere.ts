import { unbound } from './row.ts'

/** Corrections, declarations and what ends with the year: HJ 1259-2022 annex C and chapter 7. */
const declarations = [
  unbound(
    'R44',
    'HJ 1259-2022 附录C',
    ['期初加产生减去处置、转出和调整等于期末', 'Opening, in, out and adjusted make the closing of a period'],
    [
      '每条分录有借有贷，试算平衡恒为零；申报命令尚未建立',
      'Entries are double, so the trial balance is always 0; there is no command of declaration yet',
    ],
  ),
  unbound(
    'R45',
    'HJ 1259-2022 6.1.1',
    [
      '更正是指明原事件、原因和批准人的新事件',
      'A correction is a new event that names the one it corrects, reason and consent',
    ],
    [
      '由更正机制保证：更正是写明原因和同意方的新事件，已存事件不可修改',
      'Held by corrections: events of their own with reason and consents; stored events cannot be changed',
    ],
  ),
  unbound(
    'R46',
    'HJ 1259-2022 7.1.2；本项目约定',
    ['已申报期间的更正须同时更正申报', 'A declared period is corrected with its declaration'],
    ['缺少的事实：已申报的期间', 'Missing fact: which periods are declared'],
  ),
  unbound(
    'R87',
    'HJ 1259-2022 7.2',
    ['按月、按季、按年申报', 'Declared by month, quarter and year in time'],
    ['由期限驱动；申报命令尚未建立', 'A deadline raises it; there is no command of declaration yet'],
  ),
  unbound(
    'R88',
    'HJ 1259-2022 7.1.2',
    ['申报数与台账一致', 'What is declared is the sum of the ledger'],
    ['申报命令尚未建立', 'There is no command of declaration yet'],
  ),
]

/** Transfers over the border of the province or the State. */
const provinces = [
  unbound(
    'R82',
    '生态环境法典 第536条（原固废法 第82条）；令第23号 第二十一条、第二十七条、第二十八条',
    [
      '危险废物跨省转移有在效期和剩余重量内的批准',
      'Hazardous waste leaves the province under an approval with days and weight left',
    ],
    ['缺少的事实：跨省转移批准', 'Missing fact: the approval of the transfer'],
  ),
  unbound(
    'R83',
    '令第23号 第二十七条',
    [
      '批准期限不超过12个月、申请期限和许可证期限',
      'An approval ends with 12 months, the request or the licence, whichever is first',
    ],
    ['缺少的事实：跨省转移批准', 'Missing fact: the approval of the transfer'],
  ),
  unbound(
    'R84',
    '生态环境法典 第476条（原固废法 第22条）',
    [
      '一般固体废物跨省贮存、处置须批准，利用须事先报送信息',
      'General waste leaves the province with an approval, or for recovery with prior report',
    ],
    ['缺少的事实：批准或报送编号', 'Missing fact: number of the approval or the report'],
  ),
  unbound(
    'R85',
    '江苏省固体废物污染环境防治条例（2025-03-01）',
    ['接受省外废物须查验批准或备案并核对', 'Waste from outside Jiangsu is checked against its papers'],
    ['缺少的事实：省外移出单位及其批准', 'Missing fact: consignors outside the province and their approvals'],
  ),
  unbound(
    'R86',
    '生态环境法典 第477条、第543条（原固废法 第23条、第89条）',
    ['不得进口、过境；出口须有核准单', 'No import or transit; an export has its permit'],
    ['缺少的事实：出口核准通知单编号', 'Missing fact: number of the export permit'],
  ),
]

/** Other streams than hazardous and general industrial waste. */
const streams = [
  unbound(
    'R90',
    '生态环境法典 第489条第二款（原固废法 第36条）',
    ['工业固体废物不得投入生活垃圾收集设施', 'Industrial waste goes into no container of municipal waste'],
    [
      '代码与路径由 R05、R06 判定；缺少的事实：收集容器',
      'R05 and R06 judge code and path; missing fact: the container',
    ],
  ),
  unbound(
    'R91',
    'GB 18599-2020 6.1',
    ['第Ⅱ类一般工业固体废物不进入Ⅰ类场', 'Class II waste goes to no class I site'],
    ['缺少的事实：废物的类别（Ⅰ、Ⅱ）和场的类别', 'Missing fact: class I or II of waste and site'],
  ),
  unbound(
    'R92',
    '生态环境法典 第518条、第520条（原固废法 第62条、第63条）',
    ['建筑垃圾有处理方案和联单', 'Construction waste has a filed plan and a manifest'],
    ['缺少的事实：处理方案和受纳场名录', 'Missing fact: the plan of the site and the list of receivers'],
  ),
  unbound(
    'R93',
    '生态环境法典 第518条；本项目约定（24小时）',
    ['建筑垃圾联单按时闭环', 'A manifest of construction waste is closed in time'],
    ['由期限驱动；缺少的事实：建筑垃圾联单', 'A deadline raises it; missing fact: manifests of construction waste'],
  ),
  unbound(
    'R95',
    '生态环境法典 第506条、第514条（原固废法 第49条、第57条）',
    ['分类的生活垃圾不得混合收运', 'Sorted municipal waste is not collected as another kind'],
    ['缺少的事实：收集容器和厨余垃圾收运资格', 'Missing fact: the container, and who may take kitchen waste'],
  ),
  unbound(
    'R96',
    '生态环境法典 第507条（原固废法 第50条）；国家危险废物名录 附录',
    ['集中收集的有害垃圾按危险废物管理', 'Hazardous household waste follows the hazardous path once collected'],
    ['缺少的事实：有害垃圾的集中收集点', 'Missing fact: where household waste is collected centrally'],
  ),
]

/** Figures and the log as a whole: held by how they are made, not asked of a command. */
const integrity = [
  unbound(
    'R100',
    '本项目约定',
    ['重建的数据与现有数据一致', 'A rebuilt projection equals the live one'],
    [
      '由 npm run rebuild -- --check 核对，不是一条命令的规则',
      'npm run rebuild -- --check shows it; no command is asked about it',
    ],
  ),
  unbound(
    'R101',
    '国家统计局 一般工业固体废物统计',
    ['产生等于利用、贮存、处置和倾倒之和', 'Generated is recovered, stored, disposed and dumped together'],
    ['由分录的平衡保证（massBalance.balanced）', 'Entries are double, so it holds (massBalance.balanced)'],
  ),
  unbound(
    'R102',
    '生态环境法典 第485条；本项目约定',
    ['公布的数据注明事件位置和规则版本', 'A published figure names position and editions'],
    ['每个数据都带位置和公式版本；公布命令尚未建立', 'Every figure has them; there is no command of publication yet'],
  ),
  unbound(
    'R103',
    '生态环境法典 第1057条',
    [
      '按行为发生日适用规则和罚则，从旧兼从轻',
      'Rule and fine of the day of the act apply; a lighter later law is shown beside',
    ],
    [
      '不适用于单条命令：规则引擎本身按行为日选取版本',
      'Not a rule of one command: the law itself picks the edition of the day',
    ],
  ),
  unbound(
    'R104',
    '生态环境法典 第1035条；本项目约定',
    ['无排放因子不出减碳数', 'No avoided carbon without its factor'],
    ['缺少的事实：排放因子；系统不计算减碳量', 'Missing fact: emission factors; no such figure is computed'],
  ),
]

/** Rules whose questions come with later parts of the system. */
export const unaskedRules = [...declarations, ...provinces, ...streams, ...integrity]
