import type { Logger } from 'pino'
import type { Policy } from '../kernel/policy.ts'
import type { Role, Scope } from '../kernel/roles.ts'
import { type Clock, type LocalDate, dayOf } from '../kernel/time.ts'
import type { Lang } from '../kernel/words.ts'
import type { Config } from './config.ts'
import type { Secrets } from './crypto.ts'
import type { Database, Tx } from './db/index.ts'
import type { FileStore } from './files.ts'
import type { HttpRequest } from './signatures.ts'

/** Who acts. Row scope is a predicate that stores add from this, never from what a caller sends. */
export type Actor =
  | { kind: 'anonymous' }
  | {
      kind: 'person'
      personId: string
      sessionHash: string
      name: string
      roles: readonly Role[]
      /** The authority this person works in; null for enterprise users. */
      authorityId: string | null
      /** The territory of an administrator or the credit office, else the authority's. */
      division: string | null
      /** Subjects this person holds a mandate for today. */
      subjectIds: readonly string[]
    }
  | {
      kind: 'key'
      keyId: string
      name: string
      authorityId: string | null
      peerId: string | null
      scopes: readonly Scope[]
    }
  | { kind: 'system'; name: string }

/** What lives as long as the process. */
export type Runtime = {
  db: Database
  config: Config
  clock: Clock
  policy: Policy
  secrets: Secrets
  files: FileStore
  log: Logger
}

/** What lives as long as one request, job or command. */
export type Ctx = Runtime & {
  actor: Actor
  lang: Lang
  requestId: string
  /** The peer whose message is being carried out: what follows from it is not sent back there. */
  origin?: string
  /** The platforms through which that message has come, the first one first: what follows from it says so, and none takes back its own word. */
  via?: readonly string[]
  /** What the HTTP edge knows of a request and a use case may need; absent in jobs and commands. */
  edge?: Edge
  /** Runs last inside each transaction: the mark of an idempotent request. */
  beforeCommit?: (tx: Tx) => Promise<void>
}

export type Edge = {
  /** The caller's address, for throttling. */
  readonly address: string
  readonly https: boolean
  /** Give it to inline styles; reading it adds it to the page's Content-Security-Policy. */
  readonly nonce: string
  /** For the hidden field `csrf` of plain forms and the X-CSRF-Token header; null without a session. */
  readonly csrf: string | null
  cookie: (name: string) => string | undefined
  /** The request as it came, for those who check its signature; the body byte for byte where it is JSON. */
  readonly message: HttpRequest
  /** Starts or ends (null) the caller's session cookie. Answers the session's CSRF token. */
  setSession: (token: string | null) => string | null
}

export const today = (ctx: Pick<Ctx, 'clock'>): LocalDate => dayOf(ctx.clock.now())

/** Stable text for audit rows: never a name. */
export const actorRef = (actor: Actor): string => {
  if (actor.kind === 'person') return actor.personId
  if (actor.kind === 'key') return actor.keyId
  return actor.kind === 'system' ? actor.name : 'anonymous'
}
/** As others may read it: who a person or a key is. What the platform does by itself has no name. */
export const actorName = (actor: Actor): string => (actor.kind === 'person' || actor.kind === 'key' ? actor.name : '')
export const authorityOf = (actor: Actor): string | null =>
  actor.kind === 'person' || actor.kind === 'key' ? actor.authorityId : null
export const rolesOf = (actor: Actor): readonly Role[] => (actor.kind === 'person' ? actor.roles : [])
export const hasRole = (actor: Actor, ...roles: Role[]): boolean => rolesOf(actor).some((r) => roles.includes(r))
/** The same world, another actor: for jobs and the demonstration. */
export const systemCtx = (runtime: Runtime, name: string): Ctx => ({
  ...runtime,
  actor: { kind: 'system', name },
  lang: 'zh',
  requestId: `job-${name}`,
})
