import { raisedByTimer } from './row.ts'
import { ofTheManifest } from './sources.ts'

/** R65: a load that has departed arrives within the hours of `limits.json`. */
export const transportOverdue = raisedByTimer('R65', {
  title: { zh: '起运后按时到达', en: 'What departed arrives in time' },
  text: {
    zh: '联单 {number} 的货物于 {departedAt} 启运，超过 {hours} 小时未到达，请承运人说明去向',
    en: 'The load of manifest {number} departed at {departedAt} and has not arrived within {hours} hours: the carrier must say where it is',
  },
  editions: ofTheManifest('第十一条；本项目约定（时限见配置）', 'ALERT'),
})

/** R71: the receiver decides within five working days from the day on which the load was received. */
export const decisionOverdue = raisedByTimer('R71', {
  title: { zh: '接受之日起5个工作日内确认', en: 'Confirmed within five working days of the receipt' },
  text: {
    zh: '联单 {number} 的货物于 {arrivedAt} 到达，接受人尚未确认；须自接受之日起 {workingDays} 个工作日内确认',
    en: 'The load of manifest {number} arrived at {arrivedAt} and is not decided yet; the receiver has {workingDays} working days from reception',
    more: [
      {
        zh: '联单 {number} 的货物于 {arrivedAt} 到达，接受人尚未确认；须自接受之日起 {workingDays} 个工作日内，即 {dueAt} 前确认',
        en: 'The load of manifest {number} arrived at {arrivedAt} and is not decided yet; the receiver has {workingDays} working days from reception, until {dueAt}',
      },
    ],
  },
  editions: ofTheManifest('第十八条第一款', 'ALERT'),
})

/** R75: what was refused goes back to its consignor. */
export const returnOverdue = raisedByTimer('R75', {
  title: { zh: '拒收部分按时退回', en: 'What was refused is returned in time' },
  text: {
    zh: '联单 {number} 第 {line} 行于 {refusedAt} 被拒收 {refused} 克，{days} 日内未退回移出人',
    en: '{refused} g of line {line} of manifest {number} were refused at {refusedAt} and are not back with the consignor within {days} days',
  },
  editions: ofTheManifest('第十八条；本项目约定（时限见配置）', 'ALERT'),
})

export const timerRules = [transportOverdue, decisionOverdue, returnOverdue]
