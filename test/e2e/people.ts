/** What people do on every page: sign in, choose, press. */
import type { BrowserContext, Page } from 'playwright-core'
import type { Surface, TestBrowser } from './browser.ts'
import type { DemoPlatform } from './demo.ts'
import { type LookOptions, look } from './look.ts'

/** One embedded database serves the page, the jobs and the neighbours of a test run: patience is not what these tests are about. */
const WAIT = 60_000

export const fillSignIn = async (page: Page, demo: DemoPlatform, login: string): Promise<void> => {
  await page.getByRole('textbox', { name: /^(登录名|Login)$/ }).fill(login)
  await page.getByLabel(/^(密码|Password)$/).fill(demo.password)
  await page.getByRole('button', { name: /^(登录|Sign in)$/ }).click()
}

export const signIn = async (page: Page, demo: DemoPlatform, login: string, to = '/app/'): Promise<void> => {
  await page.goto(`${demo.url}${to}`)
  await fillSignIn(page, demo, login)
  await page.getByRole('button', { name: /^(退出|Sign out)$/ }).waitFor()
}

/** Somebody before a screen. What is wrong with what they see gathers in `wrong`. */
export type Person = {
  page: Page
  context: BrowserContext
  wrong: string[]
  problems: string[]
  /** Looks at the page as it stands; the picture carries the name. */
  sees: (name: string, options?: LookOptions) => Promise<void>
  press: (name: string | RegExp) => Promise<void>
  go: (path: string) => Promise<void>
  leave: () => Promise<void>
}

export const sitDown = async (
  demo: DemoPlatform,
  browser: TestBrowser,
  at: { login?: string; surface?: Surface; lang?: 'zh' | 'en'; path?: string; javaScript?: boolean },
): Promise<Person> => {
  const { surface = 'desktop', lang = 'zh' } = at
  const { page, context, problems } = await browser.open(surface, { lang, javaScript: at.javaScript ?? true })
  await context.addCookies([{ name: 'lang', value: lang, url: demo.url }])
  if (at.login) await signIn(page, demo, at.login, at.path)
  const wrong: string[] = []
  // Whoever does not get further shows where they stand.
  page.setDefaultTimeout(WAIT)
  return {
    page,
    context,
    wrong,
    problems,
    sees: async (name, options = {}) => {
      wrong.push(...(await look(page, `journey-${name}-${lang}-${surface}`, { lang, ...options })))
    },
    press: (name) => page.getByRole('button', { name, exact: typeof name === 'string' }).click(),
    go: async (path) => {
      await page.goto(`${demo.url}${path}`)
    },
    leave: () => context.close(),
  }
}
