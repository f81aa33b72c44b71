import { defineConfig } from 'vitest/config'
import { testConfig } from './vitest.projects.ts'

export default defineConfig(testConfig())
