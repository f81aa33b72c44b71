import type { Migrations } from '../postgres/migrate.ts'

export const personalDataMigrations: Migrations = { part: 'personal-data', directory: new URL('./', import.meta.url) }
