/** A walk through pages as one person, in both languages and on both screens. */
import type { Page } from 'playwright-core'
import type { TestBrowser } from './browser.ts'
import type { DemoPlatform } from './demo.ts'
import { look } from './look.ts'
import { signIn } from './people.ts'

export type Stop = {
  name: string
  path: string
  act?: (page: Page) => Promise<void>
  status?: number
  /** The page opens and says that what it asked for was refused. */
  refused?: boolean
  known?: RegExp[]
}
const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 390, height: 844 }

/** Goes through the pages as one person; gives everything that is wrong with them. */
export const tour = async (
  { demo, browser }: { demo: DemoPlatform; browser: TestBrowser },
  login: string | null,
  stops: Stop[],
): Promise<string[]> => {
  const { page, context, problems } = await browser.open('desktop')
  const wrong: string[] = []
  try {
    if (login) await signIn(page, demo, login)
    for (const lang of ['zh', 'en'] as const) {
      await context.addCookies([{ name: 'lang', value: lang, url: demo.url }])
      for (const stop of stops) {
        const name = `${login ?? 'public'}-${stop.name}-${lang}`
        const [first, second] = lang === 'zh' ? [DESKTOP, PHONE] : [PHONE, DESKTOP]
        const options = {
          lang,
          known: [...(stop.known ?? []), ...demo.accounts.map((a) => new RegExp(`^${a.login}$`))],
        }
        await page.setViewportSize(first)
        const from = problems.length
        const reply = await page.goto(`${demo.url}${stop.path}`)
        await stop.act?.(page)
        wrong.push(...(await look(page, `${name}-${first.width}`, options)))
        await page.setViewportSize(second)
        wrong.push(...(await look(page, `${name}-${second.width}`, { ...options, axe: false })))
        const expected = stop.status ?? 200
        if (reply?.status() !== expected) wrong.push(`${name}: answered ${reply?.status()}`)
        const said = stop.refused ? 403 : expected
        const noise = problems.slice(from).filter((p) => said === 200 || !p.includes(`status of ${said}`))
        wrong.push(...noise.map((p) => `${name}: ${p}`))
      }
    }
  } finally {
    await context.close()
  }
  return wrong
}

export const click = (role: 'button' | 'link' | 'tab', name: RegExp | string) => async (page: Page) => {
  await page.getByRole(role, { name }).first().click()
}

/** Of the company that the demonstration gives to its first enterprise account. */
export const companyCode = async (demo: DemoPlatform): Promise<string> => {
  const html = await (await fetch(`${demo.url}/search?q=${encodeURIComponent('虚构云岫餐饮管理')}`)).text()
  const found = /href="\/s\/([0-9A-Z]{18})/.exec(html)?.[1]
  if (!found) throw new Error('the company of the demonstration is not found')
  return found
}
