import type { FiledLine, LineLot } from './shapes.ts'

/** One lot of a line with its three masses side by side, none ever written over another. */
export interface LotOnLine extends LineLot {
  readonly shipped: number
  readonly accepted: number
  readonly refused: number
  readonly returned: number
  readonly treated: number
}

export interface Line extends Omit<FiledLine, 'lots'> {
  readonly lots: readonly LotOnLine[]
  readonly shipped: number | undefined
  /** Whether `shipped` comes from the consignor's scale (R56). */
  readonly weighed: boolean
  readonly decision: 'accepted' | 'partly-accepted' | 'refused' | undefined
  readonly accepted: number
  readonly refused: number
  readonly treated: number
  /** Accepted, and shipped on or mixed since. */
  readonly passedOn: number
  readonly decidedMethod: string | undefined
  /** When the receiver decided it (接受时间): nothing of it is returned or treated earlier (R59). */
  readonly decidedAt: string | undefined
  /** When what was refused of it was last returned. */
  readonly returnedAt: string | undefined
  /** Records of treatment it was named in; each treats a line once. */
  readonly treatments: readonly string[]
}

export const filedLine = ({ lots, ...line }: FiledLine): Line => ({
  ...line,
  shipped: undefined,
  weighed: false,
  decision: undefined,
  accepted: 0,
  refused: 0,
  treated: 0,
  passedOn: 0,
  decidedMethod: undefined,
  decidedAt: undefined,
  returnedAt: undefined,
  treatments: [],
  lots: lots.map((lot) => ({ ...lot, shipped: 0, accepted: 0, refused: 0, returned: 0, treated: 0 })),
})

/** The same document with one of its lines changed. */
export const onLine = <M extends { readonly lines: readonly Line[] }>(
  manifest: M,
  no: number,
  change: (line: Line) => Line,
): M => ({
  ...manifest,
  lines: manifest.lines.map((line) => (line.line === no ? change(line) : line)),
})

/** A line names a lot once (the decider sees to it), so parts are matched by lot. */
export function onLots<P extends { readonly lot: string }>(
  line: Line,
  parts: readonly P[],
  change: (lot: LotOnLine, part: P) => LotOnLine,
): readonly LotOnLine[] {
  const byLot = new Map(parts.map((part) => [part.lot, part]))
  return line.lots.map((lot) => {
    const part = byLot.get(lot.lot)
    return part ? change(lot, part) : lot
  })
}
