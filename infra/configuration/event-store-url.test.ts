import { EventStoreDBClient } from '../event-store/eventstoredb/client.ts'
import { describe, expect, test, vi } from 'vitest'
import { isEventStoreUrl } from './event-store-url.ts'

const said = (text: string): string => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  try {
    EventStoreDBClient.connectionString(text)
    return warn.mock.calls.flat().join('\n')
  } catch (fault) {
    return String(fault)
  } finally {
    warn.mockRestore()
  }
}

describe('a connection string', () => {
  test.each([
    'esdb://127.0.0.1:2113?tls=false',
    'esdb://localhost',
    'esdb+discover://park.test:2113',
    'esdb://admin:ch%40ngeit@node-1:2113,node-2:2113,node-3:2113?tls=true&nodePreference=leader',
    'esdb://node/?TLS=true&keepAliveInterval=-1&maxDiscoverAttempts=10&tlsVerifyCert=true',
  ])('that the client understands without a word is taken: %s', (text) => {
    expect(said(text)).toBe('')
    expect(isEventStoreUrl(text)).toBe(true)
  })

  test('may name the certificate of an authority', () => {
    expect(isEventStoreUrl('esdb://admin:changeit@node-1:2113?tls=true&tlsCaFile=/certificates/ca.crt')).toBe(true)
  })

  test.each([
    'esdb://admin:changeit@127.0.0.1:2113?foo=bar',
    'esdb://admin:changeit@127.0.0.1:2113?tls=maybe',
    'esdb://admin:changeit@127.0.0.1:2113?tls=false&',
    'esdb://admin:changeit@127.0.0.1:2113?tlsVerifyCert=false',
    'esdb://admin:change:it@127.0.0.1:2113',
    'esdb://admin:change@it@127.0.0.1:2113',
    'esdb://admin:change?it@127.0.0.1:2113',
    'esdb://admin@127.0.0.1',
    'esdb://127.0.0.1:x',
    'esdb://127.0.0.1?constructor=1',
    'esdb://',
    'http://127.0.0.1',
  ])('that the client would print or misread is refused before: %s', (text) => {
    expect(isEventStoreUrl(text)).toBe(false)
  })
})
