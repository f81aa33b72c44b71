import { choice, may, must, type Form } from './form.ts'
import { words } from './words.ts'

export const units: Form = {
  name: 'units',
  zh: '单位名录',
  en: 'Units',
  names: [{ space: 'unit', columns: ['统一社会信用代码'] }],
  units: [],
  columns: [
    must('统一社会信用代码', 'unit', 'R01'),
    must('单位名称', 'name'),
    must('角色', choice(words.roles, { many: true })),
    may('行业代码', 'code'),
    may('地址', 'name'),
    must('园区内', choice(words.inside)),
    may('管理类别', choice(words.management)),
    may('联系人', 'person'),
    may('联系电话', 'phone'),
  ],
}

export const facilities: Form = {
  name: 'facilities',
  zh: '设施清单',
  en: 'Facilities of the units',
  names: [{ space: 'facility', columns: ['单位代码', '设施编码'] }],
  units: ['单位代码'],
  columns: [
    must('单位代码', 'unit'),
    must('设施编码', 'facility'),
    must('设施名称', 'name'),
    must('设施类型', choice(words.facility)),
    may('能力(吨)', 'tonnes'),
  ],
}

export const licences: Form = {
  name: 'licences',
  zh: '危险废物经营许可证',
  en: 'Licences for hazardous waste',
  names: [{ space: 'licence', columns: ['许可证编号'] }],
  units: ['单位代码'],
  columns: [
    must('许可证编号', 'number'),
    must('单位代码', 'unit'),
    must('经营方式', choice(words.licence)),
    must('废物类别或代码', 'codes'),
    must('利用处置方式', 'codes'),
    must('年经营规模(吨)', 'tonnes'),
    must('有效期起', 'day'),
    must('有效期止', 'day'),
  ],
}

export const vehicles: Form = {
  name: 'vehicles',
  zh: '危险货物运输车辆',
  en: 'Vehicles of the carriers',
  names: [{ space: 'vehicle', columns: ['承运人代码', '车牌'] }],
  units: ['承运人代码'],
  columns: [
    must('车牌', 'plate'),
    must('承运人代码', 'unit'),
    must('道路运输证号', 'number'),
    must('证书有效期止', 'day'),
    may('核定载质量(吨)', 'tonnes'),
    must('危险货物', choice(words.inside)),
  ],
}

export const plans: Form = {
  name: 'plans',
  zh: '危险废物转移计划',
  en: 'Lines of the yearly plans',
  names: [
    { space: 'plan', columns: ['移出人代码', '计划年度', '废物代码', '接受人代码', '利用处置方式'] },
    { space: 'plan-line', columns: ['移出人代码', '计划年度', '废物代码', '接受人代码'] },
  ],
  units: ['移出人代码', '接受人代码'],
  columns: [
    must('计划年度', 'year'),
    must('移出人代码', 'unit'),
    must('废物代码', 'code'),
    must('预计转移量(吨)', 'tonnes'),
    must('接受人代码', 'unit'),
    must('利用处置方式', 'code'),
    must('转移类型', choice(words.destination)),
  ],
}

export const contracts: Form = {
  name: 'contracts',
  zh: '利用处置合同',
  en: 'Contracts on hazardous waste',
  names: [{ space: 'contract', columns: ['移出人代码', '合同编号'] }],
  units: ['移出人代码', '接受人代码'],
  columns: [
    must('合同编号', 'number'),
    must('移出人代码', 'unit'),
    must('接受人代码', 'unit'),
    must('废物代码', 'code'),
    must('有效期起', 'day'),
    must('有效期止', 'day'),
  ],
}
