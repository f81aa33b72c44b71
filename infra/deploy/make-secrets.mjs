import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// `node infra/deploy/make-secrets.mjs [FOLDER]`: what docker-compose.yml reads as secrets, made by chance, once. What is there stays.
const folder = process.argv[2] ?? new URL('secrets/', import.meta.url).pathname
const secret = () => randomBytes(24).toString('base64url')
const [park, keycloak, eventstore, admin, programs, people, grafana] = Array.from({ length: 7 }, secret)

/** Images that read files get files; those that only know variables get a file of variables. */
const files = {
  'postgres-password': park,
  'database-url': `postgres://wufei:${park}@postgres:5432/wufei`,
  'keycloak-database-password': keycloak,
  'keycloak.env': `KC_DB_PASSWORD=${keycloak}\nKC_BOOTSTRAP_ADMIN_PASSWORD=${admin}\nWUFEI_PROGRAM_SECRET=${programs}\nWUFEI_DEMO_PASSWORD=${people}\n`,
  'eventstore.env': `EVENTSTORE_DEFAULT_ADMIN_PASSWORD=${eventstore}\nEVENTSTORE_DEFAULT_OPS_PASSWORD=${secret()}\n`,
  'eventstore-url': `esdb://admin:${eventstore}@eventstore-1:2113,eventstore-2:2113,eventstore-3:2113?tls=true&tlsCaFile=/certificates/ca.crt&nodePreference=leader`,
  'grafana-password': grafana,
}

mkdirSync(folder, { recursive: true, mode: 0o700 })
// All or none: they fit together, and a database remembers the password that it was made with.
const there = Object.keys(files).filter((name) => existsSync(join(folder, name)))
if (there.length > 0) {
  process.stdout.write(`${folder} holds ${there.join(', ')} already; nothing was changed\n`)
  process.exit(there.length === Object.keys(files).length ? 0 : 1)
}
// Containers read them as users of their own, so the folder is what keeps others out.
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o644, flag: 'wx' })
process.stdout.write(`made ${Object.keys(files).join(', ')} in ${folder}\n`)
