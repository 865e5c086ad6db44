import { BlockList, isIP } from 'node:net'
import type { Refusal } from '../../kernel/decision.ts'
import type { Runtime } from '../../platform/context.ts'
import { isCallable, outwardOf } from '../../platform/outward.ts'

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6')

const readNetwork = (text: string): { address: string; bits: number } | null => {
  const [address = '', length, ...rest] = text.split('/')
  const version = isIP(address)
  if (!version || rest.length || address.includes('%')) return null
  const most = version === 4 ? 32 : 128
  if (length === undefined) return { address, bits: most }
  return /^(?:0|[1-9]\d{0,2})$/.test(length) && Number(length) <= most ? { address, bits: Number(length) } : null
}

/** An address or a network in CIDR form. */
export const isNetwork = (text: string): boolean => readNetwork(text) !== null

const lists = new Map<string, BlockList>()
const listOf = (networks: readonly string[]): BlockList => {
  const name = networks.join(' ')
  const held = lists.get(name)
  if (held) return held
  const list = new BlockList()
  for (const text of networks) {
    const network = readNetwork(text)
    if (network) list.addSubnet(network.address, network.bits, familyOf(network.address))
  }
  if (lists.size > 1000) lists.clear()
  lists.set(name, list)
  return list
}

/** Whether an address lies in one of the networks; with none listed, every address may come. */
export const isListed = (networks: readonly string[], address: string): boolean => {
  if (!networks.length) return true
  const plain = MAPPED.exec(address)?.[1] ?? address.replace(/%.*$/, '')
  return isIP(plain) !== 0 && listOf(networks).check(plain, familyOf(plain))
}

/** Addresses of a peer at which nobody is called, as far as they say so themselves. */
export const barredFaults = (ctx: Pick<Runtime, 'config'>, settings: Record<string, unknown>): Refusal[] =>
  [settings.url, settings.ackUrl].flatMap((url) =>
    typeof url === 'string' && URL.canParse(url) && !isCallable(new URL(url), outwardOf(ctx))
      ? [{ code: 'RECEIVER_UNFIT', params: { url } }]
      : [],
  )
