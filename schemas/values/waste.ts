import { z } from 'zod'

/** The five stages (五横) in the order that waste passes them. */
export const STAGES = ['generation', 'classification', 'collection', 'transport', 'disposal'] as const
export type Stage = (typeof STAGES)[number]

/** The five streams (五纵). 按公开材料推定: no public text defines them; regulations 8 says why these. */
export const WASTE_STREAMS = ['industrial', 'hazardous', 'municipal', 'construction', 'sludge'] as const
export const WasteStream = z.enum(WASTE_STREAMS)
export type WasteStream = z.infer<typeof WasteStream>

/** What a lot is: its stream and its code in that stream's catalogue. */
export const Waste = z.strictObject({ stream: WasteStream, code: z.string().min(1).max(16) })
export type Waste = z.infer<typeof Waste>

/** 危险特性: toxicity, corrosivity, ignitability, reactivity, infectivity (名录 第五条). */
export const Hazard = z.enum(['T', 'C', 'I', 'R', 'In'])
/** 形态: solid, semi-solid, liquid, gas. */
export const PhysicalForm = z.enum(['S', 'SS', 'L', 'G'])
