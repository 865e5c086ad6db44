import { type ReactNode, createContext, useContext, useMemo } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { type SessionView, endpoints } from '../../../src/capabilities/access/contract.ts'
import type { Role } from '../../../src/kernel/roles.ts'
import { call, rememberCsrf, useApi } from './api.ts'
import { Failed, Loading } from '../ui/states.tsx'

type Person = NonNullable<SessionView['person']>
type Session = {
  person: Person | null
  has: (...roles: Role[]) => boolean
  signIn: (login: string, password: string) => Promise<void>
  signOut: () => Promise<void>
}
const SessionContext = createContext<Session | null>(null)

/** Who is signed in. Everything below may ask; nothing is shown before it is known. */
export const SessionProvider = ({ children }: { children: ReactNode }) => {
  const client = useQueryClient()
  const query = useApi(endpoints.session, {})
  const person = query.data?.person ?? null
  rememberCsrf(query.data?.csrf ?? null)
  const value = useMemo<Session>(
    () => ({
      person,
      has: (...roles) => roles.some((r) => person?.roles.includes(r)),
      signIn: async (login, password) => {
        const reply = await call(endpoints.signIn, { login, password })
        rememberCsrf(reply.csrf)
        client.clear()
        await client.invalidateQueries()
      },
      signOut: async () => {
        await call(endpoints.signOut, {})
        rememberCsrf(null)
        client.clear()
        await client.invalidateQueries()
      },
    }),
    [person, client],
  )
  if (query.isPending) return <Loading />
  if (query.isError) return <Failed problem={query.error} retry={() => void query.refetch()} />
  return <SessionContext value={value}>{children}</SessionContext>
}

export const useSession = (): Session => {
  const session = useContext(SessionContext)
  if (!session) throw new Error('SessionProvider is missing')
  return session
}
