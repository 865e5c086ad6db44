import { describe, expect, it } from 'vitest'
import { isCallable, lookupOf, mayCall, mustBeCallable } from './outward.ts'

const production = { loopback: false }
describe('where the platform calls others', () => {
  it.each([
    ['10.1.2.3', true],
    ['192.168.1.1', true],
    ['59.41.1.1', true],
    ['240e::1', true],
    ['fd00::1', true],
    ['127.0.0.1', false],
    ['::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['169.254.169.254', false],
    ['::ffff:a9fe:a9fe', false],
    ['fe80::1', false],
    ['0.0.0.0', false],
    ['::', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
  ])('%s: %s', (address, may) => {
    expect(mayCall(address, production)).toBe(may)
  })
  it('lets a peer run on the same machine outside of production, and nothing run on the hypervisor', () => {
    expect(mayCall('127.0.0.1', { loopback: true })).toBe(true)
    expect(mayCall('169.254.169.254', { loopback: true })).toBe(false)
  })
  it('judges every way to write an address, and a name when it is resolved', async () => {
    for (const url of ['http://2130706433/', 'http://0x7f.1/', 'http://[::ffff:127.0.0.1]/', 'http://127.1:9/'])
      expect(isCallable(new URL(url), production), url).toBe(false)
    expect(isCallable(new URL('https://credit.example.cn/inbox'), production)).toBe(true)
    await expect(mustBeCallable('http://localhost/x', production)).rejects.toThrow('localhost')
    const found = await new Promise<Error | null>((done) =>
      lookupOf(production)('localhost', {}, (error) => done(error)),
    )
    expect(found).toMatchObject({ code: 'EADDRNOTAVAIL' })
  })
})
