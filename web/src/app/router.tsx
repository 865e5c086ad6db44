import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { NotFound } from '../pages/not-found.tsx'
import { Home, Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

/** The URL is the state of a list: where the page begins and what it is filtered by. */
type ListSearch = { after?: string; state?: string; item?: string; view?: string; verdict?: string; subject?: string; act?: string }
const NAMES = ['after', 'state', 'item', 'view', 'verdict', 'subject', 'act'] as const
const listSearch = (search: Record<string, unknown>): ListSearch =>
  Object.fromEntries(NAMES.flatMap((n) => (typeof search[n] === 'string' && search[n] ? [[n, search[n]]] : [])))

const at = (path: string, load: () => Promise<Record<string, React.ComponentType>>, name: string) =>
  createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: listSearch,
    component: lazyRouteComponent(load as () => Promise<Record<string, unknown>>, name),
  })

const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: Home }),
  at('/submissions', () => import('../pages/collection/submissions.tsx'), 'Submissions'),
  at('/submissions/new', () => import('../pages/collection/hand-in.tsx'), 'HandIn'),
  at('/submissions/$id', () => import('../pages/collection/receipt.tsx'), 'Receipt'),
  at('/catalog', () => import('../pages/collection/catalog.tsx'), 'Catalog'),
  at('/my/records', () => import('../pages/repair/my-records.tsx'), 'MyRecords'),
  at('/applications', () => import('../pages/repair/applications.tsx'), 'Applications'),
  at('/applications/$subject/$id', () => import('../pages/repair/application.tsx'), 'ApplicationPage'),
  at('/window', () => import('../pages/repair/window.tsx'), 'Window'),
  at('/queue', () => import('../pages/repair/queue.tsx'), 'Queue'),
  at('/queue/$subject/$item', () => import('../pages/repair/case.tsx'), 'Case'),
  at('/conflicts', () => import('../pages/subjects/conflicts.tsx'), 'Conflicts'),
  at('/peers', () => import('../pages/exchange/peers.tsx'), 'Peers'),
  at('/authorities', () => import('../pages/access/authorities.tsx'), 'Authorities'),
  at('/people', () => import('../pages/access/people.tsx'), 'People'),
  at('/keys', () => import('../pages/access/keys.tsx'), 'Keys'),
  at('/audit', () => import('../pages/access/audit.tsx'), 'Audit'),
]

export const router = createRouter({ routeTree: root.addChildren(routes), basepath: '/app', defaultPreload: 'intent' })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
