import { openPostgresStore } from '../../../infra/event-store/postgres/store.ts'
import { openPool } from '../../../infra/postgres/sessions.ts'
import { allProjections } from '../../all.ts'
import { prepareTables } from '../../runner/prepare.ts'
import { rebuild } from '../../runner/rebuild.ts'
import { loadSyntheticEvents } from '../load-events.ts'

/** `DATABASE_URL=… main.ts EVENTS`: a made-up log and its read models into an empty database. */
const databaseUrl = process.env['DATABASE_URL'] ?? ''
const events = Number(process.argv[2])
const TOLD_EVERY = 1_000_000

const began = performance.now()
const tell = (what: string) => {
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1_024)
  if (events >= TOLD_EVERY)
    console.error(`  ${what}: ${Math.round((performance.now() - began) / 1_000)} s, at most ${megabytes} MB`)
}

await loadSyntheticEvents(databaseUrl, events)
tell(`log of ${events}`)
const store = await openPostgresStore({ url: databaseUrl })
const pool = openPool({ connectionString: databaseUrl, max: 24 })
await prepareTables(pool, 'rm', allProjections, store)
let told = 0
await rebuild({
  pool,
  store,
  projections: allProjections,
  compare: false,
  onProgress(folded) {
    if (folded < told + TOLD_EVERY) return
    told = folded
    tell(`folded ${folded}`)
  },
})
tell('read models in their tables')
// What is asked next must not meet pages that are still being written.
await pool.query('vacuum analyze')
await pool.query('checkpoint')
tell('settled')
await pool.end()
await store.close()
