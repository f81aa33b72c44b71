#!/usr/bin/env bash
# tsx 4.23.15 on Node 20: under `node --import tsx` a module in TypeScript runs and may import others, but a worker thread whose entry is a `.ts`
# file ends with ERR_UNKNOWN_FILE_EXTENSION (reported in 2023 as privatenumber/tsx#354, open where it was last seen). The worker inherits `--import tsx`; a `.mjs` entry that imports the same `.ts` file through `tsx/esm/api`
# runs. Exits 0 when the behaviour is as described, 1 when it changed, 2 where Node is not version 20. Installs into a folder of its own,
# which it removes.
set -euo pipefail
node -e 'if (!process.version.startsWith("v20.")) { console.error(`needs Node 20, this is ${process.version}`); process.exit(2) }'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module", "dependencies": { "tsx": "4.23.15" } }' > package.json
npm install --no-audit --no-fund --loglevel=error
echo "const answer: number = 42; console.log('entry.ts ran', answer)" > entry.ts
cat > entry.mjs <<'JS'
import { tsImport } from 'tsx/esm/api'
await tsImport('./entry.ts', import.meta.url)
JS
cat > main.ts <<'TS'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

const { version }: { version: string } = JSON.parse(readFileSync('node_modules/tsx/package.json', 'utf8'))
console.log(`Node ${process.version}, tsx ${version}`)
const ended = (entry: string): Promise<string> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL(entry, import.meta.url))
    worker.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code}: ${error.message.replace(/\/.*\//, '')}`))
    worker.once('exit', (code) => resolve(`exit ${code}`))
  })
await import('./entry.ts')
const [direct, through] = [await ended('./entry.ts'), await ended('./entry.mjs')]
console.log(`worker with entry.ts: ${direct}`)
console.log(`worker with entry.mjs that imports entry.ts by tsImport: ${through}`)
process.exit(direct.startsWith('ERR_UNKNOWN_FILE_EXTENSION') && through === 'exit 0' ? 0 : 1)
TS
node --import tsx main.ts
