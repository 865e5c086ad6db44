/**
 * Agreements 第三方机构协议: under which obligation third-party credit services take data, how late each is in taking down what
 * was withdrawn, and the measures that follow (Order 36 art. 24). It promises that nothing new is handed over beyond an
 * agreement, that a measure takes two people and rests on figures that are kept with it, and that whoever is suspended or cut
 * off is still told what to take down. It hands nothing over itself: that is for the exchange, which goes by what is set here.
 */
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export const api = { name: 'agreements', endpoints, refusals, handlers, jobs }
