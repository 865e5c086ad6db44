/** What people do on every page: sign in, hand over a file, press a button. */
import type { Page } from 'playwright-core'
import type { DemoPlatform } from './demo.ts'

export const signIn = async (page: Page, demo: DemoPlatform, login: string, to = '/app/'): Promise<void> => {
  await page.goto(`${demo.url}${to}`)
  await fillSignIn(page, demo, login)
  await page.getByRole('button', { name: /^(退出|Sign out)$/ }).waitFor()
}

export const fillSignIn = async (page: Page, demo: DemoPlatform, login: string): Promise<void> => {
  await page.getByRole('textbox', { name: /登录名|Login/ }).fill(login)
  await page.getByLabel(/^(密码|Password)$/).fill(demo.password)
  await page.getByRole('button', { name: /^(登录|Sign in)$/ }).click()
}
