/** Letters handed over at the window, and certificates of repair while some holders have not updated. */
import { type LocalDate, addDays } from '../kernel/time.ts'
import { api as certificates } from '../capabilities/certificates/index.ts'
import { api as repair } from '../capabilities/repair/index.ts'
import type { As } from './cases.ts'

const { handlers } = certificates
const HANDED_OVER = 4

export const playCertificates = async (as: As, today: LocalDate): Promise<void> => {
  const clerk = as('window', addDays(today, -1), 16)
  const { rows } = await repair.handlers.listApplications(clerk, { limit: 100, state: 'closed' })
  const items = []
  for (const row of rows) {
    const application = await repair.handlers.getApplication(clerk, { subject: row.subjectId, id: row.id })
    items.push(...application.items.filter((i) => i.state === 'granted'))
  }
  for (const [n, item] of items.entries()) {
    const key = { subject: item.subjectId, item: item.id }
    const letters = await handlers.listLetters(clerk, { ...key, limit: 20 })
    for (const letter of letters.rows.slice(0, HANDED_OVER - n))
      await handlers.receiveLetter(clerk, { subject: key.subject, id: letter.id })
    if ((await handlers.certificateOffer(clerk, key)).refusal) continue
    const made = await handlers.issueCertificate(clerk, { ...key, shows: n === 1 ? ['kind'] : [], thirdParty: '' })
    // One is taken back and given anew for a site outside the exchange.
    if (n !== 0) continue
    await handlers.withdrawCertificate(clerk, { subject: key.subject, id: made.id, seen: made.version })
    await handlers.issueCertificate(clerk, { ...key, shows: [], thirdParty: '某企业信息查询网站（演示）' })
  }
}
