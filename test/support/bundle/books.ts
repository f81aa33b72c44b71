import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Header rows of the files, with the column names of the official forms. */
const HEADERS = {
  units: '统一社会信用代码,单位名称,角色,行业代码,地址,园区内,管理类别,联系人,联系电话',
  facilities: '单位代码,设施编码,设施名称,设施类型,能力(吨)',
  licences: '许可证编号,单位代码,经营方式,废物类别或代码,利用处置方式,年经营规模(吨),有效期起,有效期止',
  vehicles: '车牌,承运人代码,道路运输证号,证书有效期止,核定载质量(吨),危险货物',
  plans: '计划年度,移出人代码,废物代码,预计转移量(吨),接受人代码,利用处置方式,转移类型',
  contracts: '合同编号,移出人代码,接受人代码,废物代码,有效期起,有效期止',
  'opening-stock': '批次编码,单位代码,废物代码,废物名称,产生日期,贮存量(吨),贮存设施编码,容器/包装编码,入库批次编码',
  'hw-generation':
    '产生批次编码,单位代码,产生时间,行业俗称/单位内部名称,国家危险废物名录名称,危险废物类别,危险废物代码,产生量,计量单位,容器/包装编码,容器/包装类型,容器/包装数量,产生危险废物设施编码,产生部门经办人,去向',
  'hw-storage-in':
    '入库批次编码,单位代码,入库时间,容器/包装编码,容器/包装类型,容器/包装数量,危险废物代码,入库量,计量单位,贮存设施编码,贮存设施类型,运送部门经办人,贮存部门经办人,产生批次编码',
  'hw-storage-out':
    '出库批次编码,单位代码,出库时间,容器/包装编码,危险废物代码,出库量,计量单位,贮存设施编码,出库部门经办人,运送部门经办人,入库批次编码,去向',
  'hw-manifests':
    '联单编号,移出人代码,应急联系电话,交付时间,承运人代码,车牌,驾驶员,驾驶员电话,运输起点,实际起运时间,运输终点,实际到达时间,接受人代码,许可证编号,接受时间,毛重(kg),皮重(kg)',
  'hw-manifest-lines':
    '联单编号,序号,废物代码,废物名称,危险特性,形态,包装方式,包装数量,移出量(吨),出库批次编码,是否存在重大差异,差异说明,接受人处理意见,接受量(吨),拟利用处置方式',
  'hw-treatment':
    '利用处置记录编号,单位代码,联单编号,序号,设施编码,利用处置方式,处理量(吨),产物名称,产物量(吨),残渣废物代码,残渣量(吨),损失量(吨),完成时间',
  'gisw-generation': '记录表编号,单位代码,代码,名称,产生时间,产生数量(吨),生产设施编码,产生部门经办人',
  'gisw-out':
    '记录表编号,单位代码,代码,名称,出厂时间,出厂数量(吨),出厂环节经办人,运输单位代码,车牌,驾驶员,运输方式,接收单位代码,流向类型',
  'gisw-receipts': '出厂记录表编号,移出单位代码,接收单位代码,接收时间,接收数量(吨),利用处置方式,完成时间',
  trips:
    '称重编号,类别,废物代码,来源单位代码,承运人代码,车牌,驾驶员,出发时间,接收单位代码,进厂时间,毛重(kg),皮重(kg),净重(kg),含水率(%),利用处置方式',
} as const

export type BookName = keyof typeof HEADERS
export const BOOK_NAMES = Object.keys(HEADERS) as BookName[]

/** The files of a bundle as they are written, row by row. */
export class BookWriter {
  readonly #lines = new Map<BookName, string[]>(BOOK_NAMES.map((name) => [name, [HEADERS[name]]]))

  add(book: BookName, ...cells: readonly (string | number)[]): void {
    const line = cells
      .map((cell) => (typeof cell === 'string' && /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
      .join(',')
    this.#lines.get(book)?.push(line)
  }

  rows(): Record<BookName, number> {
    return Object.fromEntries([...this.#lines].map(([name, lines]) => [name, lines.length - 1])) as Record<
      BookName,
      number
    >
  }

  async write(folder: string, expected: object): Promise<void> {
    await mkdir(folder, { recursive: true })
    for (const [name, lines] of this.#lines) await writeFile(join(folder, `${name}.csv`), `${lines.join('\n')}\n`)
    await writeFile(join(folder, 'expected.json'), `${JSON.stringify(expected, undefined, 1)}\n`)
  }
}
