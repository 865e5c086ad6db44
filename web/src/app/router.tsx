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
  at('/submissions/form', () => import('../pages/collection/form.tsx'), 'OnlineForm'),
  at('/submissions/records', () => import('../pages/records/own-records.tsx'), 'OwnRecords'),
  at('/submissions/$id', () => import('../pages/collection/receipt.tsx'), 'Receipt'),
  at('/gateways', () => import('../pages/gateways/gateways.tsx'), 'Gateways'),
  at('/gateways/$id', () => import('../pages/gateways/gateway.tsx'), 'Gateway'),
  at('/catalog', () => import('../pages/catalog/items.tsx'), 'Catalog'),
  at('/catalog/versions', () => import('../pages/catalog/versions.tsx'), 'CatalogVersions'),
  at('/catalog/versions/$id', () => import('../pages/catalog/version.tsx'), 'CatalogVersion'),
  at('/catalog/$code', () => import('../pages/catalog/item.tsx'), 'CatalogItemPage'),
  at('/policies', () => import('../pages/policies/rules.tsx'), 'Policies'),
  at('/policies/changes', () => import('../pages/policies/changes.tsx'), 'RuleChanges'),
  at('/policies/changes/$id', () => import('../pages/policies/change.tsx'), 'RuleChangePage'),
  at('/my/records', () => import('../pages/repair/my-records.tsx'), 'MyRecords'),
  at('/my/calendar', () => import('../pages/repair/calendar.tsx'), 'RepairCalendar'),
  at('/facts', () => import('../pages/repair/facts.tsx'), 'Facts'),
  at('/hand', () => import('../pages/repair/phone.tsx'), 'Phone'),
  at('/applications/$subject/$id/receipt', () => import('../pages/repair/receipt.tsx'), 'ApplicationReceipt'),
  at('/applications', () => import('../pages/repair/applications.tsx'), 'Applications'),
  at('/applications/$subject/$id', () => import('../pages/repair/application.tsx'), 'ApplicationPage'),
  at('/certificates', () => import('../pages/certificates/certificates.tsx'), 'CertificateList'),
  at('/window', () => import('../pages/repair/window.tsx'), 'Window'),
  at('/my/looks', () => import('../pages/subjects/looks.tsx'), 'Looks'),
  at('/mandates', () => import('../pages/subjects/mandates.tsx'), 'Mandates'),
  at('/queue', () => import('../pages/repair/queue.tsx'), 'Queue'),
  at('/queue/duties', () => import('../pages/repair/duties.tsx'), 'Duties'),
  at('/queue/$subject/$item', () => import('../pages/repair/case.tsx'), 'Case'),
  at('/timeliness', () => import('../pages/timeliness/timeliness.tsx'), 'Timeliness'),
  at('/timeliness/samples/$id', () => import('../pages/timeliness/sample.tsx'), 'Sample'),
  at('/conflicts', () => import('../pages/subjects/conflicts.tsx'), 'Conflicts'),
  at('/codes', () => import('../pages/corrections/codes.tsx'), 'Codes'),
  at('/codes/tasks', () => import('../pages/corrections/tasks.tsx'), 'Tasks'),
  at('/codes/tasks/$id', () => import('../pages/corrections/task.tsx'), 'TaskPage'),
  at('/codes/files', () => import('../pages/corrections/files.tsx'), 'FileCases'),
  at('/codes/files/new', () => import('../pages/corrections/file-new.tsx'), 'FileNew'),
  at('/codes/files/$id', () => import('../pages/corrections/file-case.tsx'), 'FileCasePage'),
  at('/declarations', () => import('../pages/declarations/declarations.tsx'), 'Declarations'),
  at('/declarations/$subject/$id', () => import('../pages/declarations/declaration.tsx'), 'DeclarationPage'),
  at('/objections', () => import('../pages/objections/objections.tsx'), 'Objections'),
  at('/objections/new', () => import('../pages/objections/new.tsx'), 'ObjectionNew'),
  at('/objections/reports', () => import('../pages/objections/reports.tsx'), 'Reports'),
  at('/objections/reports/$id', () => import('../pages/objections/report.tsx'), 'ReportPage'),
  at('/objections/findings', () => import('../pages/objections/findings.tsx'), 'Findings'),
  at('/objections/tombstones', () => import('../pages/objections/tombstones.tsx'), 'Tombstones'),
  at('/objections/reviews', () => import('../pages/objections/reviews.tsx'), 'Reviews'),
  at('/objections/measures', () => import('../pages/objections/measures.tsx'), 'ObjectionMeasures'),
  at('/objections/cases/$subject/$id', () => import('../pages/objections/case.tsx'), 'ObjectionCase'),
  at('/objections/$subject/$id', () => import('../pages/objections/objection.tsx'), 'ObjectionPage'),
  at('/subjects', () => import('../pages/subjects/file.tsx'), 'SubjectFile'),
  at('/territory', () => import('../pages/territory/territory.tsx'), 'Territory'),
  at('/quality', () => import('../pages/quality/quality.tsx'), 'Quality'),
  at('/quality/$id', () => import('../pages/quality/authority.tsx'), 'AuthorityQuality'),
  at('/oversight', () => import('../pages/oversight/oversight.tsx'), 'Oversight'),
  at('/my/ratings', () => import('../pages/oversight/my-ratings.tsx'), 'MyRatings'),
  at('/exchange/transfers', () => import('../pages/exchange/transfers.tsx'), 'Transfers'),
  at('/exchange/receipts', () => import('../pages/certificates/receipts.tsx'), 'Receipts'),
  at('/exchange', () => import('../pages/exchange/flows.tsx'), 'Flows'),
  at('/exchange/dead', () => import('../pages/exchange/dead-letters.tsx'), 'DeadLetters'),
  at('/exchange/dead/$peer/$subject/$event', () => import('../pages/exchange/dead-letter.tsx'), 'DeadLetterPage'),
  at('/peers', () => import('../pages/exchange/peers.tsx'), 'Peers'),
  at('/peers/$id', () => import('../pages/exchange/peer.tsx'), 'PeerPage'),
  at('/exchange/own-keys', () => import('../pages/exchange/own-keys.tsx'), 'OwnKeys'),
  at('/exchange/received', () => import('../pages/exchange/received.tsx'), 'Received'),
  at('/exchange/received/$id', () => import('../pages/exchange/received-message.tsx'), 'ReceivedMessagePage'),
  at('/exchange/reconciliation', () => import('../pages/exchange/reconciliation.tsx'), 'Reconciliation'),
  at('/exchange/reconciliation/$id', () => import('../pages/exchange/reconciliation-difference.tsx'), 'DifferencePage'),
  at('/exchange/results', () => import('../pages/exchange/results.tsx'), 'Results'),
  at('/exchange/third-parties', () => import('../pages/exchange/third-parties.tsx'), 'ThirdParties'),
  at('/authorities', () => import('../pages/access/authorities.tsx'), 'Authorities'),
  at('/people', () => import('../pages/access/people.tsx'), 'People'),
  at('/keys', () => import('../pages/access/keys.tsx'), 'Keys'),
  at('/audit', () => import('../pages/access/audit.tsx'), 'Audit'),
  at('/messages', () => import('../pages/messages/messages.tsx'), 'Messages'),
  at('/balance', () => import('../pages/balance/balance.tsx'), 'Balance'),
  at('/password', () => import('../pages/access/password.tsx'), 'Password'),
])

export const router = createRouter({ routeTree: routes, basepath: '/app', defaultPreload: 'intent' })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
