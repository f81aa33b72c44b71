import type { Migrations } from '../postgres/migrate.ts'

export const identityMigrations: Migrations = { part: 'identity', directory: new URL('./', import.meta.url) }
