import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { NotFound } from '../pages/not-found.tsx'
import { listSearch } from '../ui/search.ts'
import { Home, Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

/** One page, loaded when it is first opened; `name` is the component that its file exports. */
const at = <const P extends string, M extends object>(path: P, load: () => Promise<M>, name: keyof M & string) =>
  createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: listSearch,
    component: lazyRouteComponent(load as () => Promise<Record<string, unknown>>, name),
  })

const routes = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: Home }),
  at('/submissions', () => import('../pages/collection/submissions.tsx'), 'Submissions'),
  at('/submissions/new', () => import('../pages/collection/hand-in.tsx'), 'HandIn'),
  at('/submissions/$id', () => import('../pages/collection/receipt.tsx'), 'Receipt'),
  at('/catalog', () => import('../pages/collection/catalog.tsx'), 'Catalog'),
  at('/my/records', () => import('../pages/repair/my-records.tsx'), 'MyRecords'),
  at('/applications', () => import('../pages/repair/applications.tsx'), 'Applications'),
  at('/applications/$subject/$id', () => import('../pages/repair/application.tsx'), 'ApplicationPage'),
  at('/window', () => import('../pages/repair/window.tsx'), 'Window'),
  at('/my/looks', () => import('../pages/subjects/looks.tsx'), 'Looks'),
  at('/mandates', () => import('../pages/subjects/mandates.tsx'), 'Mandates'),
  at('/queue', () => import('../pages/repair/queue.tsx'), 'Queue'),
  at('/queue/$subject/$item', () => import('../pages/repair/case.tsx'), 'Case'),
  at('/conflicts', () => import('../pages/subjects/conflicts.tsx'), 'Conflicts'),
  at('/subjects', () => import('../pages/subjects/file.tsx'), 'SubjectFile'),
  at('/peers', () => import('../pages/exchange/peers.tsx'), 'Peers'),
  at('/authorities', () => import('../pages/access/authorities.tsx'), 'Authorities'),
  at('/people', () => import('../pages/access/people.tsx'), 'People'),
  at('/keys', () => import('../pages/access/keys.tsx'), 'Keys'),
  at('/audit', () => import('../pages/access/audit.tsx'), 'Audit'),
  at('/password', () => import('../pages/access/password.tsx'), 'Password'),
])

export const router = createRouter({ routeTree: routes, basepath: '/app', defaultPreload: 'intent' })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
