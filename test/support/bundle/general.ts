import { someone, tonnes, type Day } from './day.ts'
import { listed, TRIPS } from './park.ts'

/** General industrial waste of one day: into each producer's pool, and now and then out of it to who uses or burns it. `pools` holds grams by unit and code. */
export function generalDay(day: Day, pools: Map<string, number>): void {
  const { books, chance, park, sums } = day
  for (const producer of park.producers) {
    for (const { code, method } of producer.general) {
      const pool = `${producer.code} ${code}`
      const name = listed(code, day.date).general
      if (chance.real() < 0.8) {
        const grams = chance.whole(100, 3_500) * 1_000
        books.add(
          'gisw-generation',
          day.code('CS', producer.code),
          producer.code,
          code,
          name,
          day.at(chance.whole(420, 700)),
          tonnes(grams),
          'MF0001',
          someone(chance),
        )
        sums.generated('industrial', grams, producer.inside)
        pools.set(pool, (pools.get(pool) ?? 0) + grams)
      }
      const held = pools.get(pool) ?? 0
      if (held < 4_000_000 || chance.real() < 0.6) continue
      const grams = Math.floor((held * chance.whole(60, 100)) / 100_000) * 1_000
      pools.set(pool, held - grams)
      const out = chance.whole(720, 1_000)
      const record = day.code('CC', producer.code)
      const receiver = park.recyclers[method]?.code ?? ''
      books.add(
        'gisw-out',
        record,
        producer.code,
        code,
        name,
        day.at(out),
        tonnes(grams),
        someone(chance),
        park.collector.code,
        chance.pick(park.generalPlates),
        `司机${chance.whole(41, 80)}`,
        '公路',
        receiver,
        '省内转移',
      )
      books.add(
        'gisw-receipts',
        record,
        producer.code,
        receiver,
        day.at(out + 50),
        tonnes(grams),
        method,
        day.at(out + 200),
      )
      sums.add('industrial', 'shipped', grams)
      sums.add('industrial', 'accepted', grams)
      sums.treated('industrial', method, grams, producer.inside)
    }
  }
}

/** Weighbridge slips of one day. */
export function tripsOfDay(day: Day, count: number): void {
  const { books, chance, park, sums } = day
  for (let i = 0; i < count; i++) {
    const { stream, word, code, method, receiver, source } = TRIPS[i % TRIPS.length] as (typeof TRIPS)[number]
    const tare = chance.whole(8_500, 12_500)
    const net = chance.whole(2_000, 9_500)
    const leave = chance.whole(380, 1_000)
    const place = park.places[source]
    books.add(
      'trips',
      day.code('CZ', ''),
      word,
      code,
      place.code,
      park.collector.code,
      chance.pick(park.generalPlates),
      `司机${chance.whole(41, 80)}`,
      day.at(leave),
      park.places[receiver].code,
      day.at(leave + chance.whole(15, 70)),
      tare + net,
      tare,
      net,
      stream === 'sludge' ? String(chance.whole(72, 82)) : '',
      method,
    )
    const grams = net * 1_000
    sums.generated(stream, grams, place.inside)
    sums.add(stream, 'shipped', grams)
    sums.add(stream, 'accepted', grams)
    sums.treated(stream, method, grams, place.inside)
  }
}
