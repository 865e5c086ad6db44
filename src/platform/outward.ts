import { type LookupAddress, lookup } from 'node:dns'
import { BlockList, type LookupFunction, isIP, isIPv6 } from 'node:net'
import { promisify } from 'node:util'

/**
 * Where the platform calls others. Peers lie in the public network or in those of government, which are private ones; no peer
 * lies at an address that only this machine or its hypervisor answers: nobody makes the platform ask there in its own name.
 */

export type Outward = {
  /** Outside of production a peer may run on the same machine. */
  loopback: boolean
}
export const outwardOf = ({ config }: { config: { production: boolean } }): Outward => ({
  loopback: !config.production,
})

const listOf = (networks: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList()
  for (const [address, bits] of networks) list.addSubnet(address, bits, isIPv6(address) ? 'ipv6' : 'ipv4')
  return list
}
/** This network, link-local (where clouds keep their metadata), multicast and broadcast. */
const nowhere = listOf([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
])
const loopback = listOf([
  ['127.0.0.0', 8],
  ['::1', 128],
])
/** ::ffff:169.254.169.254 is 169.254.169.254, however it is written. */
const plainOf = (address: string): string => {
  const tail = /^::ffff:(.+)$/i.exec(address)?.[1]
  if (!tail || isIP(tail) === 4) return tail ?? address
  const [high = 0, low = 0] = tail.split(':').map((part) => Number.parseInt(part, 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
export const mayCall = (given: string, outward: Outward): boolean => {
  const address = plainOf(given)
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  return (
    isIP(address) !== 0 && !nowhere.check(address, family) && (outward.loopback || !loopback.check(address, family))
  )
}

/** What an address says by itself: true for a name, which is judged when it is resolved. */
export const isCallable = (url: URL, outward: Outward): boolean => {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 || mayCall(host, outward)
}

export class NotCallable extends Error {
  readonly code = 'EADDRNOTAVAIL'
}
/** Resolves a name for a connection; one that leads where nobody is called leads nowhere. */
export const lookupOf =
  (outward: Outward): LookupFunction =>
  (host, options, then) => {
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const first = found?.[0]
      if (error || !first) return then(error ?? new NotCallable(host), '')
      if (!found.every((a) => mayCall(a.address, outward))) return then(new NotCallable(host), '')
      return options.all ? then(null, found) : then(null, first.address, first.family)
    })
  }

const resolve = promisify(lookup) as unknown as (host: string, options: { all: true }) => Promise<LookupAddress[]>
/** For those who call by `fetch`: throws where nobody is called. */
export const mustBeCallable = async (text: string, outward: Outward): Promise<void> => {
  const url = new URL(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host) ? [{ address: host }] : await resolve(host, { all: true })
  if (!found.every((a) => mayCall(a.address, outward))) throw new NotCallable(host)
}
