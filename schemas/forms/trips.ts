import { ask, choice, may, must, type Form } from './form.ts'
import { words } from './words.ts'

export const trips: Form = {
  name: 'trips',
  zh: '车次称重记录',
  en: 'Weighbridge slips of trips',
  names: [{ space: 'trip', columns: ['称重编号'] }],
  units: ['来源单位代码', '承运人代码', '接收单位代码'],
  time: '出发时间',
  columns: [
    must('称重编号', 'batch'),
    must('类别', choice(words.stream)),
    must('废物代码', 'code'),
    must('来源单位代码', 'unit'),
    must('承运人代码', 'unit'),
    must('车牌', 'plate'),
    ask('驾驶员', 'person'),
    must('出发时间', 'moment'),
    must('接收单位代码', 'unit'),
    must('进厂时间', 'moment'),
    must('毛重(kg)', 'kilograms'),
    must('皮重(kg)', 'kilograms'),
    ask('净重(kg)', 'kilograms'),
    may('含水率(%)', 'percent'),
    must('利用处置方式', 'code'),
  ],
}
