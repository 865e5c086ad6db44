import { type ReactNode, createContext, useContext, useMemo, useState } from 'react'
import { type Query, useQueryClient } from '@tanstack/react-query'
import { type SessionView, endpoints } from '../../../src/capabilities/access/contract.ts'
import type { Role } from '../../../src/kernel/roles.ts'
import { call, keyOf, rememberCsrf, useApi } from './api.ts'
import { Failed, Loading } from '../ui/states.tsx'

type Person = NonNullable<SessionView['person']>
type Session = {
  person: Person | null
  /** Signed in until a moment ago: the page stays as it is behind the sign-in form. */
  expired: boolean
  has: (...roles: Role[]) => boolean
  signIn: (login: string, password: string) => Promise<void>
  signOut: () => Promise<void>
  changePassword: (current: string, next: string) => Promise<void>
}
const SessionContext = createContext<Session | null>(null)

/** Who is signed in. Everything below may ask; nothing is shown before it is known. */
export const SessionProvider = ({ children }: { children: ReactNode }) => {
  const client = useQueryClient()
  const query = useApi(endpoints.getSession, {})
  const live = query.data?.person ?? null
  const [last, setLast] = useState<Person | null>(null)
  if (live && live !== last) setLast(live)
  const person = live ?? last
  const expired = !live && last !== null
  rememberCsrf(query.data?.csrf ?? null)
  const value = useMemo<Session>(() => {
    /** Nothing read by one person stays for the next; who comes back finds everything as it was. */
    const begin = (session: SessionView) => {
      rememberCsrf(session.csrf)
      const others = { predicate: (q: Query) => q.queryKey[0] !== endpoints.getSession.path }
      if (session.person && session.person.id === person?.id) void client.invalidateQueries(others)
      else {
        setLast(session.person)
        client.removeQueries(others)
      }
      client.setQueryData(keyOf(endpoints.getSession, {}), session)
    }
    return {
      person,
      expired,
      has: (...roles) => roles.some((r) => person?.roles.includes(r)),
      signIn: async (login, password) => begin(await call(endpoints.signIn, { login, password })),
      signOut: async () => begin(await call(endpoints.signOut, {})),
      changePassword: async (current, next) => begin(await call(endpoints.changePassword, { current, next })),
    }
  }, [person, expired, client])
  if (query.isPending) return <Loading />
  if (query.isError && !query.data) return <Failed problem={query.error} retry={() => void query.refetch()} />
  return <SessionContext value={value}>{children}</SessionContext>
}

export const useSession = (): Session => {
  const session = useContext(SessionContext)
  if (!session) throw new Error('SessionProvider is missing')
  return session
}
