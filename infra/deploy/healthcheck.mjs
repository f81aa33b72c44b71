// Says to the container's engine whether this process can serve. Plain JavaScript without imports: it is started every few seconds.
const ready = await fetch(`http://127.0.0.1:${process.env['PORT'] ?? 8080}/readyz`, {
  signal: AbortSignal.timeout(4_000),
}).catch(() => undefined)
process.exit(ready?.ok ? 0 : 1)
