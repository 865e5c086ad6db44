/**
 * Messages 消息: what the platform says to officials, in their inbox, by e-mail and by text message. It promises that one key is
 * said once, that each way out has its state, its attempts and the reason of its last failure, that two processes do not
 * send twice, and that what a receiver may see twice after a crash carries the same id. Addresses are opened at the moment
 * of sending and stand in no log. It decides nothing about whom to tell what: that is for whoever posts.
 */
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { deliveriesAbout, deliveriesOf, deliveriesOn, post, sendAgain } from './service.ts'

export const api = { name: 'messages', endpoints, refusals, handlers, jobs }
